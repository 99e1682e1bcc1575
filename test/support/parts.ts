import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A case file: a head, then files after lines `-- name --`. */
export interface Parts {
  head: string;
  files: Map<string, string>;
}

/** Reads a case file. */
export function readParts(path: string): Parts {
  const [head = "", ...parts] = readFileSync(path, "utf8").split(/^-- (.+) --\n/m);
  const files = new Map<string, string>();
  for (let index = 0; index < parts.length; index += 2) files.set(parts[index] ?? "", parts[index + 1] ?? "");
  return { head, files };
}

/** Writes files below a folder. */
export function writeParts(folder: string, files: ReadonlyMap<string, string>): void {
  for (const [name, text] of files) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
