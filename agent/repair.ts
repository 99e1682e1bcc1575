import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { HostDocument, HostingDocument, MemberDocument } from "../src/document.ts";
import { applyMembers } from "./apply.ts";
import { keepEdited, setAside } from "./aside.ts";
import { acmeSteps, linkStep } from "./certificates.ts";
import { filesOf } from "./check.ts";
import { observeFacts } from "./facts.ts";
import { type DesiredFile, differs, sha256, swapIn, writeAtomic } from "./files.ts";
import { foreignFiles } from "./foreign.ts";
import { applyHost } from "./host.ts";
import { readLeaving, served } from "./leaving.ts";
import { reloadNginx } from "./nginx.ts";
import { paths } from "./paths.ts";
import { EXIT, type ExitCode, emptyResult, exitCodeOf, Rejection, type Result } from "./result.ts";
import { run } from "./shell.ts";
import { ensure } from "./steps.ts";
import {
  documentDrift,
  documentFile,
  documentPath,
  noteRendered,
  putRight,
  type Registry,
  readRegistry,
  storedHost,
  storedMembers,
} from "./store.ts";

/** How putting a whole host right went, and whose documents it was about. */
interface Repaired {
  result: Result;
  code: ExitCode;
  members: MemberDocument[];
}

/**
 * Puts the host and all its members right by the documents that it holds, and by those that are given in their place. One that
 * was edited on the host is only put right by the given one. The caller holds the lock.
 */
export async function repair(given: readonly HostingDocument[]): Promise<Repaired> {
  const result = emptyResult("apply");
  const errors: { message: string; code: ExitCode }[] = [];
  const refuse = (error: unknown) => {
    const message = error instanceof Error ? error.message : "échec sans explication";
    errors.push({ message, code: exitCodeOf(error) });
  };
  const { host, members, edited } = documentsOf(given);
  for (const path of edited)
    refuse(new Rejection(`${path} était modifié à la main, et n'est pas appliqué : ${putRight}`));
  if (host === undefined)
    throw new Rejection(errors[0]?.message ?? "cet hôte n'a pas encore été préparé (verbe `host`)");
  const takenOut = putBack(host, members, edited.length === 0, result);
  try {
    take(result, applyHost(host));
    if (takenOut.some((path) => path.startsWith(paths.sites))) reloadNginx();
  } catch (error) {
    refuse(error);
  }
  const applied = await applyMembers(members, host);
  for (const one of applied) {
    take(result, one.result);
    if (one.code !== EXIT.ok) errors.push({ message: one.result.error ?? "", code: one.code });
  }
  if (errors.length === 0) writeAtomic(paths.renderedBy, host.agent, 0o600);
  result.changed = [...new Set(result.changed)];
  const [first] = errors;
  if (first === undefined) return { result, code: EXIT.ok, members };
  return { result: { ...result, error: errors.map(({ message }) => message).join(" ; ") }, code: first.code, members };
}

function take(into: Result, { changed, warnings }: Result): void {
  into.changed.push(...changed);
  into.warnings.push(...warnings);
}

function documentsOf(given: readonly HostingDocument[]) {
  const drift = new Set(documentDrift().map(({ path }) => path));
  const members = storedMembers();
  for (const member of members.keys()) if (drift.has(documentPath(member))) members.delete(member);
  for (const document of given) {
    drift.delete(documentFile(document).path);
    if (document.kind === "member") members.set(document.member, document);
  }
  const host = given.find((document) => document.kind === "host");
  return {
    host: host ?? (drift.has(paths.hostDocument) ? undefined : storedHost()),
    members: [...members.values()],
    edited: [...drift],
  };
}

/**
 * Puts back what was accepted once, as the registry says, and takes out what nobody declares, before anything is tested: one
 * broken file would have every change refused, that of the file itself included. What is put back counts as not yet in use.
 * @returns what was taken out
 */
function putBack(
  host: HostDocument,
  members: readonly MemberDocument[],
  isComplete: boolean,
  result: Result,
): string[] {
  const leaving = readLeaving();
  const all = members.map((document) => served(document, leaving));
  if (host.roles.includes("web")) {
    const links = all.flatMap(({ member, sites = [] }) => sites.map((site) => linkStep(site, member)));
    result.changed.push(...ensure([...acmeSteps(), ...links], result.warnings));
  }
  const registry = readRegistry();
  const files = filesOf(host, all, observeFacts());
  const edited = files.filter((file) => isEdited(file, registry));
  const foreign = isComplete ? foreignFiles(new Set(files.map(({ path }) => path))).map(({ path }) => path) : [];
  result.warnings.push(...keepEdited(edited, registry), ...foreign.map(setAside));
  noteRendered([], [...edited.map(({ path }) => path), ...foreign]);
  swapIn(edited);
  if (foreign.some((path) => path.startsWith("/etc/systemd/"))) run("systemctl", ["daemon-reload"]);
  result.changed.push(...edited.map(({ path }) => path), ...foreign);
  return foreign;
}

function isEdited(file: DesiredFile, registry: Registry): boolean {
  // Where the folder is gone as well, it is made first.
  return registry[file.path] === sha256(file.content) && differs(file) && existsSync(dirname(file.path));
}
