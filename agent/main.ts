import { readFileSync } from "node:fs";
import type { HostDocument, HostingDocument, MemberDocument } from "../src/document.ts";
import { applyMembers, membersOf } from "./apply.ts";
import { signingRequest } from "./bought.ts";
import { check } from "./check.ts";
import { dkimKeys } from "./dkim.ts";
import { exportMember } from "./export/export.ts";
import { restoreMember } from "./export/restore.ts";
import { receiveExport, sendExport } from "./export/transfer.ts";
import { readIfThere, writeAtomic } from "./files.ts";
import { forgetKept, handOver } from "./handover.ts";
import { applyHost } from "./host.ts";
import { takeLock } from "./lock.ts";
import { measure, monthOf } from "./measure.ts";
import { paths } from "./paths.ts";
import { answer, answered, enqueue, takeWaiting } from "./queue.ts";
import { repair } from "./repair.ts";
import { EXIT, type ExitCode, emptyResult, exitCodeOf, Rejection, type Result } from "./result.ts";
import { settle } from "./settle.ts";
import { limitTime, tryRun } from "./shell.ts";
import { appliedMembers, parseDocument, storedHost } from "./store.ts";
import type { Applied } from "./work.ts";

const minute = 60_000;
/** Documents that one holder of the lock takes at once: enough to share reloads, few enough to answer in time. */
const batchSize = 64;

interface Outcome {
  result: Result;
  code: ExitCode;
  /** Members concerned, for the journal. */
  members: string;
}

// Read to its end in every case: the one that writes it counts an unread rest as a failure.
function readStdin(): string {
  return process.stdin.isTTY ? "" : readFileSync(0, "utf8");
}

async function host(input: string): Promise<Outcome> {
  limitTime(20 * minute);
  const document = parseDocument(input);
  if (document.kind !== "host") throw new Rejection("`host` attend un document d'hôte");
  const letGo = await takeLock(300);
  try {
    const result = applyHost(document);
    return { result: await renderAgain(document, result), code: EXIT.ok, members: "" };
  } finally {
    letGo();
  }
}

/** After a switch of release, renders all the documents that are held: one first, the others only when that went well. */
async function renderAgain(document: HostDocument, result: Result): Promise<Result> {
  if (readIfThere(paths.renderedBy)?.toString() === document.agent) return result;
  const [canary, ...others] = appliedMembers().values();
  for (const part of [canary === undefined ? [] : [canary], others]) {
    const applied = together(await applyMembers(part, document));
    result.changed.push(...applied.result.changed);
    result.warnings.push(...applied.result.warnings);
    if (applied.code !== EXIT.ok) {
      result.warnings.push(`nouvel agent, documents non rendus : ${applied.result.error ?? ""}`);
      return result;
    }
  }
  writeAtomic(paths.renderedBy, document.agent, 0o600);
  return result;
}

async function apply(input: string, all: boolean): Promise<Outcome> {
  limitTime(10 * minute);
  const documents = documentsIn(input);
  if (all || documents.length === 0) return everything(documents);
  const members = documents.map((document) => {
    if (document.kind !== "member") throw new Rejection("`apply` attend des documents de membre");
    return document;
  });
  enqueue(members);
  const letGo = await takeLock(240);
  try {
    const host = storedHost();
    if (host === undefined) throw new Rejection("cet hôte n'a pas encore été préparé (verbe `host`)");
    const applied = answered() ?? (await applyWaiting(members, host));
    return { ...together(applied), members: membersOf(members) };
  } finally {
    letGo();
  }
}

// Packages may have to be installed again.
async function everything(documents: readonly HostingDocument[]): Promise<Outcome> {
  limitTime(20 * minute);
  const letGo = await takeLock(300);
  try {
    const { result, code, members } = await repair(documents);
    return { result, code, members: membersOf(members) };
  } finally {
    letGo();
  }
}

function documentsIn(input: string): HostingDocument[] {
  const lines = input.split("\n").filter((line) => line.trim() !== "");
  return (lines.length > 0 && isJson(input) ? [input] : lines).map(parseDocument);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Applies all that waits in one batch, leaves the others their answers, and gives this process's own. */
async function applyWaiting(own: readonly MemberDocument[], host: HostDocument): Promise<Applied[]> {
  const waiting = takeWaiting(own, batchSize);
  const applied = await applyMembers(
    waiting.flatMap((entry) => entry.documents),
    host,
  );
  let mine: Applied[] = [];
  let start = 0;
  for (const [index, entry] of waiting.entries()) {
    const part = applied.slice(start, start + entry.documents.length);
    start += entry.documents.length;
    if (index === 0) mine = part;
    else answer(entry.process, part);
  }
  return mine;
}

function together(applied: readonly Applied[]): { result: Result; code: ExitCode } {
  const result = emptyResult("apply");
  const errors: string[] = [];
  let code: ExitCode = EXIT.ok;
  for (const one of applied) {
    result.changed.push(...one.result.changed);
    result.warnings.push(...one.result.warnings);
    if (one.result.error !== undefined) errors.push(one.result.error);
    if (one.code !== EXIT.ok) code = one.code;
  }
  return { result: errors.length === 0 ? result : { ...result, error: errors.join(" ; ") }, code };
}

async function compare(): Promise<Outcome> {
  limitTime(5 * minute);
  const letGo = await takeLock(240);
  try {
    const result = check();
    return { result, code: result.drift.length === 0 ? EXIT.ok : EXIT.drift, members: "" };
  } finally {
    letGo();
  }
}

// Once for all: what was kept is forgotten as soon as the answer is written.
async function handedOver(member: string, renew: string | undefined): Promise<Outcome> {
  limitTime(5 * minute);
  const letGo = await takeLock(240);
  try {
    const host = storedHost();
    if (host === undefined) throw new Rejection("cet hôte n'a pas encore été préparé (verbe `host`)");
    const handover = handOver(host, member, renew);
    process.once("exit", () => {
      forgetKept(member);
    });
    return { result: { ...emptyResult("handover"), handover }, code: EXIT.ok, members: member };
  } finally {
    letGo();
  }
}

async function measured([flag, month = ""]: readonly string[]): Promise<Outcome> {
  limitTime(15 * minute);
  if (flag === undefined) return { ...(await measure()), members: "" };
  if (flag !== "--month") throw new Rejection(`option inconnue : ${flag} (measure --month 2026-11)`);
  return { result: { ...emptyResult("measure"), usage: await monthOf(month) }, code: EXIT.ok, members: "" };
}

async function dispatch(verb: string, input: string): Promise<Outcome> {
  const [member = "", id = ""] = process.argv.slice(3);
  const of = (result: Result): Outcome => ({ result, code: EXIT.ok, members: member });
  switch (verb) {
    case "host":
      return host(input);
    case "apply":
      return apply(input, process.argv.includes("--all"));
    case "settle":
      limitTime(15 * minute);
      return { result: await settle(process.argv.includes("--due")), code: EXIT.ok, members: "" };
    case "check":
      return compare();
    case "measure":
      return measured(process.argv.slice(3));
    case "keys":
      return {
        result: { ...emptyResult("keys"), keys: await dkimKeys(process.argv.slice(3)) },
        code: EXIT.ok,
        members: "",
      };
    case "request":
      return {
        result: { ...emptyResult("request"), request: signingRequest(input.trim()) },
        code: EXIT.ok,
        members: "",
      };
    case "export":
      return of(await exportMember(member));
    case "receive":
      return of(await receiveExport(member, id));
    case "restore":
      return of(await restoreMember(member, id, process.argv.includes("--replace")));
    case "handover":
      return handedOver(member, process.argv[4]);
    case "self-test":
      // That the whole file loads and its schema works is what a new release has to show before it is switched to.
      parseDocument('{"schema":1,"kind":"member","host":"a","member":"aa","uid":20001}');
      return { result: emptyResult("self-test"), code: EXIT.ok, members: "" };
    default:
      throw new Rejection(
        `verbe inconnu : ${verb} (host, apply, settle, check, measure, keys, request, export, send, receive, restore, handover, self-test)`,
      );
  }
}

async function main(): Promise<void> {
  const start = Date.now();
  const verb = process.argv[2] ?? "";
  let outcome: Outcome;
  try {
    if (verb === "send") {
      // Its stdout is the archive, and nothing else.
      process.exitCode = sendExport(process.argv[3] ?? "", process.argv[4] ?? "");
      return;
    }
    // An archive on stdin goes straight to what takes it.
    outcome = await dispatch(verb, verb === "receive" ? "" : readStdin());
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    outcome = { result: { ...emptyResult(verb), error: message }, code: exitCodeOf(error), members: "" };
    if (outcome.code === EXIT.bug && error instanceof Error)
      process.stderr.write(`${error.stack?.slice(0, 2000) ?? ""}\n`);
  }
  const { result, code, members } = outcome;
  process.stdout.write(`${JSON.stringify(result)}\n`);
  if (result.error !== undefined) process.stderr.write(`${result.error}\n`);
  // The timer asks every two minutes: what it found settled is no news.
  const isNews = verb !== "settle" || result.changed.length + result.warnings.length > 0 || code !== EXIT.ok;
  if (verb !== "self-test" && isNews) {
    const line = `verb=${verb} members=${members.slice(0, 1000)} start=${start} end=${Date.now()} exit=${code}`;
    tryRun("logger", ["-t", "hosting-agent", line]);
  }
  process.exitCode = code;
}

void main();
