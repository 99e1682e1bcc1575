import { BillingFacts } from "../../../src/billing/facts.ts";
import type { BillSettings } from "../../../src/billing/types.ts";
import type { Usage } from "../../../src/billing/usage.ts";
import { priceLists } from "../../../src/catalogue/prices/index.ts";
import type { OfferId, PriceList } from "../../../src/catalogue/prices/types.ts";

export const MEMBER = "alice";

type Given = Partial<Omit<BillingFacts, "schema" | "member" | "number">> & { member?: string };

/** Facts of a member since 2009 that declares nothing but what is given; checked by the schema. */
export function facts(given: Given = {}): BillingFacts {
  return BillingFacts.parse({
    schema: 1,
    member: MEMBER,
    number: 1,
    kind: "association",
    membership: { since: "2009-01-01" },
    packs: [],
    options: [],
    blocks: [],
    recover: [],
    domains: [],
    services: [],
    costs: [],
    overage: "alert",
    ...given,
  });
}

type Pack = BillingFacts["packs"][number];
type Option = BillingFacts["options"][number];

/** A pack; `span` is `from`, `from → to`, default from 2026-01-01. */
export function pack(name: Pack["pack"], span = "2026-01-01", more: Partial<Pack> = {}): Pack {
  return { pack: name, ...interval(span), ...more };
}

export function option(name: Option["option"], quantity = 1, span = "2026-01-01", more: Partial<Option> = {}): Option {
  return { option: name, quantity, ...interval(span), ...more };
}

/** Several domains with the same dates, named `<prefix>1.example` and so on. */
export function domains(
  count: number,
  span = "2026-01-01",
  more: Partial<BillingFacts["domains"][number]> & { prefix?: string } = {},
): BillingFacts["domains"] {
  const { prefix = "d", ...rest } = more;
  return Array.from({ length: count }, (_, index) => ({
    name: `${prefix}${index + 1}.example`,
    registeredBy: "member" as const,
    ...interval(span),
    ...rest,
  }));
}

function interval(span: string): { from: string; to?: string } {
  const [from = "", to] = span.split(" → ");
  return to === undefined ? { from } : { from, to };
}

const [first] = priceLists as [PriceList];

/** A list of 2009's prices with some changed, in force from a later day. */
export function laterList(
  from: string,
  prices: Partial<Record<OfferId, number>>,
  membership = first.membership,
): PriceList {
  return { id: from, from, prices: { ...first.prices, ...prices }, membership, notes: [] };
}

/** Settings of the tests. */
export const settings: BillSettings = {
  membershipMaximum: 10_000,
  vatRegime: [{ from: "2009-01-01", regime: "franchise" }],
};

/** GB figures of a month: disk is the mean over 30 daily samples, whatever the month. */
export function usage(month: string, figures: { disk?: number; traffic?: number; samples?: number }): Usage {
  const samples = figures.samples ?? 30;
  return {
    schema: 1,
    month,
    measured: { h1: `${month}-28T23:55:00Z` },
    members: {
      [MEMBER]: {
        diskByteSum: Math.round((figures.disk ?? 0) * 1e9) * samples,
        diskSamples: samples,
        daysInService: 30,
        trafficBytes: Math.round((figures.traffic ?? 0) * 1e9),
      },
    },
  };
}

/** Months of a year, `yyyy-mm`, from the first to the last given. */
export function months(year: number, first = 1, last = 12): string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => `${year}-${String(first + index).padStart(2, "0")}`);
}
