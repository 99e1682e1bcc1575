import { canonical, type HostDocument, namesOfSite } from "../src/document.ts";
import { fetched, type Named, request, requestable, withToken } from "./acme.ts";
import { applyMembers } from "./apply.ts";
import { boughtWarnings } from "./bought.ts";
import { isHeld, isInUse, isSettled, takeIntoUse } from "./certificates.ts";
import { readIfThere, writeAtomic } from "./files.ts";
import { afterLook, askDns, declaredNames, readLeaving, type ServedSite, served, writeLeaving } from "./leaving.ts";
import { takeLock } from "./lock.ts";
import { reloadNginx } from "./nginx.ts";
import { paths } from "./paths.ts";
import { EXIT, emptyResult, type Result } from "./result.ts";
import { appliedMembers, storedHost } from "./store.ts";

const minute = 60_000;
/** The longest time between two tries of a name that doesn't lead here. */
const longestMs = 12 * 60 * minute;

/** Something that has a certificate: a member's site, or the host's own name. */
interface Site extends Named {
  site: ServedSite;
  /** Left out for the host's own name. */
  member?: string;
}

/** When a site is tried next, and after how long the time before. */
type Waiting = Record<string, { next: number; wait: number }>;

/**
 * Brings certificates to the sites that lack one, or lack a name in it, or whose certificate ends soon. A name is asked for only
 * when a token is fetched back from here by it; what fails waits, and stops nobody else.
 * @param due only sites whose time has come (the timer's way); else all that are pending
 */
export async function settle(due: boolean): Promise<Result> {
  const result = emptyResult("settle");
  // Two at a time would ask the authority twice; the host's own lock stays free, so that members can be applied meanwhile.
  const letGo = await takeLock(due ? 1 : 300, paths.settleLock);
  try {
    const host = storedHost();
    if (host?.roles.includes("web") !== true) return result;
    await lookAtLeaving(host, result);
    const waiting = readWaiting();
    const all = securedSites(host);
    if (!due) result.warnings.push(...all.flatMap(({ site }) => boughtWarnings(site)));
    const open = pending(all).filter(({ name }) => !due || (waiting[name]?.next ?? 0) <= Date.now());
    if (open.length === 0) return result;
    const requests = await requestable(
      open.filter(({ site }) => !isSettled(site)),
      result,
    );
    if (requests.length > 0) request(requests, result);
    const fresh = open.filter(({ site }) => isHeld(site));
    await takeAllIntoUse(fresh, requests.length > 0, host, result);
    noteWaiting(open, pending(all), waiting);
    return result;
  } finally {
    letGo();
  }
}

/**
 * Everything that has a certificate: the host's own name, for mail and file transfer, and the sites of members that are not
 * gone. The one of a site that is leaving is renewed, and never asked for.
 */
function securedSites({ name }: HostDocument): Site[] {
  const leaving = readLeaving();
  const sites = [...appliedMembers().values()]
    .filter(({ status }) => status !== "left")
    .map((document) => served(document, leaving))
    .flatMap(({ member, sites: own = [] }) => own.map((site) => ({ member, site })))
    .filter(({ site }) => declaredNames(site).length > 0 || isHeld(site));
  return [{ site: { name } }, ...sites].map((one) => ({ ...one, name: one.site.name, names: namesOfSite(one.site) }));
}

/** Those whose certificate is missing, lacks a name, ends soon, or isn't the one in use. */
function pending(sites: readonly Site[]): Site[] {
  return sites.filter(({ site }) => !isSettled(site) || !isInUse(site));
}

/** Ends the service of names that have left once neither the DNS nor a resolver's memory of it leads here. */
async function lookAtLeaving(host: HostDocument, result: Result): Promise<void> {
  const noted = readLeaving();
  if (noted.length === 0) return;
  const looked = await withToken((token) =>
    Promise.all(
      noted.map(async (one) => {
        const said = await askDns(one.name);
        const here = said?.addresses.some((address) => host.addresses.includes(address));
        const leadsHere = here === false ? (await fetched(one.name, token)) === token : here;
        return afterLook(one, leadsHere, Date.now());
      }),
    ),
  );
  const letGo = await takeLock(240);
  try {
    // An apply may have come between: only what was looked at is changed.
    const now = readLeaving().map((one) => ({ one, after: looked[noted.findIndex(({ name }) => name === one.name)] }));
    const ended = now.filter(({ one, after }) => after === undefined && noted.some(({ name }) => name === one.name));
    writeLeaving(now.map(({ one, after }) => after ?? one));
    const names = new Set(ended.map(({ one }) => one.name));
    await renderAgain(
      ended.map(({ one }) => one.member),
      host,
      result,
      names,
    );
    result.changed.push(...[...names].map((name) => `${name} n'est plus servi`));
  } finally {
    letGo();
  }
}

/** Switches nginx to the new certificates; their sites are rendered anew, since HTTP now leads to HTTPS. */
async function takeAllIntoUse(
  sites: readonly Site[],
  renewed: boolean,
  host: HostDocument,
  result: Result,
): Promise<void> {
  if (sites.length === 0) return;
  const letGo = await takeLock(240);
  try {
    const changed = sites.filter(({ site }) => takeIntoUse(site));
    result.changed.push(...changed.map(({ name }) => `certificat ${name}`));
    const members = changed.flatMap(({ member = [] }) => member);
    await renderAgain(members, host, result);
    // A certificate that takes another's place changes no file of nginx's.
    if (renewed || changed.length > 0) reloadNginx();
  } finally {
    letGo();
  }
}

// From what is stored: the documents may have changed meanwhile. The caller holds the lock.
async function renderAgain(
  members: readonly string[],
  host: HostDocument,
  result: Result,
  ended: ReadonlySet<string> = new Set(),
): Promise<void> {
  const stored = appliedMembers();
  const documents = [...new Set(members)].map((member) => stored.get(member)).filter((one) => one !== undefined);
  for (const applied of await applyMembers(documents, host, ended)) {
    result.changed.push(...applied.result.changed);
    if (applied.code !== EXIT.ok) result.warnings.push(applied.result.error ?? "rendu refusé");
  }
}

function readWaiting(): Waiting {
  return JSON.parse(readIfThere(paths.acmeNext)?.toString() ?? "{}") as Waiting;
}

// Doubled at each try in vain: an authority counts failures.
function noteWaiting(tried: readonly Site[], left: readonly Site[], before: Waiting): void {
  const still = new Set(left.map(({ name }) => name));
  const after = Object.fromEntries(Object.entries(before).filter(([name]) => still.has(name)));
  for (const { name } of tried.filter((site) => still.has(site.name))) {
    const wait = Math.min(longestMs, (before[name]?.wait ?? minute) * 2);
    after[name] = { wait, next: Date.now() + wait };
  }
  writeAtomic(paths.acmeNext, canonical(after), 0o600);
}
