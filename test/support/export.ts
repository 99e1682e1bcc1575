import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { canonical } from "../../src/document.ts";
import { type ExportManifest, MANIFEST } from "../../src/export.ts";

/** Writes an export of a member with these parts into a folder `<id>` and gives that folder. */
export function writeExport(folder: string, parts: Record<string, string>, host = "web1"): string {
  const id = `asso42-${host}-20261127t010203z`;
  const read = (text: string) => ({
    bytes: Buffer.byteLength(text),
    sha256: createHash("sha256").update(text).digest("hex"),
  });
  const manifest: ExportManifest = {
    schema: 1,
    kind: "export",
    id,
    member: "asso42",
    host,
    made: "2026-11-27T01:02:03.000Z",
    document: { schema: 1, kind: "member", host, member: "asso42", uid: 20042 },
    tools: { tar: "tar (GNU tar) 1.35" },
    parts: Object.entries(parts).map(([name, text]) => ({ name, ...read(text), content: read(text) })),
    accounts: [],
    warnings: [],
  };
  const path = join(folder, id);
  mkdirSync(path, { recursive: true });
  for (const [name, text] of Object.entries(parts)) writeFileSync(join(path, name), text);
  writeFileSync(join(path, MANIFEST), canonical(manifest));
  return path;
}
