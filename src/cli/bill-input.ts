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

/** Usage files of a folder in order of month; none when there is no such folder. InputError when one has not the published form. */
export function readUsage(folder: string): Usage[] {
  const problems: string[] = [];
  const usage: Usage[] = [];
  for (const name of fileNames(folder)) {
    const file = join(folder, name);
    const read = Usage.safeParse(parse(readFileSync(file, "utf8")));
    if (!read.success) problems.push(texts.badUsage(file, read.error.issues[0]?.path.join(".") ?? ""));
    else if (name !== `${read.data.month}.json`) problems.push(texts.badUsage(file, "month"));
    else usage.push(read.data);
  }
  if (problems.length > 0) throw new InputError(problems);
  return usage;
}

function fileNames(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .sort();
  } catch {
    return [];
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
      if (!(error instanceof InputError || error instanceof RegisterError)) throw error;
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    }
  };
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
