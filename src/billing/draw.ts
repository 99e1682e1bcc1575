import { roundedQuotient } from "../money.ts";
import { civilMonth, dayOf } from "../period.ts";
import type { NumberedPack } from "./packs.ts";
import type { PackEntry } from "./types.ts";
import type { MemberUsage } from "./usage.ts";

/** A block is 20 GB·month, in thousandths. */
export const BLOCK = 20_000;

/** GB (10^9 bytes, B31) that a pack includes: of disk, and of traffic a month. Mailboxes carry neither. */
const INCLUDED: Record<PackEntry["pack"], { disk: number; traffic: number }> = {
  autonomous: { disk: 1, traffic: 5 },
  assisted: { disk: 1, traffic: 5 },
  sympa: { disk: 1, traffic: 5 },
  mailboxes: { disk: 0, traffic: 0 },
};

/** Days of a month with a quota, and the sum over those days of what the packs include. */
export interface Included {
  days: number;
  /** GB·days. */
  sum: number;
  daysOfMonth: number;
}

/** GB that a pack includes while it is in service; days of the calendar as numbers, both inclusive. */
export interface Quota {
  quota: number;
  from: number;
  to: number;
}

/** What each pack includes, and when. */
export function quotas(kind: "disk" | "traffic", packs: readonly NumberedPack[]): Quota[] {
  return packs.map(({ pack, from, to }) => ({
    quota: INCLUDED[pack][kind],
    from: dayOf(from),
    to: to === undefined ? Infinity : dayOf(to),
  }));
}

/** What the packs in service include in a month, day by day (B10, B34). */
export function includedIn(spans: readonly Quota[], month: string): Included {
  const { first, last, days: daysOfMonth } = civilMonth(month);
  let days = 0;
  let sum = 0;
  if (spans.every(({ from, to }) => (from <= first && to >= last) || from > last || to < first)) {
    const quota = spans.reduce((all, span) => (span.from <= first && span.to >= last ? all + span.quota : all), 0);
    return { days: quota > 0 ? daysOfMonth : 0, sum: quota * daysOfMonth, daysOfMonth };
  }
  for (let day = first; day <= last; day += 1) {
    const quota = spans.reduce((all, span) => (span.from <= day && day <= span.to ? all + span.quota : all), 0);
    sum += quota;
    if (quota > 0) days += 1;
  }
  return { days, sum, daysOfMonth };
}

/** The days of a month, as numbers, on which a pack includes something. */
export function daysWith(spans: readonly Quota[], month: string): number[] {
  const { first, days } = civilMonth(month);
  return Array.from({ length: days }, (_, index) => first + index).filter((day) =>
    spans.some(({ quota, from, to }) => quota > 0 && from <= day && day <= to),
  );
}

/**
 * Thousandths of GB·month beyond the included, in one month (B28, B29, B32, B34); `undefined` when the disk was sampled
 * on too few days and nobody confirmed the figure (B30).
 */
export function draw(kind: "disk" | "traffic", usage: MemberUsage, included: Included): number | undefined {
  const { days, sum, daysOfMonth } = included;
  // Most months draw nothing, which whole numbers that a double holds exactly show as well.
  const [used, free] =
    kind === "traffic"
      ? [usage.trafficBytes * daysOfMonth, sum * 1_000_000_000]
      : [usage.diskByteSum * days, sum * 1_000_000_000 * usage.diskSamples];
  const measured = kind === "traffic" || !tooFew(usage, days);
  if (measured && Number.isSafeInteger(used) && Number.isSafeInteger(free) && used <= free) return 0;
  const month = BigInt(daysOfMonth);
  const allowed = BigInt(sum) * 1_000_000_000n;
  if (kind === "traffic") {
    const excess = BigInt(usage.trafficBytes) * month - allowed;
    return excess <= 0n ? 0 : Number(roundedQuotient(excess, month * 1_000_000n));
  }
  if (!measured) return undefined;
  const samples = BigInt(usage.diskSamples);
  const excess = BigInt(usage.diskByteSum) * BigInt(days) - allowed * samples;
  return excess <= 0n ? 0 : Number(roundedQuotient(excess, samples * month * 1_000_000n));
}

function tooFew({ diskSamples, confirmed }: MemberUsage, days: number): boolean {
  return diskSamples === 0 || (diskSamples < samplesNeeded(days) && confirmed !== true);
}

/** Daily samples that a month's mean needs (B30). */
export function samplesNeeded(days: number): number {
  return Math.min(20, days);
}
