import type { PriceList } from "../catalogue/prices/types.ts";
import { yearOf } from "../period.ts";
import { annualLines } from "./annual.ts";
import { withImpliedEnds } from "./carried.ts";
import type { Context } from "./context.ts";
import { datedLines } from "./dated.ts";
import type { BillingFacts } from "./facts.ts";
import { byMonth, ledger, type Measured } from "./ledger.ts";
import { deliveredPacks } from "./packs.ts";
import { texts } from "./texts.ts";
import type { Assessment, BillProblem, BillSettings, DueLine } from "./types.ts";
import type { Usage } from "./usage.ts";

/** The facts leave something open; nothing is billed as 0 in its place. */
export class BillError extends Error {
  readonly problems: readonly BillProblem[];

  constructor(problems: readonly BillProblem[]) {
    super(problems.map(({ member, rule, message }) => `${member} (${rule}) : ${message}`).join("\n"));
    this.name = "BillError";
    this.problems = problems;
  }
}

/**
 * What is owed: every line dated from `since` (default: from the beginning) to `until`, in order of key.
 * Pure: the same facts in any order give the same lines. BillError when a price, a fee or a decision is missing.
 */
export function due(
  facts: readonly BillingFacts[],
  priceLists: readonly PriceList[],
  usage: readonly Usage[],
  settings: BillSettings,
  until: string,
  since?: string,
): DueLine[] {
  const { lines, problems } = assess(facts, priceLists, usage, settings, until, since);
  if (problems.length > 0) throw new BillError(problems);
  return lines;
}

/** As `due`, but with all problems, notes and ledger statements beside the lines that could be computed. */
export function assess(
  facts: readonly BillingFacts[],
  priceLists: readonly PriceList[],
  usage: readonly Usage[],
  settings: BillSettings,
  until: string,
  since = "0001-01-01",
): Assessment {
  const lists = priceLists.toSorted((a, b) => (a.from < b.from ? -1 : 1));
  const measured = byMonth(usage);
  const whole: Assessment = { lines: [], problems: [], notes: [], ledgers: [] };
  for (const one of facts.toSorted((a, b) => (a.member < b.member ? -1 : 1))) {
    const context: Context = {
      facts: withImpliedEnds(one),
      lists,
      settings,
      until,
      since,
      problems: whole.problems,
      notes: whole.notes,
    };
    whole.lines.push(...memberLines(context, measured, whole));
  }
  return whole;
}

function memberLines(context: Context, measured: Measured, { ledgers, problems }: Assessment): DueLine[] {
  const { facts } = context;
  const lines = datedLines(context);
  const starts = [...facts.packs, ...facts.options, ...facts.domains].map(({ from }) => yearOf(from));
  const start = Math.max(yearOf(context.since), starts.length === 0 ? Infinity : Math.min(...starts));
  for (let year = start; year <= yearOf(context.until); year += 1) lines.push(...annualLines(context, year));
  const packs = deliveredPacks(context);
  for (const kind of ["disk", "traffic"] as const) {
    const { lines: bought, statement } = ledger(context, kind, packs, measured);
    lines.push(...bought);
    if (statement.entries.length > 0) ledgers.push(statement);
  }
  for (const { block } of facts.recover) {
    if (facts.blocks.some(({ id }) => id === block)) continue;
    problems.push({ member: facts.member, rule: "B39", message: texts.noSuchBlock(block), sources: [] });
  }
  lines.sort((a, b) => (a.key < b.key ? -1 : 1));
  lines.forEach(({ key, sources }, index) => {
    if (lines[index - 1]?.key !== key) return;
    problems.push({ member: facts.member, rule: "B6", message: texts.sameKey(key), sources });
  });
  return lines;
}
