import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { type HostDocument, type MemberDocument, namesOfSite } from "../src/document.ts";
import { keepEdited } from "./aside.ts";
import { linkOf, setDamagedAside } from "./certificates.ts";
import { type Facts, observeFacts } from "./facts.ts";
import { differs, swapIn, sweep, takeOut } from "./files.ts";
import { applyAccounts } from "./ftp.ts";
import { type Leaving, leavingAfter, readLeaving, served, writeLeaving } from "./leaving.ts";
import { memberBase, memberFiles, missingDatabases, namesOf, refuseConflicts, socketStep } from "./member.ts";
import { complaint, nginxRuns, probe, reloadNginx } from "./nginx.ts";
import { paths } from "./paths.ts";
import { startPhp, startSockets, testPool } from "./php.ts";
import { refusePurged } from "./purged.ts";
import { ftpPaths } from "./render/ftp.ts";
import { probeAnswer, siteFile } from "./render/nginx.ts";
import { Rejection } from "./result.ts";
import { applySoftware } from "./software/steps.ts";
import { ensure } from "./steps.ts";
import { appliedMembers, pending, type Registry, readRegistry, storeDocument, storedMembers } from "./store.ts";
import { type Applied, guarded, newWork, outcome, sound, type Work } from "./work.ts";

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
  for (const folder of [paths.members, paths.state, paths.ftp, ftpPaths.keys]) sweep(folder);
  const facts = observeFacts();
  const stored = appliedMembers();
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
  const registry = readRegistry();
  for (const work of sound(works)) {
    const before = stored.get(work.declared.member);
    work.document = served(work.declared, leaving);
    guarded(work, () => prepare(work, before && served(before, noted), facts, registry));
  }
  setAsideRefused(works, () => damaged(stored, works, facts, leaving));
  // What goes before what comes: a name may pass from one member to another.
  for (const work of sound(works))
    guarded(work, () => {
      work.result.warnings.push(...keepEdited([...work.files, ...work.gone.map((path) => ({ path }))], registry));
      work.previous.push(...takeOut(work.gone));
    });
  for (const work of sound(works)) guarded(work, () => swap(work));
  startSockets(sound(works));
  for (const work of sound(works)) guarded(work, () => startPhp(work));
  await serve(works);
  closeAll(works);
  // Before the documents: a name in neither of them would be forgotten.
  const failed = new Set(works.filter((work) => work.failure !== undefined).map((work) => work.declared.member));
  writeLeaving([
    ...leaving.filter(({ member }) => !failed.has(member)),
    ...noted.filter(({ member }) => failed.has(member)),
  ]);
  for (const work of sound(works)) guarded(work, () => keep(work));
  for (const work of sound(works)) maintain(work);
  const warnings: string[] = [];
  const opened = applyAccounts(host, storedMembers().values(), warnings);
  for (const { result } of sound(works).slice(0, 1)) {
    result.changed.push(...opened);
    result.warnings.push(...warnings);
  }
  return works.slice(0, documents.length).map(outcome);
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

// Account, tree and database first: nothing of it is seen from outside, and a failure leaves the site as it was.
function prepare(work: Work, before: MemberDocument | undefined, known: Facts, registry: Registry): void {
  const { document, result } = work;
  const base = memberBase(document, before);
  work.closing = [...base, socketStep(document)].filter(({ closing }) => closing === true);
  const changed = ensure(
    base.filter((step) => !work.closing.includes(step)),
    result.warnings,
  );
  result.changed.push(...changed);
  // A link that was led elsewhere by hand tells other facts once it is put right.
  const facts = (document.sites ?? []).some(({ name }) => changed.includes(linkOf(name))) ? observeFacts() : known;
  for (const name of missingDatabases(document)) result.warnings.push(`la base ${name} n'existe pas encore`);
  work.all = memberFiles(document, facts);
  for (const folder of new Set(work.all.map(({ path }) => dirname(path)))) sweep(folder);
  work.files = work.all.filter((file) => differs(file));
  const desired = new Set(work.all.map((file) => file.path));
  const earlier = before === undefined ? [] : memberFiles(before, facts).map((file) => file.path);
  // A chain stays until a better one is there.
  const gone = earlier.filter((path) => !desired.has(path) && !path.startsWith(paths.bought));
  // A run that was killed may have taken it out, and no more than that: the registry, written last, tells.
  work.gone = gone.filter((path) => existsSync(path) || registry[path] !== undefined);
  const left = (before?.sites ?? []).map((site) => site.name).filter((name) => !desired.has(siteFile(name)));
  for (const name of left) result.warnings.push(`${name} n'est plus servi ; son dossier est gardé`);
  const declared = new Set(namesOf(work.declared));
  for (const name of namesOf(document).filter((one) => !declared.has(one)))
    result.warnings.push(`${name} n'est plus déclaré : servi jusqu'à ce que le DNS l'ait oublié`);
  const pool = work.files.find((file) => file.path.startsWith(paths.fpm));
  if (pool !== undefined) testPool(pool, document.uid);
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

async function serve(works: readonly Work[]): Promise<void> {
  const registry = readRegistry();
  const touched = sound(works).some((work) => isNginxTouched(work, registry));
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

function closeAll(works: readonly Work[]): void {
  const before = sound(works).length;
  for (const work of sound(works))
    guarded(work, () => {
      work.result.changed.push(...ensure(work.closing, work.result.warnings));
    });
  if (sound(works).length < before) reloadNginx();
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

function isNginxTouched(work: Work, registry: Registry): boolean {
  const links = (work.document.sites ?? []).map(({ name }) => linkOf(name));
  return (
    work.gone.length > 0 ||
    links.some((path) => work.result.changed.includes(path)) ||
    work.all.some((file) => {
      const isRead = [paths.sites, paths.bought].some((part) => file.path.startsWith(part));
      return isRead && (work.files.includes(file) || pending(file, registry));
    })
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
  const gone = work.gone.filter((path) => !existsSync(path));
  work.result.changed.push(...storeDocument(work.declared, work.all, gone));
}

/** Names of all members that a batch is about, for the journal. */
export function membersOf(documents: readonly MemberDocument[]): string {
  return documents.map((document) => `${document.member}(${namesOf(document).length})`).join(",");
}
