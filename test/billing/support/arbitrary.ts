import * as fc from "fast-check";
import type { BillingFacts } from "../../../src/billing/facts.ts";
import { dateOf, dayOf } from "../../../src/period.ts";
import { facts } from "./facts.ts";

const first = dayOf("2025-11-01");
const last = dayOf("2027-12-31");

/** Some day of two years and a bit before. */
export const date = fc.integer({ min: first, max: last }).map(dateOf);

/** An interval with or without an end, and whether its end gives the place back. */
export const interval = fc
  .record({
    from: fc.integer({ min: first, max: last }),
    days: fc.option(fc.integer({ min: 0, max: 500 })),
    refund: fc.boolean(),
  })
  .map(({ from, days, refund }) => ({
    from: dateOf(from),
    ...(days === null ? {} : { to: dateOf(from + days), refund }),
  }));

const options = fc.array(
  fc.record({
    option: fc.constantFrom("mailbox" as const, "database" as const, "certificate" as const),
    quantity: fc.integer({ min: 1, max: 9 }),
    interval,
  }),
  { maxLength: 5 },
);
const packs = fc.array(
  fc.record({ pack: fc.constantFrom("autonomous" as const, "assisted" as const, "sympa" as const), interval }),
  { maxLength: 3 },
);
const domains = fc.array(fc.record({ registeredBy: fc.constantFrom("us" as const, "member" as const), interval }), {
  maxLength: 12,
});
const blocks = fc.array(fc.record({ kind: fc.constantFrom("disk" as const, "traffic" as const), on: date }), {
  maxLength: 4,
});

/** Any member whose declarations can be billed without a question. */
export const member: fc.Arbitrary<BillingFacts> = fc
  .record({
    options,
    packs,
    domains,
    blocks,
    overage: fc.constantFrom("alert" as const, "buy" as const, "stop" as const),
    leavesOn: fc.option(date),
  })
  .map((some) =>
    facts({
      overage: some.overage,
      ...(some.leavesOn === null ? {} : { leavesOn: some.leavesOn }),
      options: some.options.map(({ interval: span, ...option }) => ({ ...option, ...span })),
      // Labels keep several packs of one kind apart; a named predecessor keeps changes unambiguous.
      packs: some.packs.map(({ pack, interval: span }, index) => ({ pack, label: `p${index}`, ...span })),
      domains: some.domains.map(({ registeredBy, interval: span }, index) => ({
        name: `d${index}.example`,
        registeredBy,
        ...span,
      })),
      blocks: some.blocks.map((block, index) => ({ id: `b${index}`, ...block })),
    }),
  );
