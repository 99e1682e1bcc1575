import type { PriceList } from "../catalogue/prices/types.ts";
import { assess } from "./due.ts";
import type { BillingFacts } from "./facts.ts";
import { type IssuedLine, type Plan, plan } from "./plan.ts";
import type { BillNote, BillSettings, DueLine } from "./types.ts";
import type { Usage } from "./usage.ts";

/** What is declared, priced and measured. */
export interface Declared {
  facts: readonly BillingFacts[];
  lists: readonly PriceList[];
  usage: readonly Usage[];
  settings: BillSettings;
}

export interface Days {
  /** What is due at this day is to be issued. */
  asked: string;
  /** The latest day that an earlier issue reached. */
  reached?: string | undefined;
  /** First day that the register bills. */
  since: string;
}

export interface Outstanding extends Plan {
  lines: DueLine[];
  notes: BillNote[];
}

/** Whether a line's date lies in days that an earlier issue reached: a difference there is retroactive (B11). */
export function isBilledPeriod(date: string | undefined, reached: string | undefined): boolean {
  return date !== undefined && reached !== undefined && date <= reached;
}

/**
 * What is left to issue at a day. An issued key is always weighed against what is due of it now, whichever the days
 * asked for: a narrower span must never look like something withdrawn.
 */
export function outstanding(declared: Declared, issued: readonly IssuedLine[], days: Days): Outstanding {
  const { facts, lists, usage, settings } = declared;
  const until = days.reached !== undefined && days.reached > days.asked ? days.reached : days.asked;
  const found = assess(facts, lists, usage, settings, until, days.since);
  const keys = new Set(issued.map(({ key }) => key));
  const lines = found.lines.filter(({ date, key }) => date <= days.asked || keys.has(key));
  for (const { key } of lines) keys.delete(key);
  if (keys.size > 0) {
    const members = new Set(issued.filter(({ key }) => keys.has(key)).map(({ member }) => member));
    const concerned = facts.filter(({ member }) => members.has(member));
    const first = lists.map(({ from }) => from).sort()[0];
    const whole = assess(concerned, lists, usage, settings, `${until.slice(0, 4)}-12-31`, first);
    lines.push(...whole.lines.filter(({ key }) => keys.has(key)));
    const said = new Set(found.problems.map(({ message }) => message));
    found.problems.push(...whole.problems.filter(({ message }) => !said.has(message)));
  }
  const planned = plan(lines, issued, facts, new Set(usage.map(({ month }) => month)));
  for (const line of planned.documents.flatMap((document) => document.lines)) {
    if (isBilledPeriod(line.due?.date, days.reached)) line.retroactive = true;
  }
  return {
    lines,
    ...planned,
    problems: [...found.problems, ...planned.problems],
    notes: [...found.notes, ...planned.notes],
  };
}
