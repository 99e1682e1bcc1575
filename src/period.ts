import { Temporal } from "temporal-polyfill";

/**
 * Days of the civil calendar as whole numbers (days since 1970-01-01), so that a bill compares and counts them cheaply.
 * Declared intervals are inclusive at both ends (B2).
 */
const EPOCH = Temporal.PlainDate.from("1970-01-01");
const known = new Map<string, number>();
const written = new Map<number, string>();

/** Day number of `yyyy-mm-dd`. RangeError when there is no such date. */
export function dayOf(date: string): number {
  let day = known.get(date);
  if (day === undefined) {
    day = EPOCH.until(Temporal.PlainDate.from(date, { overflow: "reject" }), { largestUnit: "day" }).days;
    known.set(date, day);
    written.set(day, date);
  }
  return day;
}

/** `yyyy-mm-dd` of a day number. */
export function dateOf(day: number): string {
  let date = written.get(day);
  if (date === undefined) {
    date = EPOCH.add({ days: day }).toString();
    known.set(date, day);
    written.set(day, date);
  }
  return date;
}

/** Civil year of a date. */
export function yearOf(date: string): number {
  return Number(date.slice(0, 4));
}

/** First day, last day and number of days of a span of the calendar. */
export interface Span {
  first: number;
  last: number;
  days: number;
}

/** A function whose few distinct arguments come back very often. */
function remembering<K, V>(work: (key: K) => V): (key: K) => V {
  const done = new Map<K, V>();
  return (key) => {
    let value = done.get(key);
    if (value === undefined) {
      value = work(key);
      done.set(key, value);
    }
    return value;
  };
}

/** First day, last day and number of days (365 or 366) of a civil year. */
export const civilYear: (year: number) => Readonly<Span> = remembering((year) => {
  const first = dayOf(`${String(year).padStart(4, "0")}-01-01`);
  const last = dayOf(`${String(year).padStart(4, "0")}-12-31`);
  return { first, last, days: last - first + 1 };
});

/** First day, last day and number of days of a month `yyyy-mm`. */
export const civilMonth: (month: string) => Readonly<Span> = remembering((month) => {
  const { daysInMonth } = Temporal.PlainYearMonth.from(month);
  const first = dayOf(`${month}-01`);
  return { first, last: first + daysInMonth - 1, days: daysInMonth };
});

/** The month after `yyyy-mm`. */
export const nextMonth: (month: string) => string = remembering((month) =>
  Temporal.PlainYearMonth.from(month).add({ months: 1 }).toString(),
);

/** The anniversary of a date in a year; 29 February falls on the 28th in common years (B12). */
export function anniversary(date: string, year: number): string {
  const day = date.slice(5);
  // The only day that some years do not have.
  if (day !== "02-29") return `${String(year).padStart(4, "0")}-${day}`;
  return Temporal.PlainMonthDay.from(day).toPlainDate({ year }).toString();
}

/** `yyyy-mm-dd` as French people write it: `02/05/2026`. */
export function frenchDate(date: string): string {
  const [year, month, day] = date.split("-");
  return `${day}/${month}/${year}`;
}
