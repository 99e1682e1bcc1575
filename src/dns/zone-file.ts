import { recordRule } from "../plan/record-rules.ts";
import { protocol } from "../plan/records.ts";
import type { DnsRecord } from "../plan/types.ts";
import { type Group, groups, type Texts } from "./texts.ts";
import { nameValue, recordValue } from "./value.ts";

/** What a record is for, as people think of a domain. */
export function groupOf({ key, type }: Pick<DnsRecord, "key" | "type">): Group {
  if (key === "own" || key.startsWith("own-")) return "own";
  if (key === "control") return "control";
  if (type === "CAA") return "certificates";
  if (type === "SRV" || key === "autoconfig" || key === "autodiscover") return "programs";
  if (key === "mail" || key === "no-mail") return "mail";
  return key === "web" || key === "lists" ? "site" : "protection";
}

/** A record as a line of a zone file (RFC 1035, 5.1), names fully qualified, so that no `$ORIGIN` matters. */
export function zoneLine(record: DnsRecord): string {
  return [`${record.name}.`, record.ttl, "IN", record.type, zoneValue(record)].join("\t");
}

function zoneValue(record: DnsRecord): string {
  const { type, content = "", priority = 0, data = {} } = record;
  const absolute = (name: string) => (nameValue(name) === "." ? "." : `${nameValue(name)}.`);
  switch (type) {
    case "CNAME":
      return absolute(content);
    case "MX":
      return `${priority} ${absolute(content)}`;
    case "SRV":
      return `${data["priority"]} ${data["weight"]} ${data["port"]} ${absolute(String(data["target"]))}`;
    case "TXT":
      return printable(content);
    case "CAA":
      return `${data["flags"]} ${data["tag"]} "${printable(String(data["value"]).replaceAll(/["\\]/g, "\\$&"))}"`;
    case "A":
    case "AAAA":
      return recordValue(record);
    default:
      return type satisfies never;
  }
}

/** Bytes that are no printable ASCII by their numbers. */
function printable(text: string): string {
  return text.replaceAll(/[^ -~]/g, (sign) => `\\${String(sign.charCodeAt(0)).padStart(3, "0")}`);
}

/**
 * What must not stand beside these records under their names: another address, alias or server, another authority, and
 * of the texts a second SPF or DMARC. Nothing else: mail that is elsewhere stays there.
 */
export function excludedBy(records: readonly DnsRecord[]): string[] {
  const types = new Set(records.map(({ type }) => type));
  const protocols = new Set(records.filter(({ type }) => type === "TXT").map(protocol));
  return [
    ...(types.has("A") || types.has("AAAA") ? ["A", "AAAA"] : []),
    ...(types.has("A") || types.has("AAAA") || types.has("CNAME") ? ["CNAME"] : []),
    ...(types.has("MX") ? ["MX"] : []),
    ...(types.has("CAA") ? ["CAA"] : []),
    ...(protocols.has("spf1") ? ["SPF (v=spf1)"] : []),
    ...(protocols.has("dmarc1") ? ["DMARC (v=DMARC1)"] : []),
  ];
}

/**
 * Records as a zone file that whoever runs a DNS elsewhere can paste, explained: groups in the order of `groups`, each
 * rule once before its records.
 * @param head lines of comment at the top
 */
export function zoneFile(head: readonly string[], records: readonly DnsRecord[], { lang, titles }: Texts): string {
  const parts = groups.flatMap((group) => {
    const own = records.filter((record) => groupOf(record) === group);
    if (own.length === 0) return [];
    const byRule = Map.groupBy(own, (record) => recordRule(record)?.[lang]);
    const lines = [...byRule].flatMap(([rule, some]) => [
      ...(rule === undefined ? [] : [`; ${rule}`]),
      ...some.map(zoneLine),
    ]);
    return [[`; == ${titles[group]} ==`, ...lines].join("\n")];
  });
  return [head.map((line) => `; ${line}`).join("\n"), ...parts].join("\n\n");
}
