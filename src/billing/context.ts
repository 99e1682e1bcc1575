import { priceListOn } from "../catalogue/prices/index.ts";
import type { OfferId, PriceList } from "../catalogue/prices/types.ts";
import type { BillingFacts } from "./facts.ts";
import { texts } from "./texts.ts";
import type { BillNote, BillProblem, BillSettings, VatRegime } from "./types.ts";

/** What the rules of one member's bill share. */
export interface Context {
  facts: BillingFacts;
  /** In order of `from`. */
  lists: readonly PriceList[];
  settings: BillSettings;
  /** No line is dated after this day. */
  until: string;
  /** No line is dated before this day. */
  since: string;
  problems: BillProblem[];
  notes: BillNote[];
}

/** Price of an offer on a day (B4); a missing one is a problem, never 0. */
export function priceOn(
  { facts, lists, problems }: Context,
  offer: OfferId,
  date: string,
  sources: string[],
): { cents: bigint; list: string } | undefined {
  const list = priceListOn(date, lists);
  const cents = list?.prices[offer];
  if (list !== undefined && cents !== undefined) return { cents: BigInt(cents), list: list.id };
  problems.push({ member: facts.member, rule: "B4", message: texts.noPrice(offer, list?.id, date), sources });
  return undefined;
}

/** VAT regime of the association on a day (B61). */
export function regimeOn(settings: BillSettings, date: string): VatRegime {
  const found = settings.vatRegime.findLast(({ from }) => from <= date) ?? settings.vatRegime[0];
  if (found === undefined) throw new Error("The association's settings name no VAT regime.");
  return found.regime;
}
