import { dateOf, dayOf } from "../period.ts";

/** Days as whole numbers, both ends included; without an end, the end is Infinity. */
export interface Span {
  from: number;
  to: number;
}

interface Dated {
  from?: string | undefined;
  to?: string | undefined;
}

/** Span of an entry; `otherwise` is its first day when it states none. */
export function spanOf(entry: Dated, otherwise = "2000-01-01"): Span {
  return {
    from: dayOf(entry.from ?? otherwise),
    to: entry.to === undefined ? Number.POSITIVE_INFINITY : dayOf(entry.to),
  };
}

/** Whether two spans share a day. */
export function overlap(a: Span, b: Span): boolean {
  return a.from <= b.to && b.from <= a.to;
}

/**
 * First day of a span that none of the others covers, as `yyyy-mm-dd`. What has no end ends with what carries it, so its
 * days after the last of the others do not count. Undefined when all is covered.
 */
export function uncovered(span: Span, others: readonly Span[]): string | undefined {
  let day = span.from;
  for (const other of others.toSorted((a, b) => a.from - b.from)) {
    if (other.from > day) break;
    if (other.to >= day) day = other.to + 1;
  }
  const end = span.to === Number.POSITIVE_INFINITY ? Math.max(span.from, ...others.map(({ to }) => to)) : span.to;
  return day <= end && day !== Number.POSITIVE_INFINITY ? dateOf(day) : undefined;
}

export interface Counted {
  span: Span;
  units: number;
}

/**
 * The first day on which more exists than is allowed, among the days on which something carries it at all.
 * Sums change only where a span starts or ends, so those days are enough.
 */
export function firstExcess(
  existing: readonly Counted[],
  allowed: readonly Counted[],
  carriers: readonly Span[],
): { day: string; existing: number; allowed: number } | undefined {
  const starts = [...existing, ...allowed].flatMap(({ span }) => [span.from, span.to + 1]);
  const days = [...new Set([...starts, ...carriers.map(({ from }) => from)])]
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const sum = (entries: readonly Counted[], day: number) =>
    entries.reduce((total, { span, units }) => (span.from <= day && day <= span.to ? total + units : total), 0);
  for (const day of days) {
    if (!carriers.some(({ from, to }) => from <= day && day <= to)) continue;
    const there = sum(existing, day);
    const most = sum(allowed, day);
    if (there > most) return { day: dateOf(day), existing: there, allowed: most };
  }
  return undefined;
}
