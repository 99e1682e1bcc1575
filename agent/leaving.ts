import { Resolver } from "node:dns/promises";
import { canonical, type DocumentSite, type MemberDocument, namesOfSite } from "../src/document.ts";
import { readIfThere, writeAtomic } from "./files.ts";
import { paths } from "./paths.ts";

/**
 * A name that has left its member's document while its DNS may still lead here: it is served as before until the DNS has
 * forgotten it, since the engine changes records only after the documents.
 */
export interface Leaving {
  member: string;
  /** The site that it is a name of. */
  site: string;
  name: string;
  /** What else was declared of the site, with its own name. */
  as?: Pick<DocumentSite, "redirect" | "staging">;
  /** Seconds for which resolvers may keep its address. */
  ttl: number;
  /** When it may end, ms since 1970: the DNS led elsewhere, and its time to live passes. */
  until?: number;
}

/** A site as it is served: its names with those that are leaving it. */
export interface ServedSite extends DocumentSite {
  leaving?: string[];
}

/** The names of a site that its member declares; none when the whole site is leaving. */
export function declaredNames(site: ServedSite): string[] {
  return namesOfSite(site).filter((name) => site.leaving?.includes(name) !== true);
}

/** What is assumed of a name whose time to live nobody told: a day, the longest that a declaration allows. */
const longestTtl = 86_400;

/** Names that are leaving, as last noted. */
export function readLeaving(): Leaving[] {
  const text = readIfThere(paths.leaving);
  return text === undefined ? [] : (JSON.parse(text.toString()) as Leaving[]);
}

/** Notes the names that are leaving; writes only when that changes anything. */
export function writeLeaving(leaving: readonly Leaving[]): void {
  const sorted = leaving.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if (canonical(sorted) !== canonical(readLeaving())) writeAtomic(paths.leaving, canonical(sorted), 0o600);
}

/** A member's document with the names that are leaving it: what is served. */
export function served(
  document: MemberDocument,
  leaving: readonly Leaving[],
): MemberDocument & { sites?: ServedSite[] | undefined } {
  const own = stillLeaving(document, leaving);
  if (own.length === 0) return document;
  const sites: ServedSite[] = structuredClone(document.sites ?? []);
  // A site's own name before its further ones.
  for (const { site, name, as } of own.toSorted((a, b) => Number(b.name === b.site) - Number(a.name === a.site))) {
    const holder = sites.find((one) => namesOfSite(one).includes(site));
    if (name === site) sites.push({ name, ...as, leaving: [name] });
    // A further name only leads to its site: without that it has nothing to serve.
    else if (holder !== undefined) {
      holder.aliases = [...(holder.aliases ?? []), name].sort();
      holder.leaving = [...(holder.leaving ?? []), name];
    }
  }
  return { ...document, sites: sites.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** Names that a member's new document no longer has, those included that were leaving already. */
export function newlyLeaving(
  document: MemberDocument,
  before: MemberDocument | undefined,
  leaving: readonly Leaving[],
): Pick<Leaving, "site" | "name" | "as">[] {
  if (before === undefined) return [];
  const kept = new Set([...(document.sites ?? []).flatMap(namesOfSite), ...leaving.map(({ name }) => name)]);
  return (before.sites ?? []).flatMap((site) => {
    const { redirect, staging } = site;
    const as = { ...(redirect === undefined ? {} : { redirect }), ...(staging === undefined ? {} : { staging }) };
    return namesOfSite(site)
      .filter((name) => !kept.has(name))
      .map((name) => {
        const isPlain = name !== site.name || Object.keys(as).length === 0;
        return { site: site.name, name, ...(isPlain ? {} : { as }) };
      });
  });
}

/** The names that go on leaving beside these documents: a name that somebody declares, or whose site somebody else declares, is no longer leaving. */
export function withoutDeclared(leaving: readonly Leaving[], documents: Iterable<MemberDocument>): Leaving[] {
  const holders = new Map<string, string>();
  for (const { member, sites = [] } of documents)
    for (const name of sites.flatMap(namesOfSite)) holders.set(name, member);
  return leaving.filter(({ name, site, member }) => !holders.has(name) && (holders.get(site) ?? member) === member);
}

function stillLeaving(document: MemberDocument, leaving: readonly Leaving[]): Leaving[] {
  return withoutDeclared(
    leaving.filter(({ member }) => member === document.member),
    [document],
  );
}

/** What the DNS says of a name: its addresses and their time to live in seconds; undefined when no server tells. */
export async function askDns(
  name: string,
  resolver = new Resolver({ timeout: 2000, tries: 2 }),
): Promise<{ addresses: string[]; ttl: number } | undefined> {
  const answers = await Promise.allSettled([
    resolver.resolve4(name, { ttl: true }),
    resolver.resolve6(name, { ttl: true }),
  ]);
  if (answers.some((answer) => answer.status === "rejected" && !saysNone(answer.reason))) return undefined;
  const found = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
  return { addresses: found.map(({ address }) => address), ttl: Math.max(0, ...found.map(({ ttl }) => ttl)) };
}

function saysNone(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOTFOUND" || error.code === "ENODATA");
}

/**
 * The names that are leaving once these documents are applied.
 * @param stored all documents as last applied
 * @param accepted the same with these documents in their place
 * @param noted the names that were leaving before
 */
export async function leavingAfter(
  documents: readonly MemberDocument[],
  stored: ReadonlyMap<string, MemberDocument>,
  accepted: ReadonlyMap<string, MemberDocument>,
  noted: readonly Leaving[],
): Promise<Leaving[]> {
  const begun = documents.map((document) =>
    beginLeaving(document.member, newlyLeaving(document, stored.get(document.member), noted)),
  );
  return withoutDeclared([...noted, ...(await Promise.all(begun)).flat()], accepted.values());
}

/** Names as they begin to leave, with the time to live that the DNS gives them now. */
async function beginLeaving(
  member: string,
  names: readonly Pick<Leaving, "site" | "name" | "as">[],
): Promise<Leaving[]> {
  return Promise.all(names.map(async (one) => ({ member, ...one, ttl: (await fullTtl(one.name)) ?? longestTtl })));
}

/** The time to live that the servers of a name's zone give its addresses: a resolver only tells what is left of it. */
async function fullTtl(name: string): Promise<number | undefined> {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  for (let zone = name; zone.includes("."); zone = zone.slice(zone.indexOf(".") + 1)) {
    const servers = await resolver.resolveNs(zone).catch((error: unknown) => (saysNone(error) ? [] : undefined));
    if (servers === undefined) return undefined;
    if (servers.length === 0) continue;
    const addresses = await Promise.all(servers.map((server) => resolver.resolve4(server).catch(() => [])));
    if (addresses.flat().length === 0) return undefined;
    const own = new Resolver({ timeout: 2000, tries: 1 });
    own.setServers(addresses.flat());
    const said = await askDns(name, own);
    return said === undefined || said.addresses.length === 0 ? undefined : said.ttl;
  }
  return undefined;
}

/**
 * A name that is leaving after one more look: undefined when it has left. A DNS that doesn't answer decides nothing.
 * @param leadsHere whether the name leads to this host
 */
export function afterLook(one: Leaving, leadsHere: boolean | undefined, nowMs: number): Leaving | undefined {
  const { until, ...rest } = one;
  if (leadsHere === undefined) return one;
  if (leadsHere) return rest;
  if (until === undefined) return { ...rest, until: nowMs + one.ttl * 1000 };
  return until <= nowMs ? undefined : one;
}
