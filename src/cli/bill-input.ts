import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type * as z from "zod";
import type { BillingFacts } from "../billing/facts.ts";
import { RegisterError } from "../billing/register.ts";
import { factsFromState } from "../billing/state.ts";
import { texts } from "../billing/texts.ts";
import { Usage } from "../billing/usage.ts";
import { checkMembers } from "../checks.ts";
import { loadMembers } from "../load.ts";
import { facts } from "../member/facts.ts";
import { dayOf } from "../period.ts";
import { InputError } from "./input-error.ts";

/** Gives the value of `pulumi stack export` of a stack. */
export type ExportStack = (stack: string) => Promise<unknown>;

/** Facts of the members declared in a folder. InputError with every located problem of every file. */
export function declaredFacts(folder: string): BillingFacts[] {
  const loaded = loadMembers(folder);
  const problems = checkMembers(loaded);
  if (problems.length > 0) throw new InputError(problems.map(String));
  return loaded.members.map(facts);
}

/** Facts that a stack deployed, and what of it can't be billed. */
export async function deployedFacts(
  stack: string,
  exportStack: ExportStack | undefined,
): Promise<{ facts: BillingFacts[]; problems: string[] }> {
  if (exportStack === undefined) throw new InputError([texts.noStack]);
  const found = factsFromState(await exportStack(stack));
  return { facts: found.facts, problems: found.problems.map(({ message }) => message) };
}

/**
 * Usage files of a folder in order of month; none when there is no such folder. InputError when one has not the published
 * form or, of `everyone`, measures a member that nobody declares: its real one would be billed without it.
 */
export function readUsage(folder: string, everyone?: readonly BillingFacts[]): Usage[] {
  const ids = everyone === undefined ? undefined : new Set(everyone.map(({ member }) => member));
  const problems: string[] = [];
  const usage: Usage[] = [];
  for (const name of fileNames(folder)) {
    const file = join(folder, name);
    const read = Usage.safeParse(parse(readFileSync(file, "utf8")));
    if (!read.success) {
      const [issue] = read.error.issues;
      const keys = issue?.code === "unrecognized_keys" ? issue.keys : [];
      problems.push(texts.badUsage(file, [...(issue?.path ?? []), ...keys].join(".")));
    } else if (name !== `${read.data.month}.json`) problems.push(texts.otherMonth(file, read.data.month));
    else usage.push(read.data);
    const unknown = read.success ? Object.keys(read.data.members).filter((id) => ids?.has(id) === false) : [];
    problems.push(...unknown.map((id) => texts.unknownMeasured(file, id)));
  }
  if (problems.length > 0) throw new InputError(problems);
  return usage;
}

function fileNames(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An action whose refusals are printed for people and give exit code 1; anything else is a bug and stays one. */
export function guarded<Options>(
  work: (options: Options) => Promise<number> | number,
): (this: unknown, options: Options, command: { optsWithGlobals(): Options }) => Promise<void> {
  return async (_, command) => {
    try {
      // Options of `bill` itself may stand before the subcommand.
      process.exitCode = await work(command.optsWithGlobals());
    } catch (error) {
      const refused = error instanceof InputError || error instanceof RegisterError ? error.message : systemText(error);
      if (refused === undefined) throw error;
      process.stderr.write(`${refused}\n`);
      process.exitCode = 1;
    }
  };
}

/** What the machine refused, in French; undefined for any other error. */
function systemText(error: unknown): string | undefined {
  const { code = "", path = "" } = error as NodeJS.ErrnoException;
  const why = Object.entries(texts.system.reasons).find(([name]) => name === code)?.[1];
  return why === undefined ? undefined : texts.system.refused(path, why);
}

/** A file of the private folder in its published form. InputError naming it. */
export function readPrivate<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> {
  let text = "";
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new InputError([texts.register.noParty(file)]);
  }
  const read = schema.safeParse(parse(text));
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new InputError([`${texts.register.noParty(file)} (${issue?.path.join(".") ?? ""})`]);
  }
  return read.data;
}

/** Whether a text is a day of the calendar, `yyyy-mm-dd`. */
export function isDate(text: string): boolean {
  try {
    return /^\d{4}-\d{2}-\d{2}$/.test(text) && Number.isFinite(dayOf(text));
  } catch {
    return false;
  }
}
