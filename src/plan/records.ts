import { association } from "../association.ts";
import { namesOfSite } from "../document.ts";
import type { Member } from "../load.ts";
import { inService } from "../member/service.ts";
import type { Declaration } from "../schema.ts";
import { authorityRecords, type Common, deliveryRecords, mailRecords, noMailRecords } from "./mail-records.ts";
import { siteNames } from "./sites.ts";
import type { DnsRecord, DomainPlan, Host } from "./types.ts";
import { isWithin } from "./zone.ts";

type DeclaredDomain = NonNullable<Declaration["domains"]>[number];
type DeclaredRecord = NonNullable<DeclaredDomain["records"]>[number];

/** Seconds that resolvers may keep a record whose time to live is not declared. */
export const TTL = 300;

/** Where a member is, as far as the DNS goes; a service that no host of the stack offers has no records. */
export interface Servers {
  web: Host | undefined;
  mail: Host | undefined;
  lists: Host | undefined;
}

/**
 * The zone of one of a member's domains with the records that follow on a day. A domain out of service, or of a member
 * who has left, keeps its zone without records: a zone is never dropped by a declaration.
 */
export function domainPlan(member: Member, name: string, servers: Servers, today: string | undefined): DomainPlan {
  const { declaration, id } = member;
  const current = (declaration.domains ?? []).find((domain) => domain.name === name && inService(domain, today));
  if (current === undefined || declaration.status?.state === "left") return { domain: name, records: [] };
  const common = { ttl: TTL, proxied: false, comment: `cassiopea ${id}` };
  const own = ownRecords(current, common);
  const following = [
    ...(servers.web === undefined ? [] : siteRecords(declaration, name, servers.web, today, common)),
    ...mailSet(declaration, current, own, servers, today, common),
    ...robotRecords(declaration, name, servers.lists, today, common),
    // A bought certificate may be of any authority.
    ...(hasBoughtCertificate(declaration, name) ? [] : authorityRecords(name, association.mail, common)),
  ];
  // A record of the member's own takes the place of the one that would follow.
  const records = [...own, ...following.filter((record) => !own.some((other) => replaces(other, record)))];
  return {
    domain: name,
    records: records.sort(byIdentity),
    ...(records.some(({ proxied }) => proxied) ? { settings: proxiedSettings } : {}),
  };
}

/**
 * How the DNS host's network treats visitors of proxied names: HTTPS for everybody, of today's versions, and a certificate of
 * ours that it verifies (https://developers.cloudflare.com/ssl/origin-configuration/ssl-modes/full-strict/).
 */
const proxiedSettings = { always_use_https: "on", min_tls_version: "1.2", ssl: "strict" };

/** Records of a domain's mail: the whole set, the null set, or none where the member's own MX says that its mail is elsewhere. */
function mailSet(
  said: Declaration,
  domain: DeclaredDomain,
  own: readonly DnsRecord[],
  { mail }: Servers,
  today: string | undefined,
  common: Common,
): DnsRecord[] {
  if (own.some(({ type, name }) => type === "MX" && name === domain.name)) return [];
  if (!hasMail(said, domain, today)) return noMailRecords(domain.name, common);
  return mail === undefined ? [] : mailRecords(domain.name, mail, association.mail, common);
}

/** A robot's host name is a mail domain and a web site of its own. */
function robotRecords(
  { robot }: Declaration,
  domain: string,
  lists: Host | undefined,
  today: string | undefined,
  common: Common,
): DnsRecord[] {
  if (robot === undefined || lists === undefined || !isWithin(robot.domain, domain) || !inService(robot, today))
    return [];
  return [
    ...addressRecords(robot.domain, "lists", lists, common),
    ...deliveryRecords(robot.domain, lists, association.mail, common),
  ];
}

/** Name, type and key of a record, as its resource is named. */
export function identity(record: DnsRecord): string {
  return `${record.name}/${record.type}/${record.key}`;
}

/** Order of a zone's records. */
export function byIdentity(a: DnsRecord, b: DnsRecord): number {
  return identity(a) < identity(b) ? -1 : 1;
}

/** Key of a record of the member's own: no key of ours begins like it. */
export function ownKey({ label }: { label?: string | undefined }): string {
  return label === undefined ? "own" : `own-${label}`;
}

/** What of a record says whether another may stand beside it. */
interface Worded {
  name: string;
  type: string;
  content?: string | undefined;
}

/** Whether a record stands where another would: the same name and type, and for TXT the same protocol. */
export function replaces(own: Worded, record: Worded): boolean {
  if (own.name !== record.name) return false;
  // RFC 1034, 3.6.2: an alias stands alone.
  if (own.type === "CNAME" || record.type === "CNAME") return true;
  return own.type === record.type && (own.type !== "TXT" || protocol(own) === protocol(record));
}

/** What a TXT record says it is, as `v=spf1`; lower case. */
export function protocol({ content = "" }: Pick<Worded, "content">): string | undefined {
  return /^"v=([a-z0-9]+)/i.exec(content)?.[1]?.toLowerCase();
}

function siteRecords(
  said: Declaration,
  domain: string,
  web: Host,
  today: string | undefined,
  common: Common,
): DnsRecord[] {
  const proxied = new Set((said.sites ?? []).filter((site) => site.proxied === true).flatMap(namesOfSite));
  return siteNames(said, today).flatMap((name) => {
    if (!isWithin(name, domain)) return [];
    // The API answers 1, automatic, for the time to live of a proxied name.
    return addressRecords(name, "web", web, proxied.has(name) ? { ...common, proxied: true, ttl: 1 } : common);
  });
}

/** Addresses of a name on a host; IPv6 where the host has it. */
export function addressRecords(name: string, key: string, { ipv4, ipv6 }: Host, common: Common): DnsRecord[] {
  return [
    { name, type: "A", key, content: ipv4, ...common },
    ...(ipv6 === undefined ? [] : [{ name, type: "AAAA" as const, key, content: ipv6, ...common }]),
  ];
}

/** Whether a domain receives mail: as declared, else as soon as an address in it is declared. */
function hasMail(said: Declaration, domain: DeclaredDomain, today: string | undefined): boolean {
  if (domain.mail !== undefined) return domain.mail;
  const addresses = [
    ...(said.mailboxes ?? []).filter((mailbox) => inService(mailbox, today)),
    ...(said.aliases ?? []),
    ...(said.forwards ?? []),
  ];
  return addresses.some(({ address }) => address.endsWith(`@${domain.name}`));
}

function hasBoughtCertificate({ sites = [] }: Declaration, domain: string): boolean {
  return sites.some(({ certificate, name }) => certificate === "bought" && isWithin(name, domain));
}

function ownRecords(domain: DeclaredDomain, common: Common): DnsRecord[] {
  return (domain.records ?? []).map((record) => ({
    ...common,
    name: record.name === "@" ? domain.name : `${record.name}.${domain.name}`,
    type: record.type,
    key: ownKey(record),
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
