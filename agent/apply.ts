import { existsSync } from "node:fs";
import { type HostDocument, type MemberDocument, namesOfSite } from "../src/document.ts";
import { setDamagedAside } from "./certificates.ts";
import { type Facts, observeFacts } from "./facts.ts";
import { type DesiredFile, differs, type Previous, restore, swapIn, sweep, takeOut, writeAtomic } from "./files.ts";
import { applyAccounts } from "./ftp.ts";
import { type Leaving, leavingAfter, readLeaving, served, writeLeaving } from "./leaving.ts";
import {
  memberBase,
  memberFiles,
  missingDatabases,
  namesOf,
  phpWanted,
  refuseConflicts,
  socketStep,
} from "./member.ts";
import { type Candidate, complaint, nginxRuns, probe, reloadNginx } from "./nginx.ts";
import { hostPhp, paths } from "./paths.ts";
import { refusePurged } from "./purged.ts";
import { probeAnswer, siteFile } from "./render/nginx.ts";
import { EXIT, type ExitCode, emptyResult, exitCodeOf, Rejection, type Result } from "./result.ts";
import { run, tryRun } from "./shell.ts";
import { applySoftware } from "./software/steps.ts";
import { ensure } from "./steps.ts";
import { noteRendered, pending, readRegistry, storeDocument, storedMembers } from "./store.ts";

/** How applying one document went. */
export interface Applied {
  result: Result;
  code: ExitCode;
}

interface Work extends Candidate {
  /** As declared. */
  declared: MemberDocument;
  /** What is served: the declared one with the names that are leaving it. */
  document: MemberDocument;
  result: Result;
  /** All desired files; `files` are those of them that differ. */
  all: DesiredFile[];
  previous: Previous[];
  failure?: unknown;
}

/**
 * Applies documents as one batch: each is refused or rolled back by itself, nginx reloads once for all.
 * The caller holds the lock. Gives one outcome per document, in their order.
 * @param ended names that were leaving these documents' members and have left
 */
export async function applyMembers(
  documents: readonly MemberDocument[],
  host: HostDocument,
  ended: ReadonlySet<string> = new Set(),
): Promise<Applied[]> {
  for (const folder of [paths.sites, paths.fpm, paths.members, paths.state]) sweep(folder);
  const facts = observeFacts();
  const stored = storedMembers();
  const accepted = new Map(stored);
  const works = documents.map((document) =>
    guarded(newWork(document), () => {
      refuseConflicts(document, host, accepted.values());
      if (document.status !== "left") refusePurged(document.member);
      accepted.set(document.member, document);
    }),
  );
  const noted = readLeaving();
  const leaving = (
    await leavingAfter(
      sound(works).map(({ declared }) => declared),
      stored,
      accepted,
      noted,
    )
  ).filter(({ name }) => !ended.has(name));
  works.push(...losers(noted, leaving, works, accepted));
  for (const work of sound(works)) {
    const before = stored.get(work.declared.member);
    work.document = served(work.declared, leaving);
    guarded(work, () => prepare(work, before && served(before, noted), facts));
  }
  setAsideRefused(works, () => damaged(stored, works, facts, leaving));
  // What goes before what comes: a name may pass from one member to another.
  for (const work of sound(works)) guarded(work, () => work.previous.push(...takeOut(work.gone)));
  for (const work of sound(works)) guarded(work, () => swap(work));
  startSockets(sound(works));
  for (const work of sound(works)) guarded(work, () => startPhp(work));
  await serve(works);
  // Before the documents: a name in neither of them would be forgotten.
  const failed = new Set(works.filter((work) => work.failure !== undefined).map((work) => work.declared.member));
  writeLeaving([
    ...leaving.filter(({ member }) => !failed.has(member)),
    ...noted.filter(({ member }) => failed.has(member)),
  ]);
  for (const work of sound(works)) guarded(work, () => keep(work));
  for (const work of sound(works)) maintain(work);
  const opened = applyAccounts(host, storedMembers().values());
  for (const { result } of sound(works).slice(0, 1)) result.changed.push(...opened);
  return works.slice(0, documents.length).map(outcome);
}

function newWork(declared: MemberDocument): Work {
  const result = emptyResult("apply");
  return { declared, document: declared, result, all: [], files: [], gone: [], previous: [] };
}

// Whoever declares a name has it at once: the files of the member that it was leaving are rendered without it.
function losers(
  noted: readonly Leaving[],
  leaving: readonly Leaving[],
  works: readonly Work[],
  accepted: ReadonlyMap<string, MemberDocument>,
): Work[] {
  const lost = new Set(noted.filter((one) => !leaving.includes(one)).map(({ member }) => member));
  for (const { declared } of works) lost.delete(declared.member);
  return [...lost]
    .map((member) => accepted.get(member))
    .filter((one) => one !== undefined)
    .map(newWork);
}

function sound(works: readonly Work[]): Work[] {
  return works.filter((work) => work.failure === undefined);
}

// One document's failure undoes its own files and must not stop the others.
function guarded(work: Work, action: () => void): Work {
  try {
    action();
  } catch (error) {
    work.failure = error;
    undo(work);
  }
  return work;
}

function undo(work: Work): void {
  const undone = new Set(work.previous.map(({ path }) => path));
  restore(work.previous);
  work.previous = [];
  work.result.changed = work.result.changed.filter((path) => !undone.has(path));
}

// Account, tree and database first: nothing of it is seen from outside, and a failure leaves the site as it was.
function prepare(work: Work, before: MemberDocument | undefined, facts: Facts): void {
  const { document, result } = work;
  result.changed.push(...ensure(memberBase(document, before)));
  for (const name of missingDatabases(document)) result.warnings.push(`la base ${name} n'existe pas encore`);
  work.all = memberFiles(document, facts);
  work.files = work.all.filter((file) => differs(file));
  const desired = new Set(work.all.map((file) => file.path));
  const earlier = before === undefined ? [] : memberFiles(before, facts).map((file) => file.path);
  // A chain stays until a better one is there.
  work.gone = earlier.filter((path) => !desired.has(path) && !path.startsWith(paths.bought) && existsSync(path));
  const left = (before?.sites ?? []).map((site) => site.name).filter((name) => !desired.has(siteFile(name)));
  for (const name of left) result.warnings.push(`${name} n'est plus servi ; son dossier est gardé`);
  const declared = new Set(namesOf(work.declared));
  for (const name of namesOf(document).filter((one) => !declared.has(one)))
    result.warnings.push(`${name} n'est plus déclaré : servi jusqu'à ce que le DNS l'ait oublié`);
  const pool = work.files.find((file) => file.path.startsWith(paths.fpm));
  if (pool !== undefined) testPool(pool, document.uid);
}

// Tested as the member: as root, PHP-FPM would ask for a `user` that its service gives already.
function testPool(pool: DesiredFile, uid: number): void {
  const candidate = `${pool.path}.candidate`;
  writeAtomic(candidate, pool.content, 0o640, 0, uid);
  try {
    run(`php-fpm${hostPhp}`, ["-t", "-y", candidate], { as: { uid, gid: uid } });
  } finally {
    takeOut([candidate]);
  }
}

// All together in the usual case; when nginx refuses, one by one, so that only those at fault stay out.
function setAsideRefused(works: Work[], findDamaged: () => Work[]): void {
  const changing = sound(works).filter((work) => work.files.length + work.gone.length > 0);
  if (changing.length === 0 || complaint(changing) === undefined) return;
  const aside = complaint([]) === undefined ? [] : setDamagedAside();
  for (const { result } of works)
    result.warnings.push(...aside.map((site) => `certificat de ${site} illisible : mis de côté, et redemandé`));
  const good = complaint([]) === undefined ? [] : findDamaged();
  works.push(...good);
  for (const work of changing) {
    const said = complaint([...good, work]);
    if (said === undefined) good.push(work);
    else work.failure = new Rejection(`nginx refuse : ${said}`);
  }
}

// nginx refuses what is there already: files of members outside the batch were changed by hand. They are put right as
// well, or nobody's change could be made any more.
function damaged(
  stored: ReadonlyMap<string, MemberDocument>,
  works: readonly Work[],
  facts: Facts,
  leaving: readonly Leaving[],
): Work[] {
  const batch = new Set(works.map((work) => work.declared.member));
  return [...stored.values()]
    .filter(({ member }) => !batch.has(member))
    .map((declared): Work => {
      const document = served(declared, leaving);
      const all = memberFiles(document, facts);
      const files = all.filter((file) => differs(file));
      for (const { result } of works) {
        result.warnings.push(...files.map(({ path }) => `${path} était cassé à la main : remis en état`));
      }
      return { ...newWork(declared), document, all, files };
    })
    .filter((work) => work.files.length > 0);
}

function swap(work: Work): void {
  for (const file of work.files) work.previous.push(...swapIn([file]));
  work.result.changed.push(...work.gone, ...work.files.map((file) => file.path));
}

// One call for all: each call makes systemd read all its units again. What fails here fails again alone, with its words.
function startSockets(works: readonly Work[]): void {
  const starting = works.filter(({ document }) => phpWanted(document) && socketStep(document).wrong());
  if (starting.length < 2) return;
  const sockets = starting.map(({ document }) => socketStep(document).what);
  if (tryRun("systemctl", ["enable", "--now", "--quiet", ...sockets]).code !== 0) return;
  for (const { document, result } of starting) result.changed.push(socketStep(document).what);
}

// A run that was killed may have swapped the pool in without its reload: the registry, written last, tells.
function startPhp(work: Work): void {
  const service = `php-member@${work.document.member}.service`;
  const registry = readRegistry();
  const isPending = (folder: string) =>
    work.all.some((file) => file.path.startsWith(folder) && pending(file, registry));
  const units = "/etc/systemd/";
  if (work.gone.some((path) => path.startsWith(units)) || isPending(units)) run("systemctl", ["daemon-reload"]);
  work.result.changed.push(...ensure([socketStep(work.document)]));
  if (!isPending(paths.fpm)) return;
  if (tryRun("systemctl", ["is-active", "--quiet", service]).code === 0) run("systemctl", ["reload", service]);
}

async function serve(works: readonly Work[]): Promise<void> {
  const touched = sound(works).some((work) => nginxPaths(work) > 0);
  const served = sound(works).some((work) => (work.document.sites ?? []).length > 0);
  if (touched || (served && (!nginxRuns() || !(await live(sound(works)))))) {
    try {
      reloadNginx();
    } catch (error) {
      for (const work of sound(works))
        guarded(work, () => {
          throw error;
        });
      return;
    }
  }
  let undone = false;
  for (const work of sound(works)) {
    for (const site of work.document.sites ?? []) {
      const wrong = await probe(namesOfSite(site), expected(work, site.name));
      if (wrong === undefined) continue;
      guarded(work, () => {
        throw new Rejection(wrong);
      });
      undone = true;
      break;
    }
  }
  if (undone) reloadNginx();
}

// A run that was killed may have swapped files in without nginx's reload: one question a site shows it.
async function live(works: readonly Work[]): Promise<boolean> {
  for (const work of works) {
    for (const { name } of work.document.sites ?? []) {
      if ((await probe([name], expected(work, name), 1)) !== undefined) return false;
    }
  }
  return true;
}

function expected(work: Work, site: string): string {
  return probeAnswer(work.all.find((file) => file.path === siteFile(site))?.content ?? "") ?? "";
}

function nginxPaths(work: Work): number {
  return (
    work.gone.length +
    work.files.filter(({ path }) => [paths.sites, paths.bought].some((part) => path.startsWith(part))).length
  );
}

// Once the site is served and its document kept: what fails here leaves both so, and is tried again by the next run.
function maintain(work: Work): void {
  try {
    const { changed, warnings } = applySoftware(work.document);
    work.result.changed.push(...changed);
    work.result.warnings.push(...warnings);
  } catch (error) {
    work.failure = error;
  }
}

function keep(work: Work): void {
  noteRendered(
    work.all,
    work.gone.filter((path) => !existsSync(path)),
  );
  if (storeDocument(work.declared)) work.result.changed.push(`${paths.members}/${work.document.member}.json`);
}

function outcome({ document, result, failure }: Work): Applied {
  if (failure === undefined) return { result, code: EXIT.ok };
  const message = failure instanceof Error ? failure.message : "échec sans explication";
  return { result: { ...result, error: `${document.member} : ${message}` }, code: exitCodeOf(failure) };
}

/** Names of all members that a batch is about, for the journal. */
export function membersOf(documents: readonly MemberDocument[]): string {
  return documents.map((document) => `${document.member}(${namesOf(document).length})`).join(",");
}
