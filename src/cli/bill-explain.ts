import { join } from "node:path";
import type { Command } from "commander";
import { association } from "../association.ts";
import { differences, differenceTable } from "../billing/diff.ts";
import { assess } from "../billing/due.ts";
import { explain } from "../billing/explain.ts";
import type { BillingFacts } from "../billing/facts.ts";
import { issuedLines } from "../billing/register.ts";
import { texts } from "../billing/texts.ts";
import type { DueLine } from "../billing/types.ts";
import { priceLists } from "../catalogue/prices/index.ts";
import { placeOf } from "../load/place.ts";
import { loadMembers } from "../load.ts";
import type { BillSurroundings } from "./bill.ts";
import { Ledgers } from "./bill-files.ts";
import { declaredFacts, guarded, readUsage } from "./bill-input.ts";
import type { IssueOptions } from "./bill-issue.ts";
import { InputError } from "./input-error.ts";

/** Adds `explain` and `diff` to the command `bill`. */
export function registerExplainCommands(
  bill: Command,
  common: (command: Command) => Command,
  stored: (command: Command) => Command,
  { today, atReference }: BillSurroundings,
): void {
  const year = Number(today?.slice(0, 4));
  stored(
    common(bill.command("explain").argument("<clé>").description("mène d'un montant à sa déclaration et à ses règles")),
  ).action(async (key: string, _: unknown, command: Command) =>
    guarded<IssueOptions>((options) => explainKey(key, options, today))(_ as IssueOptions, command),
  );
  common(
    bill
      .command("diff")
      .argument("<référence>", "branche, étiquette ou commit de git, par exemple main")
      .description(
        "ce que changent, en euros, les déclarations d'aujourd'hui par rapport à celles d'une référence de git",
      ),
  ).action(async (reference: string, _: unknown, command: Command) =>
    guarded<IssueOptions>((options) => {
      if (!Number.isInteger(year)) throw new InputError([texts.badYear("")]);
      if (atReference === undefined) throw new InputError([texts.git.noReference]);
      const bills = (folder: string): Bills => billsOf(declaredFacts(folder), options, year);
      const before = atReference(options.members, reference, bills);
      process.stdout.write(differenceTable(differences(before, bills(options.members)), year));
      return 0;
    })(_ as IssueOptions, command),
  );
}

function explainKey(key: string, options: IssueOptions, today: string | undefined): number {
  const member = key.split("/")[0] ?? "";
  const facts = declaredFacts(options.members).filter((one) => one.member === member);
  const found = assess(facts, priceLists, readUsage(options.usage), association, lastDay(key, today), yearBefore(key));
  const line = found.lines.find((one) => one.key === key);
  if (line === undefined)
    throw new InputError([
      texts.explain.unknown(
        key,
        found.lines.map((one) => one.key),
      ),
    ]);
  const source = loadMembers(options.members).members.find(({ id }) => id === member);
  const places = line.sources.map((path) => {
    const keys = [...path.matchAll(/[a-zA-Z]+|\d+/g)].map(([part]) => (/^\d/.test(part) ? Number(part) : part));
    const place = source === undefined ? undefined : placeOf(source, keys);
    return place === undefined ? path : `${place.file}:${place.line} (${path})`;
  });
  const ledgers = Ledgers.read(options.register, join(options.private, "documents"));
  const issued = issuedLines(ledgers.records).filter((one) => one.key === key);
  process.stdout.write(explain(line, places, issued));
  return 0;
}

/** Last day of the year that a key names; else of the tenth year from now, since recoveries are declared ahead. */
function lastDay(key: string, today: string | undefined): string {
  const year = yearBefore(key)?.slice(0, 4) ?? Number(today?.slice(0, 4) ?? 2099) + 10;
  return `${year}-12-31`;
}

/** First day of the year that a key names; without one, the beginning. */
function yearBefore(key: string): string | undefined {
  const year = /\/(\d{4})(?:-\d{2}(?:-\d{2})?)?$/.exec(key)?.[1];
  return year === undefined ? undefined : `${year}-01-01`;
}

interface Bills {
  thisYear: DueLine[];
  fullYear: DueLine[];
}

/** Lines of this year and of the next. */
function billsOf(all: readonly BillingFacts[], { usage, member }: IssueOptions, year: number): Bills {
  const facts = all.filter((one) => member === undefined || one.member === member);
  const of = (civil: number): DueLine[] =>
    assess(facts, priceLists, readUsage(usage), association, `${civil}-12-31`, `${civil}-01-01`).lines;
  return { thisYear: of(year), fullYear: of(year + 1) };
}
