import { mkdirSync, readdirSync, readFileSync, unlinkSync } from "node:fs";
import type { MemberDocument } from "../src/document.ts";
import { parseProcessStat } from "../src/process-stat.ts";
import { readIfThere, writeAtomic } from "./files.ts";
import { paths } from "./paths.ts";
import { parseDocument } from "./store.ts";
import type { Applied } from "./work.ts";

/** An `apply` that waits for the lock: its process and its documents. */
export interface Waiting {
  process: string;
  documents: MemberDocument[];
}

/** This process, told apart from a later one with the same number. */
export function thisProcess(): string {
  return `${process.pid}-${startOf(process.pid) ?? ""}`;
}

function startOf(pid: number): string | undefined {
  const stat = readIfThere(`/proc/${pid}/stat`)?.toString();
  return stat === undefined ? undefined : parseProcessStat(stat)?.startTime;
}

function alive(name: string): boolean {
  const [pid = "", start = ""] = name.split("-");
  return startOf(Number(pid)) === start;
}

/** Puts documents where whoever holds the lock finds them. */
export function enqueue(documents: readonly MemberDocument[]): void {
  mkdirSync(paths.queue, { recursive: true, mode: 0o700 });
  writeAtomic(`${paths.queue}/${thisProcess()}.json`, JSON.stringify(documents), 0o600);
}

/** What another holder of the lock made of this process's documents, if one did. */
export function answered(): Applied[] | undefined {
  const text = readIfThere(`${paths.queue}/${thisProcess()}.done`);
  if (text === undefined) return undefined;
  unlinkSync(`${paths.queue}/${thisProcess()}.done`);
  return JSON.parse(text.toString()) as Applied[];
}

/**
 * Takes what waits, this process's own documents first, until there are `limit` of them. A member is taken once: what
 * another process has for it stays for the next holder. What a process left that is gone is thrown away: nobody waits
 * for its answer, and a later run may have said otherwise since.
 */
export function takeWaiting(own: readonly MemberDocument[], limit: number): Waiting[] {
  const taken: Waiting[] = [{ process: thisProcess(), documents: [...own] }];
  const members = new Set(own.map((document) => document.member));
  for (const name of readdirSync(paths.queue).sort()) {
    const path = `${paths.queue}/${name}`;
    const process = name.replace(/\.(json|done)$/, "");
    if (process === thisProcess() || (!name.startsWith(".") && !alive(process))) unlinkSync(path);
    else if (name.endsWith(".json") && members.size < limit) {
      const documents = (JSON.parse(readFileSync(path, "utf8")) as unknown[]).map(
        (document) => parseDocument(JSON.stringify(document)) as MemberDocument,
      );
      if (documents.some((document) => members.has(document.member))) continue;
      for (const document of documents) members.add(document.member);
      taken.push({ process, documents });
      unlinkSync(path);
    }
  }
  return taken;
}

/** Leaves a waiting process its outcomes. */
export function answer(process: string, applied: readonly Applied[]): void {
  writeAtomic(`${paths.queue}/${process}.done`, JSON.stringify(applied), 0o600);
}
