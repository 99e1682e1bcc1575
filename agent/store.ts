import { readdirSync } from "node:fs";
import { canonical, HostDocument, HostingDocument, MemberDocument } from "../src/document.ts";
import { type DesiredFile, differs, readIfThere, sha256, writeAtomic } from "./files.ts";
import { paths } from "./paths.ts";
import { Rejection } from "./result.ts";

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

/** The host's document as last applied. */
export function storedHost(): HostDocument | undefined {
  const text = readIfThere(paths.hostDocument);
  return text === undefined ? undefined : HostDocument.parse(JSON.parse(text.toString()));
}

/** All members' documents as last applied, by id. */
export function storedMembers(): Map<string, MemberDocument> {
  const found = new Map<string, MemberDocument>();
  for (const name of namesIn(paths.members, ".json")) {
    const document = MemberDocument.parse(JSON.parse(readIfThere(`${paths.members}/${name}`)?.toString() ?? ""));
    found.set(document.member, document);
  }
  return found;
}

/** Keeps a document as the last applied one; says whether that changed anything. */
export function storeDocument(document: HostingDocument): boolean {
  const path = document.kind === "host" ? paths.hostDocument : `${paths.members}/${document.member}.json`;
  const text = canonical(document);
  if (readIfThere(path)?.toString() === text) return false;
  writeAtomic(path, text, 0o600);
  return true;
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
