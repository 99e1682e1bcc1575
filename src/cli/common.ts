import { join } from "node:path";
import { styleText } from "node:util";
import { type Command, Option } from "commander";
import { type Language, languages } from "../messages/index.ts";
import type { Problem } from "../problem.ts";

/** Options that every command of the pure part has. */
export interface CommonOptions {
  members: string;
  lang: Language;
  json?: true;
}

/** Folder of member files when none is named: the environment's, else `members` of this clone. */
export function defaultMembers(): string {
  return process.env["CASSIOPEA_MEMBERS"] ?? join(import.meta.dirname, "..", "..", "members");
}

/** Adds the options of a command that reads no member. */
export function language(command: Command): Command {
  return command
    .addOption(new Option("--lang <langue>", "langue des messages").choices(languages).default("fr"))
    .option("--json", "pour les machines");
}

/** Adds the options of a command that reads members. */
export function common(command: Command): Command {
  const members = new Option("--members <dossier>", "dossier des fichiers de membres (aussi CASSIOPEA_MEMBERS)");
  return language(command.addOption(members.default(defaultMembers(), "members")));
}

type Style = Parameters<typeof styleText>[0];
const painted = (style: Style) => (text: string) => styleText(style, text, { stream: process.stdout });

/** Colours, on a terminal only (and not when NO_COLOR is set). */
export const paint = { green: painted("green"), red: painted("red"), bold: painted("bold"), dim: painted("dim") };

/** A number and its word, which takes an s: `2 fichiers`. */
export function count(number: number, word: string): string {
  return `${number} ${word}${number > 1 ? "s" : ""}`;
}

/** Prints problems under their files, then the count. */
export function report(problems: readonly Problem[], lang: Language): void {
  const lines: string[] = [];
  let file = "";
  for (const problem of problems) {
    if (problem.file !== file) lines.push("", paint.bold((file = problem.file)));
    const path = problem.path === "" ? "" : `${problem.path} : `;
    lines.push(`  ${paint.dim(`${problem.file}:${problem.line}:${problem.column}`)}  ${path}${problem.message(lang)}`);
  }
  const files = new Set(problems.map((problem) => problem.file)).size;
  const total =
    lang === "fr"
      ? `${count(problems.length, "problème")} dans ${count(files, "fichier")}`
      : `${count(problems.length, "problem")} in ${count(files, "file")}`;
  process.stdout.write(`${lines.join("\n").trimStart()}\n\n${paint.red(`✗ ${total}`)}\n`);
}
