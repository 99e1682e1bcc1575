import { share, total } from "../money.ts";
import type { BillingFacts } from "./facts.ts";
import type { VatRegime } from "./types.ts";

/** Category codes of EN 16931: exempt, standard rate, outside the scope. */
export type VatCategory = "E" | "S" | "O";

/** Percent of the standard rate in Belgium. */
const STANDARD_RATE = 21;

export interface VatTotal {
  category: VatCategory;
  /** Percent. */
  rate: number;
  net: bigint;
  vat: bigint;
}

const categories: Record<VatRegime, { category: VatCategory; rate: number }> = {
  franchise: { category: "E", rate: 0 },
  subject: { category: "S", rate: STANDARD_RATE },
  notSubject: { category: "O", rate: 0 },
};

/** VAT category and rate (percent) of a line by the regime of its first issue (B61). */
export function vatCategory(regime: VatRegime): { category: VatCategory; rate: number } {
  return categories[regime];
}

/** VAT on the sum of each category and rate, rounded once (B62). */
export function vatTotals(lines: readonly { cents: bigint; vat: VatRegime }[]): VatTotal[] {
  const groups = Map.groupBy(lines, ({ vat }) => vat);
  return [...groups]
    .map(([regime, group]) => {
      const { category, rate } = categories[regime];
      const net = total(group.map(({ cents }) => cents));
      return { category, rate, net, vat: share(net, rate, 100) };
    })
    .sort((a, b) => (a.category < b.category ? -1 : 1));
}

/** Net, VAT and what is to be paid of a document. */
export function documentTotal(lines: readonly { cents: bigint; vat: VatRegime }[]): {
  net: bigint;
  vat: bigint;
  gross: bigint;
} {
  const totals = vatTotals(lines);
  const net = total(totals.map((one) => one.net));
  const vat = total(totals.map((one) => one.vat));
  return { net, vat, gross: net + vat };
}

/** Whether a document goes by Peppol (B63): both sides are liable, franchise included; the fee, a call, never does. */
export function isPeppol(regimes: readonly VatRegime[], member: BillingFacts["vat"]): boolean {
  return regimes.every((regime) => regime !== "notSubject") && member !== undefined && member !== "none";
}
