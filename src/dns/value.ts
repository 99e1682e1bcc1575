import type { DnsRecord } from "../plan/types.ts";

/** Types of records that are asked for: those of a domain's set, and what leads to its zone. */
export type AskedType = DnsRecord["type"] | "NS" | "DS";

/** A record set of the DNS. */
export interface Question {
  /** Lower case, A-labels, no final dot. */
  name: string;
  type: AskedType;
}

/** Why nobody could say what a record set is. */
export type Unanswered = "timeout" | "refused" | "failed";

/** Values of a record set as `recordValue` writes them, none when there is no such set; or why nobody could say. */
export type Answer = { values: string[] } | { failed: Unanswered };

/** Asks the DNS: the answers in the order of the questions. `resolver`: `address[:port]`; left out: the system's. */
export type AskDns = (questions: readonly Question[], resolver: string | undefined) => Promise<Answer[]>;

/** A record's value as one text by which it is compared and shown: no final dots, a TXT whole within quotes. */
export function recordValue({ type, content = "", priority = 0, data = {} }: DnsRecord): string {
  const { target = "", weight = 0, port = 0, flags = 0, tag = "", value = "" } = data;
  switch (type) {
    case "A":
      return content;
    case "AAAA":
      return ipv6Value(content);
    case "CNAME":
      return nameValue(content);
    case "MX":
      return `${priority} ${nameValue(content)}`;
    case "TXT":
      return textValue(quotedPieces(content));
    case "SRV":
      return `${data["priority"] ?? priority} ${weight} ${port} ${nameValue(String(target))}`;
    case "CAA":
      return `${flags} ${tag} "${value}"`;
    default:
      return type satisfies never;
  }
}

/** A name that a record leads to; `.` for none, as in a null MX. */
export function nameValue(name: string): string {
  return name.toLowerCase().replace(/\.$/, "") || ".";
}

/** An IPv6 address in its canonical text (RFC 5952). */
export function ipv6Value(address: string): string {
  return URL.parse(`http://[${address}]`)?.hostname.slice(1, -1) ?? address;
}

/** The text of a TXT record from its pieces, each a character a byte; shown as UTF-8. */
export function textValue(pieces: readonly string[]): string {
  return `"${Buffer.from(pieces.join(""), "latin1").toString("utf8")}"`;
}

/** The pieces of a TXT record's content as the DNS API has it: quoted, a backslash before a quote or a backslash. */
export function quotedPieces(content: string): string[] {
  return [...content.matchAll(/"((?:[^"\\]|\\[^])*)"/g)].map(([, piece = ""]) => piece.replaceAll(/\\([^])/g, "$1"));
}
