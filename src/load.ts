import { isUtf8 } from "node:buffer";
import { closeSync, constants, type Dirent, fstatSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { basename, join } from "node:path";
import { domainToASCII } from "node:url";
import { MEMBER_ID } from "./document.ts";
import { explain } from "./load/explain.ts";
import { lineColumn, placeOf } from "./load/place.ts";
import { readText } from "./load/read.ts";
import { isReservedId } from "./load/reserved.ts";
import type { Details, Rule } from "./messages/index.ts";
import { Problem, pathText, sortProblems } from "./problem.ts";
import { RegistryEntry } from "./registry.ts";
import { Declaration } from "./schema.ts";

/** Largest member file, in bytes. */
export const MAX_BYTES = 65_536;

/** A member as declared. */
export interface Member {
  id: string;
  /** Path of the file as shown to people: `members/jardins.ts`. */
  file: string;
  text: string;
  declaration: Declaration;
}

/** A number's entry in the registry. */
export interface Registered {
  number: number;
  file: string;
  entry: RegistryEntry;
}

/** The public chain of a certificate that a member bought, as it was handed in. */
export interface HandedChain {
  /** A-label of the site that it is for. */
  site: string;
  file: string;
  text: string;
}

export interface Loaded {
  members: Member[];
  registry: Registered[];
  certificates: HandedChain[];
  /** Ids that have a file, readable or not, sorted. */
  ids: string[];
  /** Sorted; those of files that could be read no further. */
  problems: Problem[];
}

/** What stands beside the members' files. */
const folders = new Set(["registry", "certificates"]);

/**
 * Reads a folder of member files and its registry, as data: nothing is executed. Members are sorted by id.
 * A folder that is missing or empty is a problem, never "no members".
 */
export function loadMembers(folder: string): Loaded {
  const shownFolder = basename(folder) === "" ? folder : basename(folder);
  const problems: Problem[] = [];
  const members: Member[] = [];
  const ids: string[] = [];
  const top = { file: shownFolder, line: 1, column: 1, path: "" };
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true }).sort(byName);
  } catch {
    return { members, registry: [], certificates: [], ids, problems: [new Problem(top, "folder/missing", { folder })] };
  }
  for (const entry of entries) {
    if (entry.name.startsWith(".") || (folders.has(entry.name) && entry.isDirectory())) continue;
    const file = `${shownFolder}/${entry.name}`;
    const at = { file, line: 1, column: 1, path: "" };
    if (!entry.name.endsWith(".ts")) problems.push(new Problem(at, "file/foreign", { read: entry.name }));
    else if (!entry.isFile()) problems.push(new Problem(at, "file/special", undefined));
    else {
      ids.push(basename(entry.name, ".ts"));
      readMember(`${folder}/${entry.name}`, file, members, problems);
    }
  }
  const registry = readRegistry(folder, shownFolder, problems);
  const certificates = readCertificates(folder, shownFolder, problems);
  if (members.length === 0 && problems.length === 0) problems.push(new Problem(top, "folder/empty", { folder }));
  return { members, registry, certificates, ids, problems: sortProblems(problems) };
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}

function located(file: string, problems: Problem[]) {
  return <R extends Rule>(rule: R, details: Details<R>) => {
    problems.push(new Problem({ file, line: 1, column: 1, path: "" }, rule, details));
  };
}

function readMember(path: string, file: string, members: Member[], problems: Problem[]): void {
  const id = basename(file, ".ts");
  const whole = located(file, problems);
  if (!MEMBER_ID.test(id)) return whole("file/name", { read: id });
  if (isReservedId(id)) whole("file/reserved", { read: id });
  const text = readBytes(path, whole);
  if (text === undefined) return undefined;
  const result = declarationOf({ file, text });
  problems.push(...result.problems);
  if (result.declaration !== undefined) members.push({ id, file, text, declaration: result.declaration });
  return undefined;
}

const buffer = Buffer.allocUnsafe(MAX_BYTES + 1);

function readBytes(path: string, whole: <R extends Rule>(rule: R, details: Details<R>) => void): string | undefined {
  try {
    // Never more than the limit is read, and a link that took the file's place meanwhile is not followed.
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const length = readSync(file, buffer, 0, MAX_BYTES + 1, 0);
      const bytes = buffer.subarray(0, length);
      if (length > MAX_BYTES) whole("file/size", { read: fstatSync(file).size, most: MAX_BYTES });
      else if (isUtf8(bytes)) return bytes.toString("utf8");
      else whole("file/encoding", undefined);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    whole("file/unreadable", { why: (error as NodeJS.ErrnoException).code ?? String(error) });
  }
  return undefined;
}

/** The declaration in a text, or every problem of its form. `file` is only shown. */
export function declarationOf(source: { file: string; text: string }): {
  declaration: Declaration | undefined;
  problems: Problem[];
} {
  const { value, flaws } = readText(source.text);
  if (value === undefined) {
    const problems = flaws.map(
      ({ rule, details, offset, keys }) =>
        new Problem({ file: source.file, path: pathText(keys), ...lineColumn(source.text, offset) }, rule, details),
    );
    return { declaration: undefined, problems };
  }
  const result = Declaration.safeParse(value, { reportInput: false });
  if (result.success) return { declaration: result.data, problems: [] };
  const problems = result.error.issues
    .flatMap((issue) => explain(issue, value))
    .map(({ rule, details, keys, at }) => new Problem(placeOf(source, keys, at), rule, details));
  return { declaration: undefined, problems };
}

/** Entries of a folder beside the members' files; none when it isn't there. */
function entriesOf(folder: string): Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter(({ name }) => !name.startsWith(".")).sort(byName);
  } catch {
    return [];
  }
}

function readCertificates(folder: string, shownFolder: string, problems: Problem[]): HandedChain[] {
  return entriesOf(join(folder, "certificates")).flatMap((entry) => {
    const file = `${shownFolder}/certificates/${entry.name}`;
    const whole = located(file, problems);
    if (!entry.isFile()) whole("file/special", undefined);
    else if (!entry.name.endsWith(".pem")) whole("certificate/file", { read: entry.name });
    else {
      const text = readBytes(`${folder}/certificates/${entry.name}`, whole);
      if (text !== undefined) return [{ site: domainToASCII(basename(entry.name, ".pem")), file, text }];
    }
    return [];
  });
}

function readRegistry(folder: string, shownFolder: string, problems: Problem[]): Registered[] {
  const registry: Registered[] = [];
  for (const entry of entriesOf(join(folder, "registry"))) {
    const file = `${shownFolder}/registry/${entry.name}`;
    const read =
      entry.isFile() && /^[1-9]\d{0,4}$/.test(entry.name) ? parseEntry(`${folder}/registry/${entry.name}`) : undefined;
    if (read === undefined)
      problems.push(new Problem({ file, line: 1, column: 1, path: "" }, "registry/file", undefined));
    else registry.push({ number: Number(entry.name), file, entry: read });
  }
  return registry;
}

function parseEntry(path: string): RegistryEntry | undefined {
  try {
    return RegistryEntry.safeParse(JSON.parse(readFileSync(path, "utf8"))).data;
  } catch {
    return undefined;
  }
}
