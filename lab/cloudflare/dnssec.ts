import { createHash, generateKeyPairSync } from "node:crypto";
import type Cloudflare from "cloudflare";
import { type Answer, type Answered, refuse } from "./answers.ts";
import type { Maker } from "./records.ts";
import type { Dnssec, Zone } from "./store.ts";

/** Flags of a key-signing key, protocol, algorithm 13 (ECDSAP256SHA256): RFC 4034, RFC 6605. */
const keyHead = [257 >> 8, 257 & 255, 3, 13];

function wireName(name: string): Buffer {
  const labels = name.split(".").map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}

/** Key tag of a DNSKEY's data (RFC 4034, appendix B). */
function keyTag(data: Buffer): number {
  let sum = 0;
  for (const [index, byte] of data.entries()) sum += index % 2 === 0 ? byte << 8 : byte;
  return (sum + (sum >>> 16)) & 0xffff;
}

function makeKey(zone: string): NonNullable<Dnssec["key"]> {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = pair.publicKey.export({ format: "jwk" });
  const publicKey = Buffer.concat([Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
  const data = Buffer.concat([Buffer.from(keyHead), publicKey]);
  return {
    publicKey: publicKey.toString("base64"),
    privatePem: pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    keyTag: keyTag(data),
    digest: createHash("sha256").update(wireName(zone)).update(data).digest("hex").toUpperCase(),
  };
}

/** DNSSEC of a zone as the API answers it; without a key all of its fields are null. */
export function shownDnssec(zone: Zone): Answered<Cloudflare.DNS.DNSSEC> {
  const { status, key, modified_on, ...booleans } = zone.dnssec;
  const known = status === "disabled" ? undefined : key;
  return {
    status,
    flags: known === undefined ? null : 257,
    algorithm: known === undefined ? null : "13",
    key_type: known === undefined ? null : "ECDSAP256SHA256",
    digest_type: known === undefined ? null : "2",
    digest_algorithm: known === undefined ? null : "SHA256",
    digest: known?.digest ?? null,
    ds: known === undefined ? null : `${zone.name}. 3600 IN DS ${known.keyTag} 13 2 ${known.digest}`,
    key_tag: known?.keyTag ?? null,
    public_key: known?.publicKey ?? null,
    ...booleans,
    modified_on,
  };
}

/** Private key by which a zone is signed, PKCS#8 in PEM; undefined while it is not signed. */
export function signingKey({ dnssec }: Zone): string | undefined {
  return dnssec.status === "disabled" ? undefined : dnssec.key?.privatePem;
}

/** Switches DNSSEC on or off; a status of null changes nothing. */
export function changeDnssec(zone: Zone, body: Record<string, unknown>, maker: Maker): Answer {
  const { status } = body;
  const { dnssec } = zone;
  if (status === "active") {
    dnssec.key ??= makeKey(zone.name);
    if (dnssec.status !== "active") dnssec.status = maker.behaviour.dnssecActive ? "active" : "pending";
  } else if (status === "disabled") {
    if (dnssec.status !== "disabled") dnssec.status = "pending-disabled";
  } else if (status !== null && status !== undefined) {
    throw refuse(400, 1004, "DNSSEC status must be active or disabled.");
  }
  for (const field of ["dnssec_multi_signer", "dnssec_presigned", "dnssec_use_nsec3"] as const) {
    if (typeof body[field] === "boolean") dnssec[field] = body[field];
  }
  dnssec.modified_on = maker.now();
  return { result: shownDnssec(zone) };
}

/** Forgets DNSSEC and the key; the answer's result is an empty text, as the service's. */
export function deleteDnssec(zone: Zone): Answer {
  zone.dnssec = { ...noDnssec };
  return { result: "" };
}

export const noDnssec: Dnssec = {
  status: "disabled",
  dnssec_multi_signer: false,
  dnssec_presigned: false,
  dnssec_use_nsec3: false,
  modified_on: null,
};
