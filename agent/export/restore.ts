import { existsSync, renameSync } from "node:fs";
import type { MemberDocument } from "../../src/document.ts";
import type { ExportManifest, ExportPart } from "../../src/export.ts";
import { readIfThere } from "../files.ts";
import { refuseRunning, stopPhp } from "../idle.ts";
import { takeLock } from "../lock.ts";
import { socketStep } from "../member.ts";
import { paths } from "../paths.ts";
import { refusePurged } from "../purged.ts";
import { diskSteps, quota } from "../quota.ts";
import { welcomePage } from "../render/pages.ts";
import { emptyResult, Rejection, type Result } from "../result.ts";
import { run } from "../shell.ts";
import { sql } from "../sql.ts";
import { ensure, makeFolder } from "../steps.ts";
import { namesIn } from "../store.ts";
import { documentOf, exportFolder } from "./export.ts";
import { databaseStream, definitionsStream, intoDatabase, intoTree, treeOf, treeStream } from "./sources.ts";
import { listing } from "./still.ts";
import { readAll, unpackInto } from "./stream.ts";
import { verifiedExport } from "./verify.ts";

/** A part that is a database's dump. */
type DatabasePart = ExportPart & { database: NonNullable<ExportPart["database"]> };

/**
 * Puts back what an export holds, and proves it by reading it again: the same bytes. What is there is moved aside, never
 * written over; unless that is asked for, nothing is done where something is.
 * @param replace whether what is there may be moved aside
 */
export async function restoreMember(member: string, id: string, replace: boolean, now = new Date()): Promise<Result> {
  const document = documentOf(member);
  refusePurged(member);
  const folder = exportFolder(member, id);
  const letGo = await takeLock(10, paths.exportLock);
  try {
    const manifest = await verifiedExport(folder);
    if (manifest.member !== member || manifest.document.uid !== document.uid)
      throw new Rejection(texts.other(manifest));
    const databases = manifest.parts.filter((part): part is DatabasePart => part.database !== undefined);
    const full = databases.map(({ database }) => database.name).filter((name) => objectsIn(name).length > 0);
    const present = [...((await hasFiles(member)) ? [treeOf(member)] : []), ...full];
    if (present.length > 0 && !replace) throw new Rejection(texts.present(present));
    const stamp = now.toISOString().replace(/\.\d+/, "").replaceAll(/[-:]/g, "").toLowerCase();
    const staged = await stageTree(manifest, folder, document, stamp);
    return await putInPlace({ document, databases, folder, staged, stamp });
  } finally {
    letGo();
  }
}

interface Placing {
  document: MemberDocument;
  databases: readonly DatabasePart[];
  folder: string;
  /** The tree, complete and compared. */
  staged: string;
  /** Marks what is moved aside. */
  stamp: string;
}

// Nothing of the member runs meanwhile, so that files and databases change together.
async function putInPlace({ document, databases, folder, staged, stamp }: Placing): Promise<Result> {
  const { member, uid } = document;
  const result = emptyResult("restore");
  const letGo = await takeLock(240);
  try {
    stopPhp(member);
    try {
      refuseRunning(member, uid);
      for (const part of databases) {
        const aside = await moveAside(member, part.database.name, stamp);
        if (aside !== undefined) result.warnings.push(aside);
        await loadDatabase(part, folder);
        result.changed.push(`database ${part.database.name}`);
      }
      const kept = exchange(member, uid, staged, stamp);
      if (kept !== undefined) result.warnings.push(texts.asideTree(kept));
      result.changed.push(treeOf(member));
      ensure(diskSteps(document));
    } finally {
      // As declared, also when a run that was killed had stopped it.
      ensure([socketStep(document)]);
    }
  } finally {
    letGo();
  }
  return result;
}

/** Whether a member's tree holds more than what the agent puts into a new one. */
async function hasFiles(member: string): Promise<boolean> {
  const tree = treeOf(member);
  if (!existsSync(tree)) return false;
  for (const [name, facts] of await listing(tree)) {
    if (facts.startsWith("d ")) continue;
    const site = /^sites\/([a-z0-9.-]+)\/index\.html$/.exec(name)?.[1];
    const isWelcome = site !== undefined && facts.startsWith("f ");
    if (!isWelcome || readIfThere(`${tree}/${name}`)?.toString() !== welcomePage(site)) return true;
  }
  return false;
}

interface SqlObject {
  /** `base table`, `view`, `trigger`, `procedure`, … */
  kind: string;
  name: string;
}

/** What a database holds; nothing when it is empty or is not there. */
export function objectsIn(database: string): SqlObject[] {
  const rows = sql(
    `SELECT LOWER(table_type), table_name FROM information_schema.tables WHERE table_schema = '${database}'
UNION ALL SELECT 'trigger', trigger_name FROM information_schema.triggers WHERE trigger_schema = '${database}'
UNION ALL SELECT LOWER(routine_type), routine_name FROM information_schema.routines WHERE routine_schema = '${database}'
UNION ALL SELECT 'event', event_name FROM information_schema.events WHERE event_schema = '${database}'`,
  );
  return rows.map((row) => {
    const [kind = "", name = ""] = row.split("\t");
    return { kind, name };
  });
}

/**
 * Moves all tables of a database into a new one beside it; gives what is kept where, or nothing when it was empty. Views, triggers
 * and routines can't change databases: what defines them is kept as SQL beside the member's exports.
 */
async function moveAside(member: string, database: string, stamp: string): Promise<string | undefined> {
  const objects = objectsIn(database);
  if (objects.length === 0) return undefined;
  const aside = `${database}_${stamp}`;
  const name = (one: string) => `\`${one.replaceAll("`", "``")}\``;
  const isDefined = ({ kind }: SqlObject) =>
    /^(view|trigger|procedure|function|package|package body|event)$/.test(kind);
  const definitions = objects.filter(isDefined);
  const file = `${paths.exports}/${member}/${aside}.definitions.sql.zst`;
  if (definitions.length > 0) await readAll(definitionsStream(database), file);
  const dropped = definitions.map((one) => `DROP ${one.kind} ${name(database)}.${name(one.name)};`);
  const moved = objects
    .filter((one) => !isDefined(one))
    .map((one) => `${name(database)}.${name(one.name)} TO ${name(aside)}.${name(one.name)}`);
  sql(
    `CREATE DATABASE ${name(aside)}; ${dropped.join(" ")} ${moved.length > 0 ? `RENAME TABLE ${moved.join(", ")};` : ""}`,
  );
  return texts.asideDatabase(database, aside, definitions.length > 0 ? file : undefined);
}

async function loadDatabase({ name, content, database }: DatabasePart, folder: string): Promise<void> {
  const { name: into, characterSet, collation } = database;
  const set = `CHARACTER SET ${characterSet} COLLATE ${collation}`;
  sql(`CREATE DATABASE IF NOT EXISTS \`${into}\` ${set}; ALTER DATABASE \`${into}\` ${set};`);
  await unpackInto(`${folder}/${name}`, intoDatabase(into));
  const again = await readAll(databaseStream(into));
  if (again.content.sha256 !== content.sha256) throw new Rejection(texts.differs(into));
}

const stagingOf = (id: string) => `${paths.srv}/.${id}.restoring`;
/** The tree when it is complete. A killed run may leave the member's former one under this name, so it is never emptied. */
const stagedOf = (id: string) => `${paths.srv}/.${id}.restored`;
const keptOf = (member: string, stamp: string) => `${paths.srv}/.${member}.before-${stamp}`;

/** Unpacks the tree beside the member's and reads it again. Gives its path. @throws Rejection when it differs from what was exported */
async function stageTree(
  { id, parts }: ExportManifest,
  folder: string,
  document: MemberDocument,
  stamp: string,
): Promise<string> {
  const part = parts.find(({ name }) => name === "files.tar.zst");
  if (part === undefined) throw new Rejection(texts.noTree(id));
  const staging = stagingOf(id);
  const staged = stagedOf(id);
  if (existsSync(staged)) {
    if ((await readAll(treeStream(staged))).content.sha256 === part.content.sha256) return staged;
    // A run that was killed after the exchange: it is what stood there before.
    renameSync(staged, keptOf(document.member, stamp));
  }
  if (existsSync(staging)) run("find", [staging, "-xdev", "-mindepth", "1", "-delete"]);
  else makeFolder(staging, true);
  await unpackInto(`${folder}/${part.name}`, intoTree(staging));
  const odd = ["(", "-type", "b", "-o", "-type", "c", "-o", "-perm", "/6000", "!", "-uid", String(document.uid), ")"];
  if (run("find", [staging, ...odd, "-print", "-quit"]) !== "") throw new Rejection(texts.odd(id));
  run("sync", ["-f", staging]);
  if ((await readAll(treeStream(staging))).content.sha256 !== part.content.sha256)
    throw new Rejection(texts.differs(staging));
  renameSync(staging, staged);
  return staged;
}

/** Puts the staged tree in the member's place in one step; gives where the former one is kept. */
function exchange(member: string, uid: number, staged: string, stamp: string): string | undefined {
  const tree = treeOf(member);
  if (!existsSync(tree)) {
    renameSync(staged, tree);
    return undefined;
  }
  run("mv", ["-T", "--exchange", staged, tree]);
  const kept = keptOf(member, stamp);
  renameSync(staged, kept);
  const now = quota();
  if (now.kind !== "none") now.driver.uncount(kept, uid);
  return kept;
}

/** What restoring set aside, or a killed run left, as warnings. */
export function keptByRestoring(): string[] {
  return namesIn(paths.srv, "", { hidden: true })
    .filter((name) => /\.before-\d{8}t\d{6}z$|\.(restoring|restored)$/.test(name))
    .map((name) => texts.kept(`${paths.srv}/${name}`));
}

const texts = {
  other: ({ id, member, document }: ExportManifest) =>
    `${id} est l'archive de ${member} (uid ${document.uid}) : ce n'est pas ce membre-ci`,
  present: (what: readonly string[]) =>
    `déjà là : ${what.join(", ")}. Rien n'est changé. Avec --replace, ce qui est là est mis de côté, et gardé`,
  asideDatabase: (database: string, aside: string, definitions: string | undefined) =>
    `les tables d'avant de ${database} sont gardées dans ${aside}${definitions === undefined ? "" : `, ses vues, déclencheurs et routines dans ${definitions}`}`,
  asideTree: (kept: string) => `les fichiers d'avant sont gardés dans ${kept}`,
  differs: (what: string) =>
    `${what} relu n'est pas ce que l'archive contenait ; ce qui était là avant est gardé de côté`,
  noTree: (id: string) => `${id} ne contient pas de fichiers`,
  odd: (id: string) => `${id} contient des fichiers qu'aucun membre ne peut faire (périphériques, droits d'autrui)`,
  kept: (path: string) => `${path} : gardé d'une restauration ; à retirer à la main une fois vérifié`,
};
