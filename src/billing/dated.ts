import { priceListOn } from "../catalogue/prices/index.ts";
import type { OfferId } from "../catalogue/prices/types.ts";
import { registrations } from "../member/registrations.ts";
import { share } from "../money.ts";
import { anniversary, civilMonth, dateOf, dayOf, nextMonth, yearOf } from "../period.ts";
import { type Context, priceOn, regimeOn } from "./context.ts";
import { texts } from "./texts.ts";
import type { DueLine } from "./types.ts";

/** Lines that are due at a date, whole: registrations, services, purchases, membership. */
export function datedLines(context: Context): DueLine[] {
  quotedWork(context);
  return [
    ...registrationLines(context),
    ...serviceLines(context),
    ...supportLines(context),
    ...costLines(context),
    ...membershipLines(context),
  ].filter(({ date }) => date <= context.until && date >= context.since);
}

/** The whole price at the registration and at each anniversary while the domain is with us (B12, B17). */
function registrationLines(context: Context): DueLine[] {
  return registrations(context.facts.domains).flatMap(({ name, from, to, entries }) => {
    const sources = entries.map((index) => `domains[${index}]`);
    const lines: DueLine[] = [];
    const last = to === undefined || to > context.until ? context.until : to;
    for (let year = yearOf(from); year <= yearOf(last); year += 1) {
      const date = anniversary(from, year);
      if (date > last || date < context.since) continue;
      const price = priceOn(context, "domainRegistration", date, sources);
      if (price === undefined) continue;
      const end = dateOf(dayOf(anniversary(from, year + 1)) - 1);
      lines.push({
        ...once(context, "domainRegistration", date, price),
        key: `${context.facts.member}/registration/${name}/${date}`,
        detail: name,
        period: { from: date, to: end },
        rules: ["B12"],
        sources,
      });
    }
    return lines;
  });
}

/** Half-days and hours as declared (B49–B53). */
function serviceLines(context: Context): DueLine[] {
  return context.facts.services.flatMap((entry, index) => {
    if (entry.void !== undefined || entry.service === "onsiteSupport") return [];
    if (entry.on > context.until || entry.on < context.since) return [];
    const sources = [`services[${index}]`];
    const byHour = entry.service === "onsiteIntervention" || entry.service === "remoteIntervention";
    const travel = entry.service === "onsiteIntervention" ? (entry.travelMinutes ?? 0) : 0;
    const amount = byHour ? entry.minutes : entry.halfDays;
    if (amount === undefined) {
      const message = texts.noQuantity(entry.id, byHour);
      context.problems.push({ member: context.facts.member, rule: byHour ? "B52" : "B49", message, sources });
      return [];
    }
    const price = priceOn(context, entry.service, entry.on, sources);
    if (price === undefined) return [];
    const quarters = Math.ceil((amount + travel) / 15);
    return {
      ...once(context, entry.service, entry.on, price),
      key: `${context.facts.member}/${entry.service}/${entry.id}`,
      detail: entry.id,
      quantity: byHour
        ? { numerator: quarters, denominator: 4, unit: "hour" as const }
        : { numerator: amount, denominator: 1, unit: "halfDay" as const },
      cents: byHour ? share(price.cents, quarters, 4) : price.cents * BigInt(amount),
      rules: byHour ? (entry.service === "onsiteIntervention" ? ["B51", "B52"] : ["B52"]) : ["B49"],
      sources,
    };
  });
}

/** Says which accepted quotations are exceeded, with done and quoted half-days; every half-day stays due (B53). */
function quotedWork({ facts, until, notes }: Context): void {
  for (const { reference, halfDays } of facts.quotations ?? []) {
    const under = facts.services.filter(
      ({ quotation, void: voided, on }) => quotation === reference && voided === undefined && on <= until,
    );
    const done = under.reduce((all, one) => all + (one.halfDays ?? 0), 0);
    if (done <= halfDays) continue;
    notes.push({
      member: facts.member,
      rule: "B53",
      message: texts.overQuoted(reference, done, halfDays),
      sources: [],
    });
  }
}

/** A visit a month, in arrears; months without one are reported, not billed (B50). */
function supportLines(context: Context): DueLine[] {
  const { member, services } = context.facts;
  const visits = new Map<string, { on: string; source: string }>();
  const held = services
    .map((entry, index) => ({ ...entry, source: `services[${index}]` }))
    .filter((entry) => entry.service === "onsiteSupport" && entry.void === undefined)
    .sort((a, b) => (a.on === b.on ? (a.id < b.id ? -1 : 1) : a.on < b.on ? -1 : 1));
  for (const { on, source } of held) {
    const month = on.slice(0, 7);
    if (visits.has(month)) {
      context.problems.push({ member, rule: "B50", message: texts.secondVisit(month), sources: [source] });
    } else visits.set(month, { on, source });
  }
  const months = [...visits.keys()];
  const [first] = months;
  if (first !== undefined) {
    for (let month = first; month < (months.at(-1) ?? first); month = nextMonth(month)) {
      const { last } = civilMonth(month);
      if (visits.has(month) || dateOf(last) > context.until || dateOf(last) < context.since) continue;
      context.notes.push({ member, rule: "B50", message: texts.noVisit(month), sources: [] });
    }
  }
  return [...visits].flatMap(([month, { on, source }]) => {
    const { first: start, last } = civilMonth(month);
    if (dateOf(last) > context.until || dateOf(last) < context.since) return [];
    const price = priceOn(context, "onsiteSupport", on, [source]);
    if (price === undefined) return [];
    return {
      ...once(context, "onsiteSupport", dateOf(last), price),
      key: `${member}/onsiteSupport/${month}`,
      detail: month,
      period: { from: dateOf(start), to: dateOf(last) },
      quantity: { numerator: 1, denominator: 1, unit: "halfDay" as const },
      rules: ["B50"],
      sources: [source],
    };
  });
}

/** What was bought for the member, at cost. */
function costLines(context: Context): DueLine[] {
  return context.facts.costs.flatMap((cost, index) =>
    cost.void === undefined
      ? {
          ...once(context, "cost", cost.on, { cents: BigInt(cost.cents), list: cost.reference }),
          key: `${context.facts.member}/cost/${cost.reference}`,
          detail: `${cost.label} (${cost.supplier})`,
          rules: ["B18"],
          sources: [`costs[${index}]`],
        }
      : [],
  );
}

/** The fee of each civil year with a day of membership, whole (B60). */
function membershipLines(context: Context): DueLine[] {
  const { facts, lists, settings, until, since, problems } = context;
  const { since: joined, to } = facts.membership;
  const lines: DueLine[] = [];
  const last = to === undefined || to > until ? until : to;
  for (let year = Math.max(yearOf(joined), yearOf(since)); year <= yearOf(last); year += 1) {
    const date = year === yearOf(joined) ? joined : `${year}-01-01`;
    const free = settings.freeJoinFrom;
    if (date > last || date < since) continue;
    if (year === yearOf(joined) && free !== undefined && joined.slice(5) >= free) continue;
    const list = priceListOn(date, lists);
    const cents = list?.membership[facts.kind];
    const problem = (message: string): void => {
      problems.push({ member: facts.member, rule: "B60", message, sources: ["membership"] });
    };
    if (list === undefined || cents === undefined) problem(texts.noFee(facts.kind, list?.id, date));
    else if (cents > settings.membershipMaximum) problem(texts.feeTooHigh(cents, settings.membershipMaximum));
    else
      lines.push({
        ...once(context, "membership", date, { cents: BigInt(cents), list: list.id }),
        key: `${facts.member}/membership/${year}`,
        period: { from: `${year}-01-01`, to: `${year}-12-31` },
        quantity: { numerator: 1, denominator: 1, unit: "year" },
        rules: ["B60"],
        sources: ["membership"],
      });
  }
  return lines;
}

/** A line of one unit at its price, on a date. */
export function once(
  { facts, settings }: Pick<Context, "facts" | "settings">,
  offer: OfferId | "cost" | "membership",
  date: string,
  { cents, list }: { cents: bigint; list: string },
): Omit<DueLine, "key" | "rules" | "sources"> {
  return {
    member: facts.member,
    offer,
    date,
    period: { from: date, to: date },
    quantity: { numerator: 1, denominator: 1, unit: "once" },
    unitCents: cents,
    base: 1,
    cents,
    priceList: list,
    vat: regimeOn(settings, date),
    segments: [],
  };
}
