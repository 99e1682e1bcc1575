import type * as z from "zod";
import type { OfferId } from "./prices/types.ts";

/** A text in each language that the product speaks. */
export interface Words {
  fr: string;
  en: string;
}

export type PackId = "autonomous" | "assisted" | "sympa" | "mailboxes";

/** Packs with a web site. */
export const webPacks = ["autonomous", "assisted"] as const satisfies readonly PackId[];

/** Packs with a quota of disk and traffic. */
export const storagePacks = ["autonomous", "assisted", "sympa"] as const satisfies readonly PackId[];

/** Every pack: each comes with at least one domain and its addresses. */
export const anyPack = ["autonomous", "assisted", "sympa", "mailboxes"] as const satisfies readonly PackId[];

/** What can be included in a pack or bought: counts, and GB for disk and (monthly) traffic. */
export const quotaKinds = [
  "disk",
  "traffic",
  "database",
  "databaseUser",
  "ftpAccount",
  "mailbox",
  "list",
  "domain",
  "robot",
  "assistance-1",
  "assistance-2",
  "assistance-3",
  "certificate",
] as const;
export type QuotaKind = (typeof quotaKinds)[number];
export type Quotas = Partial<Record<QuotaKind, number>>;

/**
 * How an offer is priced: `annual` and `counted` by the day within a civil year, `date` whole at a date and its
 * anniversaries, `once` at the purchase, `work` by work done, `quotation` by an accepted quotation.
 */
export type PriceKind = "annual" | "counted" | "date" | "once" | "work" | "quotation";

/** What every row of the catalogue has. Amounts stand only in `prices/`. */
interface Row {
  title: Words;
  /** What it is, in one or two sentences that a member understands. */
  detail: Words;
  price: { kind: PriceKind; unit: Words };
  /** What it means on servers or in the DNS. */
  servers: Words;
  /** How the bill names a line of it. */
  bill: Words;
}

/** A pack: what a member must have before anything else. */
export interface Pack<Id extends PackId = PackId> extends Row {
  id: Id;
  offer: OfferId;
  includes: Quotas;
}

/** An option on top of a pack. `shape`: the fields of its entry beside the common ones (quantity, dates …). */
export interface Option<Id extends string = string, Shape extends z.ZodRawShape = z.ZodRawShape> extends Row {
  id: Id;
  /** Price list entries, by level where there are several; none when only a quotation has the price. */
  offers: readonly OfferId[];
  /** One of these packs has to be in service for as long as the option. */
  needs: readonly PackId[];
  /** What one unit adds to the included quotas, by level where there are several. */
  gives: readonly Quotas[];
  /** Where it is declared: in `options`, in `blocks`, or as `domains` themselves. */
  declared: "options" | "blocks" | "domains";
  shape: Shape;
}

/** Work of people. `shape`: how its quantity is declared. */
export interface Service<Id extends string = string, Shape extends z.ZodRawShape = z.ZodRawShape> extends Row {
  id: Id;
  offer: OfferId;
  shape: Shape;
}

/** Declares a pack, keeping its exact id for the types of member files. */
export function pack<const Id extends PackId>(entry: Pack<Id>): Pack<Id> {
  return entry;
}

/** Declares an option, keeping its exact id, packs and fields for the types of member files. */
export function option<
  const Id extends string,
  Shape extends z.ZodRawShape,
  const Needs extends readonly PackId[],
  const Where extends Option["declared"],
>(entry: Option<Id, Shape> & { needs: Needs; declared: Where }): Option<Id, Shape> & { needs: Needs; declared: Where } {
  return entry;
}

/** Declares a service, keeping its exact id and fields. */
export function service<const Id extends string, Shape extends z.ZodRawShape>(
  entry: Service<Id, Shape>,
): Service<Id, Shape> {
  return entry;
}
