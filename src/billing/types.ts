import type { OfferId } from "../catalogue/prices/types.ts";
import type { BillingFacts } from "./facts.ts";

/** What may stand on a line of a bill: a price list's offers, and what carries its own price. */
export type BilledOffer = OfferId | "assistance-3" | "cost" | "membership";

export type VatRegime = "franchise" | "subject" | "notSubject";

/** The association's settings that amounts depend on (`src/association.ts` has the real ones). */
export interface BillSettings {
  /** Highest fee that the statutes allow, cents. */
  membershipMaximum: number;
  /** `mm-dd`: who joins from this day on pays from the next year (B60). */
  freeJoinFrom?: string | undefined;
  /** In order of time; the last one that has begun is in force (B61). */
  vatRegime: readonly { from: string; regime: VatRegime }[];
}

/** A run of days with the same number of paid units; dates inclusive. */
export interface Segment {
  from: string;
  to: string;
  level: number;
}

/** One thing that a member owes: a stable key and an amount that follows from the declarations alone. */
export interface DueLine {
  /** Never an index, a title or a price; see the key table of the bill's documentation. */
  key: string;
  member: string;
  offer: BilledOffer;
  /** What distinguishes lines of one offer: label of a pack, domain, entry, supplier. */
  detail?: string;
  /** When the amount becomes due (B59); `--until` compares with it. */
  date: string;
  /** First and last day that the line is for. */
  period: { from: string; to: string };
  /** `numerator / denominator` units. */
  quantity: { numerator: number; denominator: number; unit: "day" | "once" | "halfDay" | "hour" | "year" };
  /** Price of a unit; for `day`, the price of a year of `base` days. */
  unitCents: bigint;
  /** Days of the civil year for annual offers, else 1. */
  base: number;
  /** Rounded once. 0 for what is declared and costs nothing; negative only for a recovered block. */
  cents: bigint;
  /** Id of the price list, or the reference of the quotation or purchase. */
  priceList: string;
  vat: VatRegime;
  /** The rules that made the amount, `B1` to `B64`. */
  rules: string[];
  segments: Segment[];
  /** Where in the facts the line comes from, for example `packs[0]`. */
  sources: string[];
}

/** Something that keeps a line from being computed, or that people must decide. */
export interface BillProblem {
  member: string;
  rule: string;
  /** French, complete sentence. */
  message: string;
  sources: string[];
}

/** Something that people should know, although nothing is wrong. */
export interface BillNote extends BillProblem {
  /** Set when the note says that a month has no measure at all. */
  unmeasured?: { kind: "disk" | "traffic"; month: string };
}

/** What one member owes, and what could not be said. */
export interface Assessment {
  lines: DueLine[];
  problems: BillProblem[];
  notes: BillNote[];
  ledgers: LedgerStatement[];
}

/** Account of one member's prepaid blocks of one kind, in thousandths of GB·month. */
export interface LedgerStatement {
  member: string;
  kind: "disk" | "traffic";
  entries: LedgerEntry[];
  blocks: { id: string; on: string; cents: bigint; bought: number; consumed: number; recovered: number }[];
  /** Remaining in all blocks, less the overdraft. */
  balance: number;
  /** A month is not measured, or not completely: the balance may still change. */
  provisional: boolean;
}

export interface LedgerEntry {
  date: string;
  what: "purchase" | "draw" | "recovery";
  /** Month of a draw, block of the others. */
  reference: string;
  /** Positive for a purchase, negative for the others. */
  amount: number;
  /** From which blocks; the rest is overdraft. */
  parts: { block: string; amount: number }[];
  balance: number;
}

export type PackEntry = BillingFacts["packs"][number];
