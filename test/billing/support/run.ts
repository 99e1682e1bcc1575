import { assess } from "../../../src/billing/due.ts";
import type { BillingFacts } from "../../../src/billing/facts.ts";
import { type IssuedLine, type PlannedDocument, plan } from "../../../src/billing/plan.ts";
import type { Assessment, BillSettings, DueLine } from "../../../src/billing/types.ts";
import type { Usage } from "../../../src/billing/usage.ts";
import { priceLists } from "../../../src/catalogue/prices/index.ts";
import type { PriceList } from "../../../src/catalogue/prices/types.ts";
import { MEMBER, settings } from "./facts.ts";

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

/** Cents of a key, without the member's id in front; 0 when there is no such line. */
export function cents(lines: readonly DueLine[], key: string): number {
  return Number(lines.find((line) => line.key === `${MEMBER}/${key}`)?.cents ?? 0n);
}

/** Sum of all lines. */
export function sum(lines: readonly DueLine[]): number {
  return lines.reduce((all, line) => all + Number(line.cents), 0);
}

/** Planned documents of the member after some issued amounts (each a document of its own, in order). */
export function planned(
  given: BillingFacts,
  due: readonly DueLine[],
  issued: readonly [key: string, cents: number, against?: string][],
): PlannedDocument[] {
  const register = issued.map(([key, amount, against], index): IssuedLine => {
    const number = String(index + 1).padStart(5, "0");
    const line = { member: MEMBER, key: `${MEMBER}/${key}`, cents: BigInt(amount), vat: "franchise" as const };
    return against === undefined
      ? { ...line, document: `F2026-${number}` }
      : { ...line, document: `NC2026-${number}`, against: { document: against, key: `${MEMBER}/${key}` } };
  });
  const { documents, problems } = plan(due, register, [given]);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return documents;
}

/** Total of the planned documents of a series; credits are negative. */
export function documentCents(documents: readonly PlannedDocument[], series: PlannedDocument["series"]): number {
  return documents
    .filter((document) => document.series === series)
    .flatMap(({ lines }) => lines)
    .reduce((all, line) => all + Number(line.cents), 0);
}
