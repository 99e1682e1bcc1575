import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import type { BillingFacts } from "../../../src/billing/facts.ts";
import type { Host, MemberPlan } from "../../../src/plan/types.ts";

/** Two hosts as a stack's configuration would give them. */
export const hosts: Host[] = ["web1", "web2"].map((host, index) => ({
  host,
  address: `192.0.2.${11 + index}`,
  port: 22,
  user: "root",
  hostKey: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIK0wmN${index}`,
  ipv4: `192.0.2.${11 + index}`,
  ipv6: `2001:db8::${11 + index}`,
  name: `${host}.example.org`,
  roles: ["web", "database"],
}));

function facts(member: string, number: number): BillingFacts {
  return {
    schema: 1,
    member,
    number,
    kind: "association",
    membership: { since: "2024-01-01" },
    packs: [{ pack: "autonomous", from: "2024-01-01" }],
    options: [],
    blocks: [],
    recover: [],
    domains: [],
    services: [],
    costs: [],
    overage: "alert",
  };
}

/** The plan of a member with one site, one database and one domain on one host. */
export function samplePlan(member: string, number: number, host = "web1"): MemberPlan {
  const domain = `${member}.example.be`;
  const common = { ttl: 300, proxied: false, comment: `cassiopea ${member}` };
  return {
    member,
    documents: [
      {
        schema: 1,
        kind: "member",
        host,
        member,
        uid: 20000 + number,
        sites: [{ name: domain }],
        databases: [`${member}_site`],
      },
    ],
    databases: [{ host, name: `${member}_site` }],
    domains: [
      {
        domain,
        records: [
          { name: domain, type: "A", key: host, content: "192.0.2.11", ...common },
          { name: `www.${domain}`, type: "CNAME", key: "site", content: domain, ...common },
        ],
      },
    ],
    facts: facts(member, number),
  };
}

/** A certificate authority as the association has one. */
export function makeAuthority(): { certificate: string; key: string } {
  const made = execFileSync(
    "openssl",
    ["req", "-x509", "-newkey", "rsa:2048", "-noenc", "-keyout", "-", "-days", "7300", "-subj", "/CN=Test CA"],
    { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  );
  const start = made.indexOf("-----BEGIN CERTIFICATE-----");
  return { certificate: made.slice(start), key: made.slice(0, start) };
}

/** PEM of the public half of a key as a host makes it. */
export function hostPublicKey(): string {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  return publicKey.export({ type: "spki", format: "pem" }).toString();
}
