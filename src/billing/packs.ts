import { civilYear, dateOf, dayOf } from "../period.ts";
import { type Context, priceOn } from "./context.ts";
import type { Step } from "./levels.ts";
import { texts } from "./texts.ts";
import type { PackEntry } from "./types.ts";

export interface NumberedPack extends PackEntry {
  /** Where it stands in the facts. */
  source: string;
  /** `<pack>` or `<pack>/<label>`. */
  id: string;
}

/** What changes of packs within one civil year mean for their prices (B8, B9). */
export interface Takeovers {
  /** Packs that cost nothing until 31 December, with the pack that stays paid in their place. */
  free: Map<NumberedPack, NumberedPack>;
  /** Paid places that a change gives back, by id of the pack. */
  givenBack: Map<string, { day: number; why: "upgrade" | "asked" }[]>;
}

/** The packs of the facts that were really delivered, in order of their start. */
export function deliveredPacks({ facts }: Pick<Context, "facts">): NumberedPack[] {
  return facts.packs
    .map((pack, index) => ({
      ...pack,
      source: `packs[${index}]`,
      id: pack.label === undefined ? pack.pack : `${pack.pack}/${pack.label}`,
    }))
    .filter((pack) => pack.void === undefined)
    .sort((a, b) => (a.from === b.from ? (a.id < b.id ? -1 : 1) : a.from < b.from ? -1 : 1));
}

/**
 * A pack that starts the day after another ends takes over from it: at a higher price the old one's rest is credited (B8),
 * else the old one stays due to 31 December and the new one costs nothing until then, unless `refund` asks for days (B9).
 */
export function takeovers(context: Context, packs: readonly NumberedPack[], year: number): Takeovers {
  const { first, last } = civilYear(year);
  const found: Takeovers = { free: new Map(), givenBack: new Map() };
  const starting = packs.filter(({ from }) => dayOf(from) > first && dayOf(from) <= last);
  const succeeded = new Set<NumberedPack>();
  const giveBack = (payer: NumberedPack, day: number, why: "upgrade" | "asked"): void => {
    found.givenBack.set(payer.id, [...(found.givenBack.get(payer.id) ?? []), { day, why }]);
  };
  for (const pack of starting) {
    const before = predecessor(context, packs, pack);
    if (before === undefined) continue;
    succeeded.add(before);
    const payer = found.free.get(before) ?? before;
    // The same pack under the same label goes on: one key, its paid place is used again (B7).
    if (payer.id === pack.id && payer === before) continue;
    const paidSince = dateOf(Math.max(first, dayOf(payer.from)));
    const price = priceOn(context, pack.pack, pack.from, [pack.source]);
    const old = priceOn(context, payer.pack, paidSince, [payer.source]);
    if (price === undefined || old === undefined) continue;
    const upgrade = price.cents > old.cents;
    if (!upgrade && before.refund !== true) {
      found.free.set(pack, payer);
      continue;
    }
    giveBack(payer, dayOf(pack.from), upgrade ? "upgrade" : "asked");
  }
  // Who gives back a pack that cost nothing gives back the place that was paid for it.
  for (const [pack, payer] of found.free) {
    if (pack.refund !== true || pack.to === undefined || dayOf(pack.to) >= last || succeeded.has(pack)) continue;
    giveBack(payer, dayOf(pack.to) + 1, "asked");
  }
  return found;
}

/** The pack that `pack` takes over from: the one that it names, or the only one that ended the day before. */
function predecessor(context: Context, packs: readonly NumberedPack[], pack: NumberedPack): NumberedPack | undefined {
  const endedBefore = (other: NumberedPack): boolean =>
    other.to !== undefined && dayOf(other.to) + 1 === dayOf(pack.from);
  const ended = packs.filter(endedBefore);
  const same = ended.find(({ id }) => id === pack.id);
  if (same !== undefined) return same;
  const problem = (message: string): void => {
    context.problems.push({ member: context.facts.member, rule: "B8", message, sources: [pack.source] });
  };
  const rivals = packs.filter((other) => other !== pack && other.from === pack.from);
  // One paid place can't serve two packs: neither one that goes on under its own name, nor one that another names.
  const open = ended.filter(({ id }) => !rivals.some((rival) => rival.id === id || rival.replaces === id));
  if (pack.replaces !== undefined) {
    const named = ended.find(({ id }) => id === pack.replaces);
    if (named === undefined) problem(texts.replacesNothing(pack.id, pack.replaces, pack.from));
    else if (!open.includes(named)) problem(texts.replacesTwice(pack.id, pack.replaces, pack.from));
    else return named;
    return undefined;
  }
  if (open.length === 0) return undefined;
  const claimants = rivals.filter((rival) => rival.replaces === undefined && !ended.some(({ id }) => id === rival.id));
  if (open.length > 1 || claimants.length > 0) {
    problem(
      texts.replacesUnclear(
        pack.id,
        open.map(({ id }) => id),
        pack.from,
      ),
    );
    return undefined;
  }
  return open[0];
}

/** The steps of a pack's places, with those that a change gives back. */
export function withGivenBack(steps: readonly Step[], days: readonly { day: number }[]): Step[] {
  const all = new Map(steps.map((step) => [step.day, { ...step }]));
  for (const { day } of days) {
    const step = all.get(day);
    // A pack's key has one place, so giving it back twice on a day is the same as once.
    if (step !== undefined) step.givenBack = Math.max(1, step.givenBack);
    else {
      const before = steps.findLast((earlier) => earlier.day < day);
      all.set(day, { day, inService: before?.inService ?? 0, givenBack: 1 });
    }
  }
  return [...all.values()].sort((a, b) => a.day - b.day);
}
