import { type BillingFacts } from "../../../src/billing/facts.ts";
import { type DueLine } from "../../../src/billing/types.ts";
import { facts, months, pack, usage } from "./facts.ts";
import { between, cents, sum, year } from "./run.ts";

/** One row of the table of cases: `expected` in the order asked, cents or thousandths of GB·month. */
export interface Case {
  id: string;
  /** Rules of the bill that the case is for. */
  rules: string;
  title: string;
  expected: number[];
  run: () => number[];
}

export const all2026 = (given: Parameters<typeof facts>[0], around: Parameters<typeof year>[2] = {}): DueLine[] =>
  year(2026, facts(given), around).lines;
export const total2026 = (given: Parameters<typeof facts>[0]): number => sum(all2026(given));
export const options = (...given: BillingFacts["options"]): number => total2026({ options: given });
export const autonomous = pack("autonomous");

export const block = (kind: "disk" | "traffic", id: string, on: string): BillingFacts["blocks"][number] => ({
  kind,
  id,
  on,
});
/** Remaining, then recovered, of a disk block that was paid 15.00 and has `left` thousandths in January 2027. */
export const recovered = (left: number): number => {
  const used = (20_000 - left) / 1000;
  const given = facts({
    packs: [autonomous],
    blocks: [block("disk", "b1", "2026-01-05")],
    recover: [{ block: "b1", on: "2027-01-01" }],
  });
  const figures = months(2026).map((month, index) => usage(month, { disk: index === 0 ? 1 + used : 0 }));
  return -cents(between("2027-01-01", "2027-01-31", given, { usage: figures }).lines, "disk/b1/recovered");
};
export const late = facts({ packs: [pack("autonomous", "2026-04-16")] });
