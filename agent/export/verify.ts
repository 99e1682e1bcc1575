import { lstatSync, readdirSync } from "node:fs";
import { ExportManifest, MANIFEST } from "../../src/export.ts";
import { readIfThere } from "../files.ts";
import { Rejection } from "../result.ts";
import { readFile } from "./stream.ts";

/**
 * Reads an export's manifest and compares every part with it, byte by byte.
 * @throws Rejection when anything is missing, is there too much, is no plain file or differs
 */
export async function verifiedExport(folder: string): Promise<ExportManifest> {
  const manifest = readManifest(folder);
  const wanted = new Set([MANIFEST, ...manifest.parts.map(({ name }) => name)]);
  const found = readdirSync(folder);
  const odd = [...found.filter((name) => !wanted.has(name)), ...[...wanted].filter((name) => !found.includes(name))];
  if (odd.length > 0) throw new Rejection(texts.otherFiles(folder, odd));
  for (const { name, bytes, sha256 } of manifest.parts) {
    const path = `${folder}/${name}`;
    const stat = lstatSync(path);
    if (!stat.isFile()) throw new Rejection(texts.noFile(path));
    if (stat.size !== bytes) throw new Rejection(texts.otherSize(path, stat.size, bytes));
    if ((await readFile(path)).sha256 !== sha256) throw new Rejection(texts.otherContent(path));
  }
  return manifest;
}

function readManifest(folder: string): ExportManifest {
  const path = `${folder}/${MANIFEST}`;
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) throw new Rejection(texts.noManifest(path));
  let value: unknown;
  try {
    value = JSON.parse(readIfThere(path)?.toString() ?? "");
  } catch {
    throw new Rejection(texts.noManifest(path));
  }
  const parsed = ExportManifest.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Rejection(texts.badManifest(path, issue?.path.join(".") ?? "", issue?.message ?? ""));
  }
  return parsed.data;
}

const texts = {
  noManifest: (path: string) => `${path} manque ou n'est pas lisible : ce n'est pas une archive entière`,
  badManifest: (path: string, key: string, said: string) => `${path} : ${key} : ${said}`,
  otherFiles: (folder: string, names: readonly string[]) =>
    `${folder} : fichiers en trop ou manquants : ${names.map((name) => JSON.stringify(name)).join(", ")}`,
  noFile: (path: string) => `${path} n'est pas un fichier`,
  otherSize: (path: string, bytes: number, wanted: number) => `${path} : ${bytes} octets, ${wanted} attendus`,
  otherContent: (path: string) => `${path} : la somme de contrôle n'est pas celle du manifeste : archive altérée`,
};
