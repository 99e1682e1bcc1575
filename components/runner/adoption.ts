import { protocol, replaces } from "../../src/plan/records.ts";
import type { DnsRecord } from "../../src/plan/types.ts";
import { names, resourceTypes } from "../names.ts";
import type { ListedRecord, ListedZone } from "./dns-api.ts";
import { sameContent, sameRecord } from "./records.ts";
import type { StateResource } from "./state.ts";
import { isDone, type Wanted } from "./wanted.ts";

type State = ReadonlyMap<string, StateResource>;

/** What exists at the servers, as far as it was listed. */
export interface Listing {
  /** All zones of the account; undefined when they were not listed. */
  zones?: readonly ListedZone[];
  /** Records by zone id, for the zones that were listed. */
  records: ReadonlyMap<string, readonly ListedRecord[]>;
  /** Names of databases by host, for the hosts that were listed. */
  databases: ReadonlyMap<string, readonly string[]>;
}

/** What to do with what a listing shows, before the engine runs. */
export interface Adoption {
  /** Ids to take over, by logical name. */
  adopt: Record<string, string>;
  /** URNs of what is in the state and proved gone. */
  gone: Set<string>;
  /** Databases that are in the state and proved gone: they held data, so that a person decides. */
  lost: Extract<Wanted, { kind: "database" }>[];
  /** Records made by somebody else that one of ours can't or must not stand beside; ours isn't made. */
  conflicts: { wanted: WantedRecord; other: ListedRecord }[];
  /** Zones that exist with records of somebody else. */
  foreign: Foreign[];
  /** How many records of somebody else a zone of ours holds, by domain; they are left alone. */
  others: Map<string, number>;
}

/** A zone that exists already and is not in the state. */
export interface Foreign {
  zone: Extract<Wanted, { kind: "zone" }>;
  records: ListedRecord[];
  /** Those of them that stand where a record of ours would. */
  competing: ListedRecord[];
}

type WantedRecord = Extract<Wanted, { kind: "record" }>;

/** Domains whose records have to be listed: the DNS of their members will change, or all of them. */
export function domainsToList(wanted: readonly Wanted[], state: State, all: boolean): Set<string> {
  const domains = new Set<string>();
  const urns = new Set(wanted.map((one) => one.urn));
  for (const one of wanted) {
    if (!("domain" in one)) continue;
    const held = state.get(one.urn);
    if (all || !isDone(one, held)) domains.add(one.domain);
  }
  for (const resource of state.values()) {
    const domain = /::domain\/([^/]+)\/[^/]+\/[^/]+\/[^/]+$/.exec(resource.urn)?.[1];
    if (domain !== undefined && !urns.has(resource.urn)) domains.add(domain);
  }
  return domains;
}

/** Hosts whose databases have to be listed: some of them are not in the state, or all of them. */
export function hostsToList(wanted: readonly Wanted[], state: State, all: boolean): Set<string> {
  return new Set(wanted.flatMap((one) => (one.kind === "database" && (all || !state.has(one.urn)) ? [one.host] : [])));
}

/**
 * Compares what is wanted, what the state knows and what exists. What exists by exact name, type and content and is unknown to
 * the state is taken over: a killed run, or a lost answer of an API, left it. What the state knows and no listing shows is gone.
 * @param taken domain whose zone is taken over although it holds records of somebody else, unless one of them competes with ours
 */
export function adoption(wanted: readonly Wanted[], state: State, listing: Listing, taken?: string): Adoption {
  const result: Adoption = { adopt: {}, gone: new Set(), lost: [], conflicts: [], foreign: [], others: new Map() };
  for (const one of wanted) if (one.kind === "database") adoptDatabase(one, state, listing, result);
  const zones = wanted.filter((one) => one.kind === "zone");
  for (const zone of zones) adoptZone(zone, wanted, state, listing, result, zone.domain === taken);
  return result;
}

function adoptDatabase(
  one: Extract<Wanted, { kind: "database" }>,
  state: State,
  listing: Listing,
  result: Adoption,
): void {
  const existing = listing.databases.get(one.host);
  if (existing === undefined) return;
  if (state.has(one.urn)) {
    if (!existing.includes(one.database)) result.lost.push(one);
  } else if (existing.includes(one.database)) result.adopt[one.name] = one.database;
}

function adoptZone(
  zone: Extract<Wanted, { kind: "zone" }>,
  wanted: readonly Wanted[],
  state: State,
  listing: Listing,
  result: Adoption,
  isAsked: boolean,
): void {
  if (listing.zones === undefined) return;
  const held = state.get(zone.urn);
  const existing = listing.zones.find((one) => one.name === zone.domain);
  const prefix = `::${names.domain(zone.domain)}/`;
  const below = [...state.values()].filter((one) => one.urn.includes(prefix) && one.urn !== zone.urn);
  if (existing === undefined) {
    if (held === undefined) return;
    for (const resource of [held, ...below]) result.gone.add(resource.urn);
    return;
  }
  const records = listing.records.get(existing.id);
  if (records === undefined) return;
  const own = wanted.filter((one): one is WantedRecord => one.kind === "record" && one.domain === zone.domain);
  if (held === undefined) {
    const others = foreignRecords(own, records);
    const inTheWay = competing(own, others);
    if (others.length > 0 && (!isAsked || inTheWay.length > 0)) {
      result.foreign.push({ zone, records: others, competing: isAsked ? inTheWay : [] });
      return;
    }
    result.adopt[zone.name] = existing.id;
  }
  const heldRecords = below.filter(({ type }) => type === resourceTypes.record);
  const taken = new Set(heldRecords.map((one) => one.id));
  const ids = new Set(records.map((record) => record.id));
  for (const resource of heldRecords) if (!ids.has(resource.id ?? "")) result.gone.add(resource.urn);
  const foreign = new Set(foreignRecords(own, records));
  for (const one of own) {
    if (state.has(one.urn) && !result.gone.has(one.urn)) continue;
    const free = records.filter((record) => !taken.has(record.id));
    const match = free.find((record) => sameContent(one.record, record));
    const inTheWay = (record: ListedRecord) => foreign.has(record) && competes(record, one.record);
    const other = free.find((record) => inTheWay(record) || excludes(one.record, record));
    if (match === undefined && other !== undefined) result.conflicts.push({ wanted: one, other });
    if (match === undefined) continue;
    taken.add(match.id);
    result.adopt[one.name] = `${existing.id}/${match.id}`;
  }
  const others = [...foreign].filter(({ id }) => !taken.has(id));
  if (others.length > 0) result.others.set(zone.domain, others.length);
}

/** Records of a zone that are not ours: neither as declared, nor marked by our comment with another content. */
export function foreignRecords(own: readonly WantedRecord[], records: readonly ListedRecord[]): ListedRecord[] {
  const comments = new Set(own.map((one) => one.record.comment));
  return records.filter(
    (record) => !own.some((one) => sameRecord(one.record, record)) && !comments.has(record.comment ?? ""),
  );
}

/** Those of somebody else's records that stand where one of ours would and don't say the same. */
export function competing(own: readonly WantedRecord[], others: readonly ListedRecord[]): ListedRecord[] {
  return others.filter((other) => own.some(({ record }) => competes(other, record)));
}

/** Whether somebody else's record would speak for the same thing as ours and say something else. */
function competes(other: ListedRecord, record: DnsRecord): boolean {
  // Texts of no protocol, as proofs of ownership are, stand side by side.
  const isLoose = other.type === "TXT" && record.type === "TXT" && protocol(record) === undefined;
  return replaces(other, record) && !sameContent(record, other) && !isLoose;
}

/** Whether an alias is at issue, which stands alone at its name (RFC 1034, 3.6.2). */
function excludes(record: DnsRecord, other: ListedRecord): boolean {
  return record.name === other.name && (record.type === "CNAME" || other.type === "CNAME");
}
