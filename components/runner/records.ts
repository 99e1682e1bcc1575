import type { DnsRecord } from "../../src/plan/types.ts";

/** Whether two records say the same to those who ask: name, type and content, where that isn't a host's to make. */
export function sameContent(record: DnsRecord, other: Partial<Record<string, unknown>>): boolean {
  if (record.name !== other["name"] || record.type !== other["type"]) return false;
  if (record.data === undefined && record.content === undefined) return true;
  if (record.data === undefined) {
    return record.content === other["content"] && (record.priority ?? null) === (other["priority"] ?? null);
  }
  const data = (other["data"] ?? {}) as Record<string, unknown>;
  return Object.entries(record.data).every(([key, value]) => String(data[key]) === String(value));
}

/** Whether a record is exactly what is wanted. */
export function sameRecord(record: DnsRecord, other: Partial<Record<string, unknown>>): boolean {
  return (
    sameContent(record, other) &&
    record.ttl === other["ttl"] &&
    record.proxied === (other["proxied"] ?? false) &&
    record.comment === other["comment"]
  );
}
