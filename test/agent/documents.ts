import { HostDocument, MemberDocument, SCHEMA } from "../../src/document.ts";

/** A valid host document, with the given parts in place of the usual ones. */
export function hostDocument(parts: Partial<HostDocument> = {}): HostDocument {
  return HostDocument.parse({
    schema: SCHEMA,
    kind: "host",
    host: "web1",
    name: "web1.example.org",
    agent: "0123456789abcdef",
    roles: ["web", "database"],
    addresses: ["192.0.2.10"],
    deployers: ["192.0.2.1"],
    certificate: "-----BEGIN CERTIFICATE-----\n",
    acme: { directory: "https://acme.example.org/directory", email: "hostmaster@example.org" },
    sqlVerifier: "*0123456789ABCDEF0123456789ABCDEF01234567",
    ...parts,
  });
}

/** A valid member document, with the given parts in place of the usual ones. */
export function memberDocument(parts: Partial<MemberDocument> = {}): MemberDocument {
  return MemberDocument.parse({
    schema: SCHEMA,
    kind: "member",
    host: "web1",
    member: "asso42",
    uid: 20042,
    sites: [{ name: "asso42.test", aliases: ["www.asso42.test"] }],
    databases: ["asso42_site"],
    ...parts,
  });
}
