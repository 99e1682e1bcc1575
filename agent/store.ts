import { lstatSync, readdirSync } from "node:fs";
import { basename } from "node:path";
import { canonical, HostDocument, HostingDocument, MemberDocument } from "../src/document.ts";
import { type DesiredFile, differs, readIfThere, sha256, writeAtomic } from "./files.ts";
import { paths } from "./paths.ts";
import { type Drift, Rejection } from "./result.ts";

/** Text of stdin or of a stored file → a document. @throws Rejection naming each wrong key. */
export function parseDocument(text: string): HostingDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Rejection("le document n'est pas du JSON");
  }
  const parsed = HostingDocument.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, 8).map((issue) => `${issue.path.join(".")} : ${issue.message}`);
  throw new Rejection(`document refusé : ${problems.join(" ; ")}`);
}

/** The host's document as last applied. @throws Rejection when it was made unreadable */
export function storedHost(): HostDocument | undefined {
  const text = readIfThere(paths.hostDocument);
  if (text === undefined) return undefined;
  const found = parsed(HostDocument, text);
  if (found === undefined) throw new Rejection(`${paths.hostDocument} est illisible : ${putRight}`);
  return found;
}

/** All members' documents as they are stored, by id; one that was made unreadable is left out, and must stop no other. */
export function storedMembers(): Map<string, MemberDocument> {
  const found = namesIn(paths.members, ".json").flatMap((name) => {
    const document = parsed(MemberDocument, readIfThere(`${paths.members}/${name}`));
    return document === undefined ? [] : [[document.member, document] as const];
  });
  return new Map(found);
}

/** All members' documents as last applied, by id: one that was edited since decides nothing. */
export function appliedMembers(registry = readRegistry()): Map<string, MemberDocument> {
  return new Map(
    [...storedMembers()].filter(([member]) => {
      const path = documentPath(member);
      return registry[path] === undefined || sha256(readIfThere(path) ?? "") === registry[path];
    }),
  );
}

/** Members whose document was applied, and was removed or made unreadable since. */
export function lostMembers(): Set<string> {
  const noted = Object.keys(readRegistry()).filter((path) => path.startsWith(`${paths.members}/`));
  const there = storedMembers();
  return new Set(noted.map((path) => basename(path, ".json")).filter((member) => !there.has(member)));
}

function parsed<T>(schema: { safeParse: (value: unknown) => { data?: T } }, text: Buffer | undefined): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text?.toString() ?? "")).data;
  } catch {
    return undefined;
  }
}

/** What puts a stored document right again that was changed by hand. */
export const putRight = "`npx cassiopea up --repair` remet celui qui a été appliqué";

/** Where a member's document is stored. */
export function documentPath(member: string): string {
  return `${paths.members}/${member}.json`;
}

/** A stored document as the file that it should be. */
export function documentFile(document: HostingDocument): DesiredFile {
  const content = canonical(document);
  return document.kind === "host"
    ? { path: paths.hostDocument, content, mode: 0o600, key: "document" }
    : { path: documentPath(document.member), content, mode: 0o600, key: "document", member: document.member };
}

/**
 * Keeps a document as the last applied one, and notes what was rendered by it and taken away; gives the document's path when
 * that changed it.
 */
export function storeDocument(
  document: HostingDocument,
  rendered: readonly DesiredFile[] = [],
  gone: readonly string[] = [],
): string[] {
  const file = documentFile(document);
  noteRendered([...rendered, file], gone);
  if (!differs(file)) return [];
  writeAtomic(file.path, file.content, file.mode);
  return [file.path];
}

/** Stored documents that were edited, removed or put there by hand: they are not what was applied last. */
export function documentDrift(registry = readRegistry()): Drift[] {
  // A host whose own document is not noted was set up by an agent that noted none.
  if (registry[paths.hostDocument] === undefined) return [];
  const noted = Object.keys(registry).filter((path) => path.startsWith(`${paths.members}/`));
  const there = namesIn(paths.members, ".json").map((name) => `${paths.members}/${name}`);
  return [...new Set([paths.hostDocument, ...noted, ...there])].flatMap((path) => {
    const text = readIfThere(path);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    const isRight = stat?.isFile() === true && (stat.mode & 0o7777) === 0o600 && stat.uid === 0;
    if (isRight && text !== undefined && sha256(text) === registry[path]) return [];
    const member = path === paths.hostDocument ? {} : { member: basename(path, ".json") };
    return [{ path, kind: "hand-made" as const, key: "document", ...member }];
  });
}

/** Sorted names in a folder that end so; none when there is no such folder. Our own temporary files are left out. */
export function namesIn(folder: string, ending: string, { hidden = false } = {}): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(ending) && name.startsWith(".") === hidden)
      .sort();
  } catch {
    return [];
  }
}

/** Path → SHA-256 of the content that the agent last rendered there. */
export type Registry = Record<string, string>;

/** Reads the registry of rendered files. */
export function readRegistry(): Registry {
  const text = readIfThere(paths.rendered);
  return text === undefined ? {} : (JSON.parse(text.toString()) as Registry);
}

/** Whether a file is not on disk as desired, or was put there by a run that ended before it was taken into use. */
export function pending(file: DesiredFile, registry: Registry): boolean {
  return registry[file.path] !== sha256(file.content) || differs(file);
}

/** Notes what was rendered and what was taken away; writes only when that changes the registry. */
export function noteRendered(
  rendered: readonly { path: string; content: string }[],
  gone: readonly string[] = [],
): void {
  const before = readRegistry();
  const after = { ...before };
  for (const { path, content } of rendered) after[path] = sha256(content);
  for (const path of gone) delete after[path];
  const text = canonical(after);
  if (text !== canonical(before)) writeAtomic(paths.rendered, text, 0o600);
}
