import type { PriceList } from "../catalogue/prices/types.ts";
import { canonicalHash, type RegisterRecord } from "./register.ts";
import { texts } from "./texts.ts";

/** Hash of each list by id, as a record of the register holds it: prices and fees, not the notes. */
export function listHashes(lists: readonly PriceList[]): Record<string, string> {
  return Object.fromEntries(
    lists.map(({ id, from, prices, membership }) => [id, canonicalHash({ id, from, prices, membership })]),
  );
}

/** Lists that were changed or removed after a document was issued with them, in French (B4). */
export function frozenLists(records: readonly RegisterRecord[], lists: readonly PriceList[]): string[] {
  const now = listHashes(lists);
  const found = new Map<string, string>();
  for (const { number, priceLists } of records) {
    for (const [id, hash] of Object.entries(priceLists)) {
      if (found.has(id) || now[id] === hash) continue;
      found.set(id, now[id] === undefined ? texts.register.missingList(id, number) : texts.register.list(id, number));
    }
  }
  return [...found.values()];
}
