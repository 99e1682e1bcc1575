/**
 * The program that deletes what a member had, apart from the agent: it stays on no host, `npx cassiopea purge` sends it for
 * one call. `show <member> <until>` reads; `delete <member> <until> <token>` deletes exactly what the token stands for.
 */
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { type PurgeAnswer, type PurgeState, purgeToken } from "../../src/purge.ts";
import { takeLock } from "../lock.ts";
import { paths } from "../paths.ts";
import { notePurge, purgeOf } from "../purged.ts";
import { EXIT, exitCodeOf, Rejection } from "../result.ts";
import { run, tryRun } from "../shell.ts";
import { sql } from "../sql.ts";
import { leaver, purgeState, refuseOther } from "./state.ts";

async function show(member: string, until: string): Promise<PurgeAnswer> {
  leaver(member);
  const record = purgeOf(member);
  if (record !== undefined) return { state: record.state, progress: record.ended === undefined ? "begun" : "ended" };
  return { state: await purgeState(member, until), progress: "asked" };
}

async function deleteAll(member: string, until: string, token: string): Promise<PurgeAnswer> {
  const { state, progress } = await show(member, until);
  if (purgeToken([state]) !== token) throw new Rejection(texts.otherState(member));
  if (progress === "ended") return { state, progress };
  // The runner's clock has said so already; both must.
  if (new Date().toISOString().slice(0, 10) <= state.until) throw new Rejection(texts.kept(member, state.until));
  await refuseOther(state);
  const begun = purgeOf(member)?.begun ?? new Date().toISOString();
  mkdirSync(paths.purged, { recursive: true, mode: 0o700 });
  // From here on the agent makes nothing of the member anew, so that a run that is killed can be gone on with.
  notePurge({ schema: 1, state, begun });
  dropDatabases(state);
  deleteTree(state);
  notePurge({ schema: 1, state, begun, ended: new Date().toISOString() });
  return { state, progress: "ended" };
}

function dropDatabases({ databases, accounts }: PurgeState): void {
  for (const { name, characterSet, collation } of databases) {
    sql(`DROP DATABASE IF EXISTS \`${name}\``);
    // A declared one stays, empty: the stack's state has it, and its name is never given again. One set aside has two `_`.
    if (name.split("_").length === 2)
      sql(`CREATE DATABASE \`${name}\` CHARACTER SET ${characterSet} COLLATE ${collation}`);
  }
  for (const account of accounts) sql(`DROP USER IF EXISTS ${account}`);
}

// Out of its place in one step, so that nobody ever sees a half of it there.
function deleteTree({ member, files }: PurgeState): void {
  const going = `${paths.srv}/.${member}.purging`;
  if (existsSync(files.path) && existsSync(going)) run("rm", ["-rf", "--", going]);
  if (existsSync(files.path)) renameSync(files.path, going);
  run("rm", ["-rf", "--", going]);
}

async function main(): Promise<void> {
  const [verb, member = "", until = "", token = ""] = process.argv.slice(2);
  let code: number = EXIT.ok;
  let said: unknown;
  try {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(until)) throw new Rejection(texts.noDate(until));
    const [agent, exporting] = [await takeLock(60), await takeLock(10, paths.exportLock)];
    try {
      said = verb === "delete" ? await deleteAll(member, until, token) : await show(member, until);
    } finally {
      agent();
      exporting();
    }
  } catch (error) {
    code = exitCodeOf(error);
    said = { error: error instanceof Error ? error.message : String(error) };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
  if (verb === "delete") {
    const line = `verb=purge member=${member.slice(0, 32)} token=${token.slice(0, 16)} exit=${code}`;
    tryRun("logger", ["-t", "hosting-purge", "-p", "daemon.notice", line]);
  }
  process.exitCode = code;
}

const texts = {
  noDate: (read: string) => `« ${read} » n'est pas une date`,
  otherState: (member: string) =>
    `ce que ${member} a ici n'est plus ce qui a été montré : rien n'est retiré. Redemander sans --confirm`,
  kept: (member: string, until: string) => `tout de ${member} est gardé jusqu'au ${until} compris : rien n'est retiré`,
};

void main();
