import { existsSync, mkdirSync, readdirSync, renameSync, statfsSync, unlinkSync } from "node:fs";
import { canonical, MEMBER_ID, type MemberDocument } from "../../src/document.ts";
import { EXPORT_ID, type ExportManifest, type ExportPart, exportId, MANIFEST } from "../../src/export.ts";
import { writeAtomic } from "../files.ts";
import { takeLock } from "../lock.ts";
import { paths } from "../paths.ts";
import { refusePurged } from "../purged.ts";
import { filesOf } from "../quota.ts";
import { emptyResult, Rejection, type Result } from "../result.ts";
import { run } from "../shell.ts";
import { storedHost, storedMembers } from "../store.ts";
import {
  accountsOf,
  type Database,
  databaseStream,
  databasesOf,
  outsideTransactions,
  toolVersions,
  treeOf,
  treeStream,
} from "./sources.ts";
import { changedBetween, listing } from "./still.ts";
import { readAll, type Written } from "./stream.ts";

/** What stays free on the disk whatever is exported. */
const reserve = 1_000_000_000;
/** A tree that changes while it is read is read again so often. */
const attempts = 3;

/** Folder of an export. @throws Rejection when the id is none of this member's */
export function exportFolder(member: string, id: string): string {
  if (!MEMBER_ID.test(member)) throw new Rejection(texts.noId(member));
  if (!EXPORT_ID.test(id) || !id.startsWith(`${member}-`)) throw new Rejection(texts.noExport(id, member));
  return `${paths.exports}/${member}/${id}`;
}

/** The member's document here. @throws Rejection when this host has none */
export function documentOf(member: string): MemberDocument {
  const document = MEMBER_ID.test(member) ? storedMembers().get(member) : undefined;
  if (document === undefined) throw new Rejection(texts.noMember(member));
  return document;
}

/**
 * Writes all that this host holds of a member into a folder of its own: the tree, each database, a manifest with checksums.
 * It appears whole or not at all. Earlier exports stay.
 */
export async function exportMember(member: string, now = new Date()): Promise<Result> {
  const document = documentOf(member);
  refusePurged(member);
  const letGo = await takeLock(10, paths.exportLock);
  try {
    const host = storedHost();
    if (host === undefined) throw new Rejection(texts.noHost);
    const hasDatabases = host.roles.includes("database");
    const databases = hasDatabases ? databasesOf(member) : [];
    const missing = (document.databases ?? []).filter((name) => !databases.some((one) => one.name === name));
    if (missing.length > 0) throw new Rejection(texts.lostDatabase(missing.join(", ")));
    const id = exportId(member, host.host, now);
    const folder = exportFolder(member, id);
    const partial = emptyPartial(member);
    // What was written last has no place on the disk yet: its holes would not be known.
    run("sync", ["-f", paths.srv]);
    refuseFullDisk(filesOf(member, document.uid) + databases.reduce((sum, { bytes }) => sum + bytes, 0));
    try {
      const files = await exportTree(member, partial);
      const parts: ExportPart[] = [part("files.tar.zst", files.written)];
      for (const database of databases) parts.push(await exportDatabase(database, partial));
      const outside = document.status === undefined ? outsideTransactions(databases) : [];
      const manifest: ExportManifest = {
        schema: 1,
        kind: "export",
        id,
        member,
        host: host.host,
        made: now.toISOString(),
        document,
        tools: { agent: host.agent, ...toolVersions(hasDatabases) },
        parts,
        accounts: hasDatabases ? accountsOf(member) : [],
        warnings: [...files.warnings, ...(outside.length === 0 ? [] : [texts.outside(outside)])],
      };
      writeAtomic(`${partial}/${MANIFEST}`, canonical(manifest), 0o600);
      renameSync(partial, folder);
      run("sync", ["-f", folder]);
      const bytes = parts.reduce((sum, one) => sum + one.bytes, 0);
      return {
        ...emptyResult("export"),
        changed: [folder],
        warnings: [...manifest.warnings, ...earlier(member, id)],
        export: { id, bytes },
      };
    } catch (error) {
      if (existsSync(partial)) emptyPartial(member);
      throw error;
    }
  } finally {
    letGo();
  }
}

/** The folder that the next export of a member is written in, without what a killed one left in it. */
export function emptyPartial(member: string): string {
  const partial = `${paths.exports}/${member}/.partial`;
  mkdirSync(partial, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(partial)) unlinkSync(`${partial}/${name}`);
  return partial;
}

function refuseFullDisk(needed: number): void {
  const { bavail, bsize } = statfsSync(paths.exports);
  const free = bavail * bsize;
  if (free < needed + reserve) throw new Rejection(texts.fullDisk(needed, free));
}

async function exportTree(member: string, partial: string): Promise<{ written: Written; warnings: string[] }> {
  const tree = treeOf(member);
  for (let left = attempts; ; left -= 1) {
    const before = await listing(tree);
    const file = `${partial}/files.tar.zst`;
    // 1: something changed while it was read; whether that matters is seen by the listings.
    const written = await readAll(treeStream(tree), file, [0, 1]);
    const changed = changedBetween(before, await listing(tree));
    if (changed.length === 0) return { written, warnings: noted(written.said) };
    unlinkSync(file);
    if (left === 1) throw new Rejection(texts.changing(member, changed));
  }
}

// What tar says of passing files (sockets, sessions) is kept in the manifest; the tree's name is no news.
function noted(said: string): string[] {
  const lines = said.split("\n").filter((line) => line.trim() !== "" && !line.includes("Exiting with failure status"));
  return lines.slice(0, 20);
}

async function exportDatabase({ name, characterSet, collation }: Database, partial: string): Promise<ExportPart> {
  const file = `${name}.sql.zst`;
  const written = await readAll(databaseStream(name), `${partial}/${file}`);
  return { ...part(file, written), database: { name, characterSet, collation } };
}

function part(name: string, { content, packed }: Written): ExportPart {
  if (packed === undefined) throw new Error(`${name} was not written`);
  return { name, ...packed, content };
}

function earlier(member: string, id: string): string[] {
  const others = exportsOf(member).filter((name) => name !== id);
  return others.length === 0 ? [] : [texts.earlier(`${paths.exports}/${member}`, others.length)];
}

/** Ids of a member's exports on this host, oldest first. */
export function exportsOf(member: string): string[] {
  const folder = `${paths.exports}/${member}`;
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => EXPORT_ID.test(name))
        .sort()
    : [];
}

const texts = {
  noId: (member: string) => `« ${member} » n'est pas un identifiant de membre`,
  noMember: (member: string) => `cet hôte n'a pas de document du membre « ${member} »`,
  noHost: "cet hôte n'a encore reçu aucun document",
  noExport: (id: string, member: string) => `« ${id} » n'est pas une archive de ${member}`,
  lostDatabase: (names: string) =>
    `${names} : base déclarée mais absente du serveur ; l'archive serait incomplète, rien n'est écrit`,
  fullDisk: (needed: number, free: number) =>
    `place insuffisante pour l'archive : il faut ${needed} octets et ${reserve} de réserve, ${free} sont libres`,
  changing: (member: string, names: readonly string[]) =>
    `les fichiers de ${member} changent pendant la lecture (${names
      .slice(0, 3)
      .map((name) => JSON.stringify(name))
      .join(", ")}${names.length > 3 ? ", …" : ""}) : réessayer à une heure calme, ou suspendre le membre d'abord`,
  outside: (tables: readonly string[]) =>
    `tables lues hors de la transaction (${tables.slice(0, 5).join(", ")}${tables.length > 5 ? ", …" : ""}) : suspendre le membre d'abord pour un état exact`,
  earlier: (folder: string, count: number) =>
    `${count} archive${count > 1 ? "s plus anciennes" : " plus ancienne"} dans ${folder} : à retirer à la main quand la copie est en lieu sûr`,
};
