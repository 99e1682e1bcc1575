import { existsSync, readFileSync } from "node:fs";
import type { MemberDocument } from "../../src/document.ts";
import { type ExportManifest, MANIFEST } from "../../src/export.ts";
import type { PurgeState } from "../../src/purge.ts";
import { documentOf, exportFolder, exportsOf } from "../export/export.ts";
import { keptByRestoring, objectsIn } from "../export/restore.ts";
import { accountsOf, databaseStream, databasesOf, treeOf, treeStream } from "../export/sources.ts";
import { listing } from "../export/still.ts";
import { readAll } from "../export/stream.ts";
import { verifiedExport } from "../export/verify.ts";
import { sha256 } from "../files.ts";
import { keptFolders } from "../quota/convert.ts";
import { filesOf } from "../quota.ts";
import { Rejection } from "../result.ts";
import { run } from "../shell.ts";
import { storedHost } from "../store.ts";

/** The document of a member that has left. @throws Rejection when it has not */
export function leaver(member: string): MemberDocument {
  const document = documentOf(member);
  if (document.status !== "left") throw new Rejection(texts.notLeft(member));
  return document;
}

/**
 * All that a purge would take, read and compared with the newest export, to the byte. Changes nothing.
 * @throws Rejection when something is in no export: it can't be purged then
 */
export async function purgeState(member: string, until: string): Promise<PurgeState> {
  const { uid } = leaver(member);
  const aside = [...keptByRestoring(), ...keptFolders()].filter(
    (one) => one.includes(`/.${member}.`) || one.includes(`/.${member}-`),
  );
  if (aside.length > 0) throw new Rejection(texts.aside(aside));
  const id = exportsOf(member).at(-1);
  if (id === undefined) throw new Rejection(texts.noExport(member));
  const { manifest, sum } = await verified(member, id);
  run("sync", ["-f", treeOf(member)]);
  const databases = storedHost()?.roles.includes("database") === true ? databasesOf(member) : [];
  const read = [];
  for (const { bytes, ...one } of databases) read.push({ ...one, bytes, sha256: await databaseSum(one.name) });
  const exported = new Map(manifest.parts.map((part) => [part.database?.name, part.content.sha256]));
  const missing = read.filter((one) => exported.get(one.name) !== one.sha256).map(({ name }) => name);
  const files = {
    path: treeOf(member),
    bytes: filesOf(member, uid),
    count: (await listing(treeOf(member))).size,
    sha256: await treeSum(treeOf(member)),
  };
  if (files.sha256 !== exported.get(undefined)) missing.unshift(files.path);
  if (missing.length > 0) throw new Rejection(texts.notExported(id, missing));
  const accounts = databases.length > 0 ? accountsOf(member).map(({ user, host }) => `'${user}'@'${host}'`) : [];
  return {
    member,
    host: manifest.host,
    uid,
    until,
    export: { id, manifest: sum },
    files,
    databases: read,
    accounts,
  };
}

/** A member's export, every part compared, with its manifest's checksum. */
async function verified(member: string, id: string): Promise<{ manifest: ExportManifest; sum: string }> {
  const folder = exportFolder(member, id);
  return { manifest: await verifiedExport(folder), sum: sha256(readFileSync(`${folder}/${MANIFEST}`)) };
}

/** @throws Rejection when what was confirmed is no longer all in the export, or what is still here is something else */
export async function refuseOther({ member, export: { id, manifest }, files, databases }: PurgeState): Promise<void> {
  if ((await verified(member, id)).sum !== manifest) throw new Rejection(texts.otherExport(id));
  const here = new Set(databases.length === 0 ? [] : databasesOf(member).map(({ name }) => name));
  // Empty: a run that was broken off has been here.
  for (const { name, sha256: sum } of databases)
    if (here.has(name) && objectsIn(name).length > 0 && (await databaseSum(name)) !== sum)
      throw new Rejection(texts.changed(name));
  const unknown = [...here].filter((name) => !databases.some((one) => one.name === name));
  if (unknown.length > 0) throw new Rejection(texts.changed(unknown.join(", ")));
  if (existsSync(files.path) && (await treeSum(files.path)) !== files.sha256)
    throw new Rejection(texts.changed(files.path));
}

async function treeSum(tree: string): Promise<string> {
  return (await readAll(treeStream(tree))).content.sha256;
}

async function databaseSum(name: string): Promise<string> {
  return (await readAll(databaseStream(name))).content.sha256;
}

const texts = {
  notLeft: (member: string) =>
    `${member} n'est pas parti : son fichier doit dire status: { state: "left", on: "…" }, et « up » l'appliquer`,
  aside: (what: readonly string[]) =>
    `des fichiers gardés de côté ne sont dans aucune archive : ${what.join(" ; ")}. À vérifier et retirer d'abord`,
  noExport: (member: string) => `aucune archive de ${member} sur ce serveur : la faire d'abord (npx cassiopea export)`,
  notExported: (id: string, what: readonly string[]) =>
    `l'archive ${id} n'est pas l'état présent de ${what.join(", ")} : refaire une archive, puis recommencer`,
  otherExport: (id: string) => `l'archive ${id} n'est plus celle qui a été confirmée : rien n'est retiré`,
  changed: (what: string) => `${what} n'est plus ce qui a été confirmé : rien de plus n'est retiré`,
};
