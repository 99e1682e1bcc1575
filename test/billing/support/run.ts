import { assess } from "../../../src/billing/due.ts";
import type { BillingFacts } from "../../../src/billing/facts.ts";
import type { Assessment, BillSettings } from "../../../src/billing/types.ts";
import type { Usage } from "../../../src/billing/usage.ts";
import { priceLists } from "../../../src/catalogue/prices/index.ts";
import type { PriceList } from "../../../src/catalogue/prices/types.ts";
import { settings } from "./facts.ts";

export interface Around {
  lists?: PriceList[];
  usage?: Usage[];
  settings?: Partial<BillSettings>;
  /** Keep the membership fee, which most cases leave out. */
  fee?: boolean;
}

/** What is due of one civil year. */
export function year(of: number, given: BillingFacts, around: Around = {}): Assessment {
  return between(`${of}-01-01`, `${of}-12-31`, given, around);
}

/** What is due between two dates. */
export function between(since: string, until: string, given: BillingFacts, around: Around = {}): Assessment {
  const all = assess(
    [given],
    [...priceLists, ...(around.lists ?? [])],
    around.usage ?? [],
    { ...settings, ...around.settings },
    until,
    since,
  );
  return { ...all, lines: all.lines.filter(({ offer }) => around.fee === true || offer !== "membership") };
}
