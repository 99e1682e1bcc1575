import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assess } from "../../src/billing/due.ts";
import type { BillingFacts } from "../../src/billing/facts.ts";
import { paidLevels, steps, unitDays } from "../../src/billing/levels.ts";
import { type IssuedLine, plan } from "../../src/billing/plan.ts";
import type { DueLine } from "../../src/billing/types.ts";
import { priceLists } from "../../src/catalogue/prices/index.ts";
import { dateOf, dayOf } from "../../src/period.ts";
import { date, interval, member } from "./support/arbitrary.ts";
import { laterList, months, settings, usage } from "./support/facts.ts";

/** Few among the unit tests, 10,000 among the judges; set in vitest.config.ts. */
const RUNS = Number(process.env["PROPERTY_RUNS"]);
const UNTIL = "2027-12-31";
const figures = fc
  .array(fc.record({ disk: fc.nat(30), traffic: fc.nat(60) }), { minLength: 24, maxLength: 24 })
  .map((all) => [...months(2026), ...months(2027)].map((month, index) => usage(month, all[index] ?? {})));

function lines(of: BillingFacts, lists = priceLists): DueLine[] {
  return assess([of], lists, [], settings, UNTIL).lines;
}

/** Without where a line comes from, which follows the order of the entries. */
function amounts(of: readonly DueLine[]): unknown[] {
  return of.map((line) => ({ ...line, sources: [] }));
}

/** Issues what is planned, as the register would hold it afterwards. */
function issue(of: BillingFacts, due: readonly DueLine[], issued: readonly IssuedLine[]): IssuedLine[] {
  const { documents, problems } = plan(due, issued, [of]);
  expect(problems).toEqual([]);
  return [
    ...issued,
    ...documents.flatMap(({ member: id, series, lines: planned }, index) =>
      planned.map(({ key, cents, vat, against }) => ({
        document: `${series}-${issued.length}-${index}`,
        member: id,
        key,
        cents,
        vat,
        ...(against === undefined ? {} : { against }),
      })),
    ),
  ];
}

const bought = new Set<string>(["mailbox", "database", "certificate"]);

describe("what is due", () => {
  it("does not depend on the order of what is declared", () => {
    fc.assert(
      fc.property(member, figures, (of, measured) => {
        const reversed = Object.fromEntries(
          Object.entries(of)
            .reverse()
            .map(([key, value]) => [key, Array.isArray(value) ? value.toReversed() : value]),
        ) as BillingFacts;
        const one = assess([of], priceLists, measured, settings, UNTIL);
        const other = assess([reversed], priceLists, measured.toReversed(), settings, UNTIL);
        expect(amounts(other.lines)).toEqual(amounts(one.lines));
        expect(other.ledgers).toEqual(one.ledgers);
      }),
      { numRuns: RUNS / 2 },
    );
  });

  it("never sinks when a quantity rises or an interval gets longer (B7)", () => {
    fc.assert(
      fc.property(member, fc.nat(4), fc.nat(300), (of, more, days) => {
        const longer = of.options.map(({ to, ...option }) => ({
          ...option,
          // More units with `refund` also give back more places, others' unused ones too, by the formula of B7.
          quantity: option.quantity + (option.refund === true ? 0 : more),
          ...(to === undefined ? {} : { to: dateOf(dayOf(to) + days) }),
        }));
        const before = new Map(lines(of).map(({ key, cents }) => [key, cents]));
        const sunk = lines({ ...of, options: longer }).filter(
          ({ key, cents, offer }) => bought.has(offer) && cents < (before.get(key) ?? 0n),
        );
        expect(sunk).toEqual([]);
      }),
      { numRuns: RUNS / 2 },
    );
  });

  it("is not changed by a later price list (B4)", () => {
    fc.assert(
      fc.property(member, date, (of, from) => {
        const later = [
          ...priceLists,
          laterList(from, { mailbox: 777, autonomous: 2345, domainManagement: 999, disk: 1 }),
        ];
        const earlier = (all: DueLine[]): unknown => amounts(all.filter((line) => line.date < from));
        // A dearer pack can turn a later change into an upgrade, which credits an earlier line by design (B8): no packs here.
        const given = { ...of, packs: [] };
        expect(earlier(lines(given, later))).toEqual(earlier(lines(given)));
      }),
      { numRuns: RUNS / 2 },
    );
  });

  it("adds up over any cut of an interval, in unit-days", () => {
    fc.assert(
      fc.property(interval, fc.nat(900), fc.integer({ min: 1, max: 9 }), (span, at, quantity) => {
        const cut = dayOf(span.from) + at;
        const end = span.to ?? "2028-12-31";
        fc.pre(cut < dayOf(end));
        const whole = [{ ...span, to: end, quantity }];
        const parts = [
          { from: span.from, to: dateOf(cut), quantity, refund: true },
          { ...span, to: end, from: dateOf(cut + 1), quantity },
        ];
        for (const year of [2026, 2027, 2028]) {
          const days = (units: typeof parts): number => unitDays(paidLevels(steps(units, year), year));
          expect(days(parts)).toBe(days(whole.map((one) => ({ refund: false, ...one }))));
        }
      }),
      { numRuns: RUNS },
    );
  });
});

describe("ledgers", () => {
  it("balance: bought = consumed + recovered + remaining, never negative unless alert (B35, B42)", () => {
    fc.assert(
      fc.property(member, figures, date, (of, measured, on) => {
        const recover = of.blocks.map(({ id }) => ({ block: id, on }));
        const { ledgers } = assess([{ ...of, recover }], priceLists, measured, settings, UNTIL);
        for (const { blocks, entries, balance } of ledgers) {
          const sum = (pick: (block: (typeof blocks)[number]) => number): number =>
            blocks.reduce((all, one) => all + pick(one), 0);
          expect(entries.reduce((all, { amount }) => all + amount, 0)).toBe(balance);
          for (const { bought, consumed, recovered } of blocks) {
            expect(consumed).toBeGreaterThanOrEqual(0);
            expect(recovered).toBeGreaterThanOrEqual(0);
            expect(consumed + recovered).toBeLessThanOrEqual(bought);
          }
          const remaining = sum(({ bought, consumed, recovered }) => bought - consumed - recovered);
          const overdraft = remaining - balance;
          expect(overdraft).toBeGreaterThanOrEqual(0);
          expect(overdraft > 0 && of.overage !== "alert").toBe(false);
        }
      }),
      { numRuns: RUNS / 2 },
    );
  });
});

describe("due, issued, plan", () => {
  it("lose and make no cent over any history of edits, and plan nothing twice (B55–B57)", () => {
    fc.assert(
      fc.property(
        member,
        fc.array(
          fc.record({ which: fc.nat(19), interval, quantity: fc.integer({ min: 1, max: 9 }), voided: fc.boolean() }),
          {
            minLength: 1,
            maxLength: 5,
          },
        ),
        (start, edits) => {
          let of = start;
          let issued: IssuedLine[] = issue(of, lines(of), []);
          for (const edit of edits) {
            of = edited(of, edit);
            const due = lines(of);
            issued = issue(of, due, issued);
            const owed = new Map(due.map(({ key, cents }) => [key, cents]));
            const given = new Map<string, bigint>();
            for (const { key, cents } of issued) given.set(key, (given.get(key) ?? 0n) + cents);
            expect([...given].filter(([key, cents]) => cents !== (owed.get(key) ?? 0n))).toEqual([]);
            expect(plan(due, issued, [of])).toEqual({ documents: [], problems: [], notes: [] });
          }
          expect(issued.filter(({ against, cents }) => (against === undefined) === cents < 0n)).toEqual([]);
        },
      ),
      { numRuns: RUNS },
    );
  });
});

/** One entry with other dates, another quantity, or declared void. */
function edited(
  of: BillingFacts,
  {
    which,
    interval: span,
    quantity,
    voided,
  }: { which: number; interval: { from: string; to?: string }; quantity: number; voided: boolean },
): BillingFacts {
  const change = <T extends object>(all: readonly T[], more: object): T[] =>
    all.map((one, index) => (index === which % 5 ? { ...one, ...(voided ? { void: "erreur" } : more) } : one));
  if (which < 5) return { ...of, options: change(of.options, { ...span, quantity }) };
  if (which < 10) return { ...of, packs: change(of.packs, span) };
  return which < 15
    ? { ...of, domains: change(of.domains, span) }
    : { ...of, blocks: change(of.blocks, { on: span.from }) };
}
