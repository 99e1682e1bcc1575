import { randomBytes } from "node:crypto";
import { readdirSync, unlinkSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { canonical, type HostDocument, type MemberDocument, namesOfSite } from "../src/document.ts";
import { applyMembers } from "./apply.ts";
import { isCovered, isHeld, securedSites, takeIntoUse } from "./certificates.ts";
import { readIfThere, writeAtomic } from "./files.ts";
import { afterLook, askDns, readLeaving, writeLeaving } from "./leaving.ts";
import { takeLock } from "./lock.ts";
import { reloadNginx } from "./nginx.ts";
import { paths } from "./paths.ts";
import { challengePath } from "./render/acme.ts";
import { EXIT, emptyResult, type Result } from "./result.ts";
import { lastWords, tryRun } from "./shell.ts";
import { storedHost, storedMembers } from "./store.ts";

const minute = 60_000;
/** The longest time between two tries of a name that doesn't lead here. */
const longestMs = 12 * 60 * minute;

interface Site {
  document: MemberDocument;
  name: string;
  /** All names, the site's own first. */
  names: string[];
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
    const open = pendingSites().filter(({ name }) => !due || (waiting[name]?.next ?? 0) <= Date.now());
    if (open.length === 0) return result;
    const requests = await requestable(open, result);
    if (requests.length > 0) request(requests, result);
    const fresh = open.filter(({ name }) => isHeld(name));
    await takeAllIntoUse(fresh, requests.length > 0, host, result);
    noteWaiting(open, waiting);
    return result;
  } finally {
    letGo();
  }
}

/** Sites of active members whose certificate is missing, lacks a name, or ends soon. */
function pendingSites(): Site[] {
  const secured = securedSites();
  return [...storedMembers().values()]
    .filter(({ status }) => status !== "left")
    .flatMap((document) =>
      (document.sites ?? []).map((site) => ({
        document,
        name: site.name,
        names: namesOfSite(site),
      })),
    )
    .filter(({ name, names }) => !secured.has(name) || !isCovered(name, names));
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

/** Runs something while a fresh token is served to whoever asks by any name. */
async function withToken<T>(use: (token: string) => Promise<T>): Promise<T> {
  const token = randomBytes(16).toString("hex");
  const file = `${paths.acme}/challenge/${token}`;
  writeFileSync(file, token, { mode: 0o644 });
  try {
    return await use(token);
  } finally {
    unlinkSync(file);
  }
}

/** The sites to ask a certificate for, each with those of its names that lead here; tells those that don't. */
async function requestable(sites: readonly Site[], result: Result): Promise<Site[]> {
  return withToken(async (token) => {
    const found: Site[] = [];
    for (const site of sites) {
      const answers = await Promise.all(site.names.map(async (name) => [name, await fetched(name, token)] as const));
      for (const [name, answer] of answers)
        if (answer !== token) result.warnings.push(`${name} ne mène pas encore ici (${answer})`);
      const here = answers.filter(([, answer]) => answer === token).map(([name]) => name);
      // A certificate bears its site's own name.
      if (here.includes(site.name) && !isCovered(site.name, here)) found.push({ ...site, names: here });
    }
    return found;
  });
}

/** What is fetched by a name over HTTP at the token's place: the token itself, or what went wrong. */
function fetched(name: string, token: string): Promise<string> {
  return new Promise((resolve) => {
    const asked = get(`http://${name}${challengePath}/${token}`, { timeout: 5000, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        if (body.length < 200) body += text;
      });
      response.on("end", () => {
        resolve(response.statusCode === 200 && body === token ? token : `réponse ${response.statusCode ?? 0}`);
      });
    });
    asked.on("timeout", () => asked.destroy(new Error("pas de réponse")));
    asked.on("error", (error: NodeJS.ErrnoException) => {
      const unknown = error.code === "ENOTFOUND" || error.code === "EAI_AGAIN";
      resolve(unknown ? "le DNS n'en donne pas l'adresse" : error.message);
    });
  });
}

/** Has Debian's ACME client ask for certificates; one that is refused stops none of the others. */
function request(sites: readonly Site[], result: Result): void {
  const client = (args: readonly string[]) => tryRun("dehydrated", ["--config", paths.acmeConfig, ...args]);
  const list = `${paths.acme}/domains.txt`;
  writeAtomic(list, sites.map(({ name, names }) => `${names.join(" ")} > ${name}\n`).join(""), 0o600);
  if (readdirSync(`${paths.acme}/accounts`).length === 0) {
    const registered = client(["--register", "--accept-terms"]);
    if (registered.code !== 0) {
      result.warnings.push(`l'autorité de certification refuse le compte : ${lastWords(registered)}`);
      return;
    }
  }
  const asked = client(["--cron", "--keep-going", "--domains-txt", list]);
  const refused = sites.filter(({ name, names }) => !isCovered(name, names));
  if (refused.length === 0) return;
  const which = refused.map(({ name }) => name).join(", ");
  result.warnings.push(`certificat refusé pour ${which} : ${lastWords(asked)}`);
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
    const changed = sites.filter(({ name }) => takeIntoUse(name));
    result.changed.push(...changed.map(({ name }) => `certificat ${name}`));
    await renderAgain(
      changed.map(({ document }) => document.member),
      host,
      result,
    );
    // A renewed certificate changes no file of nginx's.
    if (renewed && changed.length === 0) reloadNginx();
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
  const stored = storedMembers();
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
function noteWaiting(tried: readonly Site[], before: Waiting): void {
  const still = new Set(pendingSites().map(({ name }) => name));
  const after = Object.fromEntries(Object.entries(before).filter(([name]) => still.has(name)));
  for (const { name } of tried.filter((site) => still.has(site.name))) {
    const wait = Math.min(longestMs, (before[name]?.wait ?? minute) * 2);
    after[name] = { wait, next: Date.now() + wait };
  }
  writeAtomic(paths.acmeNext, canonical(after), 0o600);
}
