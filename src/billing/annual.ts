import type { OfferId } from "../catalogue/prices/types.ts";
import { share } from "../money.ts";
import { civilYear, dateOf, dayOf } from "../period.ts";
import { whileCarried } from "./carried.ts";
import { type Context, priceOn, regimeOn } from "./context.ts";
import { paidLevels, type Step, steps, type Units, unitDays } from "./levels.ts";
import { deliveredPacks, type NumberedPack, takeovers, withGivenBack } from "./packs.ts";
import { texts } from "./texts.ts";
import type { DueLine, PackEntry, Segment } from "./types.ts";

/** Domains not registered by us that a pack includes (B14). */
const INCLUDED_DOMAINS: Record<PackEntry["pack"], number> = { autonomous: 5, assisted: 5, sympa: 1, mailboxes: 1 };

/** Lines of one civil year for all that is priced per year, by day: packs, options, domains beyond the included. */
export function annualLines(context: Context, year: number): DueLine[] {
  const packs = deliveredPacks(context);
  return [...packLines(context, packs, year), ...optionLines(context, year), ...managementLines(context, packs, year)];
}

/** One line per pack and label (B5, B7–B10). */
function packLines(context: Context, packs: readonly NumberedPack[], year: number): DueLine[] {
  const { free, givenBack } = takeovers(context, packs, year);
  const ids = [...new Set(packs.map(({ id }) => id))];
  return ids.flatMap((id) => {
    const all = packs.filter((pack) => pack.id === id && touches(pack, year));
    const paying = all.filter((pack) => !free.has(pack));
    const given = givenBack.get(id) ?? [];
    const unitsOf = paying.map(({ from, to, refund }) => ({ from, to, refund, quantity: 1 }));
    const segments = paidLevels(withGivenBack(steps(unitsOf, year), given), year);
    const [pack] = all;
    if (pack === undefined) return [];
    const head = {
      key: `${context.facts.member}/pack/${id}/${year}`,
      offer: pack.pack,
      ...(pack.label === undefined ? {} : { detail: pack.label }),
      sources: all.map(({ source }) => source),
    };
    const rules = [
      "B5",
      ...(endsWithin(paying, year) ? ["B7"] : []),
      ...(given.some(({ why }) => why === "upgrade") ? ["B8"] : []),
    ];
    if (segments.length > 0) return yearLine(context, { ...head, segments, year, rules });
    // Declared, in service and free: said, so that nobody looks for it.
    return all.some((one) => free.has(one))
      ? yearLine(context, { ...head, segments, year, rules: ["B9"], date: pack.from })
      : [];
  });
}

/** One line per option, all entries together (B6, B7); assistance of level 3 by its quotation (B46). */
function optionLines(context: Context, year: number): DueLine[] {
  const groups = new Map<
    string,
    { offer: OfferId | "assistance-3"; units: Units[]; sources: string[]; quoted?: Quoted }
  >();
  context.facts.options.forEach((entry, index) => {
    if (entry.void !== undefined || !touches(entry, year)) return;
    const source = `options[${index}]`;
    let name: string = entry.option;
    let offer: OfferId | "assistance-3";
    if (entry.option === "assistance") {
      if (entry.level === 3) {
        if (entry.quotation === undefined) {
          const message = texts.noQuotation;
          context.problems.push({ member: context.facts.member, rule: "B46", message, sources: [source] });
          return;
        }
        offer = "assistance-3";
        name = `assistance-3/${entry.quotation.reference}`;
      } else {
        offer = entry.level === 2 ? "assistance-2" : "assistance-1";
        name = `assistance-${entry.level ?? 1}`;
      }
    } else offer = entry.option;
    const group = groups.get(name) ?? {
      offer,
      units: [],
      sources: [],
      ...(entry.quotation === undefined
        ? {}
        : { quoted: { reference: entry.quotation.reference, cents: BigInt(entry.quotation.cents) } }),
    };
    if (group.quoted !== undefined && group.quoted.cents !== BigInt(entry.quotation?.cents ?? 0)) {
      const message = texts.twoAmounts(group.quoted.reference);
      context.problems.push({
        member: context.facts.member,
        rule: "B46",
        message,
        sources: [...group.sources, source],
      });
      return;
    }
    group.units.push(entry);
    group.sources.push(source);
    groups.set(name, group);
  });
  return [...groups].flatMap(([name, { offer, units, sources, quoted }]) =>
    yearLine(context, {
      key: `${context.facts.member}/${name}/${year}`,
      offer,
      ...(quoted === undefined ? {} : { detail: quoted.reference, quoted }),
      segments: paidLevels(steps(units, year), year),
      year,
      rules: [offer === "assistance-3" ? "B46" : "B6", "B5", ...(endsWithin(units, year) ? ["B7"] : [])],
      sources,
    }),
  );
}

/** Domains beyond the included ones, counted by day whichever they are (B13–B17). */
function managementLines(context: Context, packs: readonly NumberedPack[], year: number): DueLine[] {
  const external: Units[] = [];
  const sources: string[] = [];
  context.facts.domains.forEach((domain, index) => {
    if (domain.registeredBy !== "member" || domain.void !== undefined || !touches(domain, year)) return;
    external.push(...whileCarried({ ...domain, quantity: 1 }, packs));
    sources.push(`domains[${index}]`);
  });
  const included = packs.map(({ pack, from, to }) => ({ from, to, quantity: INCLUDED_DOMAINS[pack] }));
  return yearLine(context, {
    key: `${context.facts.member}/domainManagement/${year}`,
    offer: "domainManagement",
    segments: paidLevels(beyond(steps(external, year), steps(included, year)), year),
    year,
    rules: ["B15", "B14", ...(endsWithin(external, year) ? ["B7"] : []), ...(included.length > 1 ? ["B16"] : [])],
    sources,
  });
}

/** Steps of what is needed beyond an included number; a rise of that number gives paid places back (B16). */
function beyond(needed: readonly Step[], included: readonly Step[]): Step[] {
  const days = [...new Set([...needed, ...included].map(({ day }) => day))].sort((a, b) => a - b);
  let before = 0;
  return days.map((day) => {
    const wanted = needed.findLast((step) => step.day <= day);
    const contained = included.findLast((step) => step.day <= day)?.inService ?? 0;
    const rise = Math.max(0, contained - before);
    before = contained;
    return {
      day,
      inService: Math.max(0, (wanted?.inService ?? 0) - contained),
      givenBack: (wanted?.day === day ? wanted.givenBack : 0) + rise,
    };
  });
}

interface Quoted {
  reference: string;
  cents: bigint;
}

/** A line by unit-days of a civil year, rounded once (B5, B6); none when nothing is paid and no date is given. */
function yearLine(
  context: Context,
  line: Pick<DueLine, "key" | "offer" | "detail" | "rules" | "sources"> & {
    segments: Segment[];
    year: number;
    quoted?: Quoted;
    /** Of a line that costs nothing. */
    date?: string;
  },
): DueLine[] {
  const { year, segments, quoted, ...head } = line;
  const date = segments[0]?.from ?? line.date;
  if (date === undefined || date > context.until || date < context.since) return [];
  const price =
    quoted === undefined
      ? priceOn(context, line.offer as OfferId, date, line.sources)
      : { cents: quoted.cents, list: quoted.reference };
  if (price === undefined) return [];
  const { days, last } = civilYear(year);
  const quantity = unitDays(segments);
  return [
    {
      ...head,
      member: context.facts.member,
      date,
      period: { from: date, to: segments.at(-1)?.to ?? dateOf(last) },
      quantity: { numerator: quantity, denominator: 1, unit: "day" },
      unitCents: price.cents,
      base: days,
      cents: share(price.cents, quantity, days),
      priceList: price.list,
      vat: regimeOn(context.settings, date),
      segments,
    },
  ];
}

function touches({ from, to }: { from: string; to?: string | undefined }, year: number): boolean {
  const { first, last } = civilYear(year);
  return dayOf(from) <= last && (to === undefined || dayOf(to) >= first);
}

function endsWithin(units: readonly { to?: string | undefined }[], year: number): boolean {
  const { first, last } = civilYear(year);
  return units.some(({ to }) => to !== undefined && dayOf(to) >= first && dayOf(to) < last);
}
