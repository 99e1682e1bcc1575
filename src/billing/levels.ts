import { civilYear, dateOf, dayOf } from "../period.ts";
import type { Segment } from "./types.ts";

/** Units that are in service between two days; `to` left out when no end is declared. */
export interface Units {
  from: string;
  to?: string | undefined;
  quantity: number;
  /** The member gives the place back at its end (B7). */
  refund?: boolean | undefined;
}

/** From `day` on, `inService` units are needed; `givenBack` paid units are given up on that day. */
export interface Step {
  day: number;
  inService: number;
  givenBack: number;
}

/** Days on which the number of units changes within a civil year, in order, starting on 1 January (B1, B2). */
export function steps(units: readonly Units[], year: number): Step[] {
  const { first, last } = civilYear(year);
  const change = new Map<number, { units: number; givenBack: number }>([[first, { units: 0, givenBack: 0 }]]);
  const at = (day: number): { units: number; givenBack: number } => {
    const found = change.get(day) ?? { units: 0, givenBack: 0 };
    change.set(day, found);
    return found;
  };
  for (const { from, to, quantity, refund } of units) {
    const start = Math.max(first, dayOf(from));
    const after = to === undefined ? last + 1 : dayOf(to) + 1;
    if (after <= start || start > last) continue;
    at(start).units += quantity;
    if (after > last) continue;
    const end = at(after);
    end.units -= quantity;
    if (refund === true) end.givenBack += quantity;
  }
  let inService = 0;
  return [...change]
    .sort(([a], [b]) => a - b)
    .map(([day, { units: delta, givenBack }]) => {
      inService += delta;
      return { day, inService, givenBack };
    });
}

/**
 * Paid level b(t) = max(e(t), b(t − 1) − r(t)), starting at 0 on 1 January: a paid place stays paid to 31 December
 * unless it is given back, and can be used again (B7). Runs of days at level 0 are left out.
 */
export function paidLevels(changes: readonly Step[], year: number): Segment[] {
  const { last } = civilYear(year);
  const segments: { from: number; to: number; level: number }[] = [];
  let level = 0;
  changes.forEach(({ day, inService, givenBack }, index) => {
    level = Math.max(inService, level - givenBack);
    const to = (changes[index + 1]?.day ?? last + 1) - 1;
    const before = segments.at(-1);
    if (level === 0) return;
    if (before?.level === level && before.to === day - 1) before.to = to;
    else segments.push({ from: day, to, level });
  });
  return segments.map(({ from, to, level: units }) => ({ from: dateOf(from), to: dateOf(to), level: units }));
}

/** Units times days over all segments (B6). */
export function unitDays(segments: readonly Segment[]): number {
  return segments.reduce((sum, { from, to, level }) => sum + level * (dayOf(to) - dayOf(from) + 1), 0);
}
