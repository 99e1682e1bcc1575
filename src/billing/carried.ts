import { options } from "../catalogue/index.ts";
import { dayOf } from "../period.ts";
import type { BillingFacts } from "./facts.ts";

type Dated = { from: string; to?: string | undefined };

/**
 * The same facts where options and domains without an end get the end of the last pack that can carry them: a pack's
 * end ends what only it carried (B26). What no pack ever carried is left as it is. Places in the lists are kept.
 */
export function withImpliedEnds(facts: BillingFacts): BillingFacts {
  const packs = facts.packs.filter((pack) => pack.void === undefined);
  if (packs.every(({ to }) => to === undefined)) return facts;
  const ended = <Entry extends Dated>(entry: Entry, carriers: readonly Dated[]): Entry => {
    if (entry.to !== undefined) return entry;
    const ends = carriers.flatMap(({ to }) => to ?? []).sort();
    const last = ends.at(-1);
    return last === undefined || ends.length < carriers.length || last < entry.from ? entry : { ...entry, to: last };
  };
  return {
    ...facts,
    options: facts.options.map((option) => {
      const needs: readonly string[] = options[option.option].needs;
      return ended(
        option,
        packs.filter(({ pack }) => needs.includes(pack)),
      );
    }),
    domains: facts.domains.map((domain) => ended(domain, packs)),
  };
}

/** The parts of a span in which one of the packs is in service; the whole span when there is no pack at all (B26). */
export function whileCarried<Entry extends Dated & { refund?: boolean | undefined }>(
  entry: Entry,
  packs: readonly Dated[],
): Entry[] {
  if (packs.length === 0) return [entry];
  const end = (to: string | undefined): string => to ?? "9999-12-31";
  const parts: Entry[] = [];
  for (const pack of packs.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const before = parts.at(-1);
    const from = pack.from > entry.from ? pack.from : entry.from;
    const to = end(pack.to) < end(entry.to) ? pack.to : entry.to;
    if (from > end(to)) continue;
    if (before !== undefined && dayOf(from) <= dayOf(end(before.to)) + 1) {
      if (end(to) > end(before.to)) before.to = to;
    } else parts.push({ ...entry, from, to });
  }
  // Only its own end gives a place back.
  return parts.map((part) => (part.to === entry.to ? part : { ...part, refund: false }));
}
