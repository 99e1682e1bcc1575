import type { Member } from "../load.ts";
import { inService } from "../member/service.ts";
import type { Declaration } from "../schema.ts";
import { siteNames } from "./sites.ts";
import type { DnsRecord, DomainPlan, Host } from "./types.ts";
import { isWithin } from "./zone.ts";

type DeclaredDomain = NonNullable<Declaration["domains"]>[number];
type DeclaredRecord = NonNullable<DeclaredDomain["records"]>[number];

/** Seconds that resolvers may keep a record whose time to live is not declared. */
export const TTL = 300;

/**
 * The zone of one of a member's domains with the records that follow on a day. A domain out of service, or of a member
 * who has left, keeps its zone without records: a zone is never dropped by a declaration.
 */
export function domainPlan(member: Member, name: string, web: Host | undefined, today: string | undefined): DomainPlan {
  const { declaration, id } = member;
  const current = (declaration.domains ?? []).find((domain) => domain.name === name && inService(domain, today));
  if (current === undefined || declaration.status?.state === "left") return { domain: name, records: [] };
  const common = { ttl: TTL, proxied: false, comment: `cassiopea ${id}` };
  const own = ownRecords(current, common);
  const declared = new Set(own.map(slot));
  const following = web === undefined ? [] : siteRecords(declaration, name, web, today, common);
  // A record of the member's own takes the place of the one that would follow.
  const records = [...own, ...following.filter((record) => !declared.has(slot(record)))];
  return { domain: name, records: records.sort((a, b) => (identity(a) < identity(b) ? -1 : 1)) };
}

/** Name, type and key of a record, as its resource is named. */
export function identity(record: DnsRecord): string {
  return `${record.name}/${record.type}/${record.key}`;
}

function slot(record: DnsRecord): string {
  return `${record.name}/${record.type}`;
}

type Common = Pick<DnsRecord, "ttl" | "proxied" | "comment">;

function siteRecords(
  said: Declaration,
  domain: string,
  web: Host,
  today: string | undefined,
  common: Common,
): DnsRecord[] {
  return siteNames(said, today).flatMap((name) =>
    isWithin(name, domain)
      ? [
          { name, type: "A" as const, key: "web", content: web.ipv4, ...common },
          ...(web.ipv6 === undefined
            ? []
            : [{ name, type: "AAAA" as const, key: "web", content: web.ipv6, ...common }]),
        ]
      : [],
  );
}

function ownRecords(domain: DeclaredDomain, common: Common): DnsRecord[] {
  return (domain.records ?? []).map((record) => ({
    ...common,
    name: record.name === "@" ? domain.name : `${record.name}.${domain.name}`,
    type: record.type,
    key: record.label ?? "own",
    ...content(record),
    ...(record.ttl === undefined ? {} : { ttl: record.ttl }),
  }));
}

/** The value of a record in the API's own normal form. */
function content({ type, value, priority }: DeclaredRecord): Pick<DnsRecord, "content" | "priority" | "data"> {
  const target = (text: string) => text.toLowerCase().replace(/\.$/, "");
  switch (type) {
    case "MX":
      return { content: target(value), priority: priority ?? 10 };
    case "CNAME":
      return { content: target(value) };
    case "TXT":
      return { content: quotedText(value) };
    case "SRV": {
      const [order = "0", weight = "0", port = "0", host = "."] = value.split(/\s+/);
      const data = { priority: Number(order), weight: Number(weight), port: Number(port), target: target(host) || "." };
      return { data, priority: Number(order) };
    }
    case "CAA": {
      const [, flags = "0", tag = "issue", text = ""] = /^(\d+) (\S+) "?([^"]*)"?$/.exec(value) ?? [];
      return { data: { flags: Number(flags), tag, value: text } };
    }
    case "A":
    case "AAAA":
      return { content: value.toLowerCase() };
    default:
      return type satisfies never;
  }
}

/** A TXT value as quoted pieces of at most 255 bytes (RFC 1035). */
export function quotedText(value: string): string {
  const bytes = Buffer.from(value, "utf8");
  const pieces: string[] = [];
  for (let start = 0; start === 0 || start < bytes.length; start += 255) {
    const piece = bytes.subarray(start, start + 255).toString("latin1");
    pieces.push(`"${piece.replaceAll(/["\\]/g, "\\$&")}"`);
  }
  return pieces.join(" ");
}
