import { createHash } from "node:crypto";
import { TTL } from "../plan/records.ts";
import type { DnsRecord } from "../plan/types.ts";
import type { Answer } from "./value.ts";
import { recordValue } from "./value.ts";

/**
 * The TXT record by which a member proves that a domain is theirs. Its value is bound to both, so that it proves nothing
 * for another member; it is no secret: only whoever runs the domain's DNS can publish it.
 */
export function controlRecord(member: string, domain: string): DnsRecord {
  const token = createHash("sha256").update(`${member} ${domain}`).digest("hex").slice(0, 32);
  const content = `"cassiopea-control=${token}"`;
  return { name: `_cassiopea.${domain}`, type: "TXT", key: "control", content, ttl: TTL, proxied: false, comment: "" };
}

/** Whether the answer for the control record's name proves control. */
export function provesControl(record: DnsRecord, answer: Answer | undefined): boolean {
  return answer !== undefined && "values" in answer && answer.values.includes(recordValue(record));
}
