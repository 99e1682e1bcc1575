import { Temporal } from "temporal-polyfill";
import { dateOf, dayOf } from "../period.ts";

/** Days in which a consumer may still pay after a first reminder, which is free (Book XIX of the Code of economic law). */
const GRACE = 14;

/**
 * When the free term of a reminder begins and from which day on a penalty may be asked: by e-mail the term begins the
 * day after, by post on the third working day after the sending. Dates `yyyy-mm-dd`.
 */
export function reminderTerm(sent: string, by: "email" | "post"): { begins: string; penaltyFrom: string } {
  let day = dayOf(sent);
  // Saturdays are working days, Sundays and public holidays are not.
  for (let left = by === "email" ? 0 : 3; left > 0; ) {
    day += 1;
    if (isWorkingDay(dateOf(day))) left -= 1;
  }
  if (by === "email") day += 1;
  return { begins: dateOf(day), penaltyFrom: dateOf(day + GRACE) };
}

const HOLIDAYS = new Set(["01-01", "05-01", "07-21", "08-15", "11-01", "11-11", "12-25"]);

function isWorkingDay(date: string): boolean {
  const day = Temporal.PlainDate.from(date);
  if (day.dayOfWeek === 7 || HOLIDAYS.has(date.slice(5))) return false;
  const afterEaster = day.since(easter(day.year), { largestUnit: "day" }).days;
  return ![1, 39, 50].includes(afterEaster);
}

/** Easter Sunday of the Gregorian calendar (Meeus). */
function easter(year: number): Temporal.PlainDate {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  return Temporal.PlainDate.from({ year, month, day: ((h + l - 7 * m + 114) % 31) + 1 });
}
