import { frenchEuros } from "../money.ts";
import { texts } from "./texts.ts";
import type { DueLine } from "./types.ts";

/** What a change of declarations does to one member's bill, cents. */
export interface Difference {
  member: string;
  /** In the current civil year. */
  thisYear: bigint;
  /** In the civil year that follows, the first one that holds the change for a whole year. */
  fullYear: bigint;
}

/** Members whose bill differs between two sets of lines, of this year and of the next, in order of id. */
export function differences(
  before: { thisYear: readonly DueLine[]; fullYear: readonly DueLine[] },
  after: { thisYear: readonly DueLine[]; fullYear: readonly DueLine[] },
): Difference[] {
  const found = new Map<string, Difference>();
  const add = (lines: readonly DueLine[], column: "thisYear" | "fullYear", sign: bigint): void => {
    for (const { member, cents } of lines) {
      const one = found.get(member) ?? { member, thisYear: 0n, fullYear: 0n };
      one[column] += sign * cents;
      found.set(member, one);
    }
  };
  for (const column of ["thisYear", "fullYear"] as const) {
    add(before[column], column, -1n);
    add(after[column], column, 1n);
  }
  return [...found.values()]
    .filter(({ thisYear, fullYear }) => thisYear !== 0n || fullYear !== 0n)
    .sort((a, b) => (a.member < b.member ? -1 : 1));
}

/** The differences as one Markdown table with its totals; empty when nothing changes. */
export function differenceTable(found: readonly Difference[], year: number): string {
  if (found.length === 0) return "";
  const signed = (cents: bigint): string => `${cents > 0n ? "+" : ""}${frenchEuros(cents)}`;
  const sum = (pick: (one: Difference) => bigint): bigint => found.reduce((all, one) => all + pick(one), 0n);
  const row = (name: string, thisYear: bigint, fullYear: bigint): string =>
    `| ${name} | ${signed(thisYear)} | ${signed(fullYear)} |`;
  const [member, current, full] = texts.diff(year);
  return `${[
    `| ${member} | ${current} | ${full} |`,
    "| --- | ---: | ---: |",
    ...found.map((one) => row(one.member, one.thisYear, one.fullYear)),
    row(
      `**${texts.page.total}**`,
      sum((one) => one.thisYear),
      sum((one) => one.fullYear),
    ),
  ].join("\n")}\n`;
}
