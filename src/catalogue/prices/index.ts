import { list2009 } from "./2009.ts";
import type { PriceList } from "./types.ts";

/** All published lists, oldest first. */
export const priceLists: readonly PriceList[] = [list2009];

/** The list in force on a day `yyyy-mm-dd`; undefined before the first one. */
export function priceListOn(day: string, lists: readonly PriceList[] = priceLists): PriceList | undefined {
  return lists.findLast((list) => list.from <= day);
}
