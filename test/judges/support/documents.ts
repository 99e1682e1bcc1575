import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BillDocument, makeDocument, type Party } from "../../../src/billing/document.ts";
import type { BillingFacts } from "../../../src/billing/facts.ts";
import { outstanding } from "../../../src/billing/outstanding.ts";
import type { IssuedLine } from "../../../src/billing/plan.ts";
import type { VatRegime } from "../../../src/billing/types.ts";
import type { Usage } from "../../../src/billing/usage.ts";
import { priceLists } from "../../../src/catalogue/prices/index.ts";
import { checkMembers } from "../../../src/checks.ts";
import { updateRegistry } from "../../../src/cli/update.ts";
import { loadMembers } from "../../../src/load.ts";
import { facts } from "../../../src/member/facts.ts";
import { issuer, party } from "../../billing/support/documents.ts";
import { months, settings } from "../../billing/support/facts.ts";
import { readParts, writeParts } from "../../support/parts.ts";

/** The member of the golden cases that has every option and every service. */
export function everyOffer(): BillingFacts {
  const folder = mkdtempSync(join(tmpdir(), "cassiopea-judges-"));
  try {
    writeParts(folder, readParts(join(import.meta.dirname, "../../golden/06-every-option/members.txt")).files);
    updateRegistry(folder, loadMembers(folder));
    const loaded = loadMembers(folder);
    const [one] = loaded.members;
    const problems = checkMembers(loaded);
    if (one === undefined || problems.length > 0) throw new Error(problems.join("\n"));
    return facts(one);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** 8.5 GB in January's mean, so that a block of 2026 keeps 12.5 GB·months. */
function measured(member: string): Usage[] {
  return [...months(2026), "2027-01"].map((month) => ({
    schema: 1,
    month,
    measured: { h1: `${month}-28T23:55:00Z` },
    members: {
      [member]: {
        diskByteSum: (month === "2026-02" ? 8_500_000_000 : 0) * 28,
        diskSamples: 28,
        daysInService: 28,
        trafficBytes: 0,
      },
    },
  }));
}

/**
 * All invoices and credit notes of the member with every offer: the year 2026; then a mailbox less and a database more;
 * then the recovered block.
 */
export function documents(regime: VatRegime): BillDocument[] {
  const start = everyOffer();
  const changed: BillingFacts = {
    ...start,
    options: start.options.map((one) =>
      one.option === "mailbox" ? { ...one, quantity: 1 } : one.option === "database" ? { ...one, quantity: 3 } : one,
    ),
  };
  const history = [
    { facts: start, asked: "2026-12-31" },
    { facts: changed, asked: "2026-12-31" },
    { facts: changed, asked: "2027-01-31" },
  ];
  const liable: Party = { ...party, liable: regime === "subject" };
  const all: BillDocument[] = [];
  let issued: IssuedLine[] = [];
  for (const { facts: of, asked } of history) {
    const declared = {
      facts: [of],
      lists: priceLists,
      usage: measured(of.member),
      settings: { ...settings, vatRegime: [{ from: "2009-01-01", regime }] },
    };
    const { documents: planned, problems } = outstanding(declared, issued, { asked, since: "2026-01-01" });
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
    for (const one of planned) {
      const count = all.filter(({ series }) => series === one.series).length + 1;
      const number = `${one.series}2026-${String(count).padStart(5, "0")}`;
      const refersTo = one.refersTo === undefined ? {} : { refersTo: { number: one.refersTo, date: "2026-11-25" } };
      all.push(makeDocument(one, { number, date: "2026-11-25", issuer, party: liable, ...refersTo }));
      issued = [
        ...issued,
        ...one.lines.map(({ key, cents, vat, against }) => ({
          document: number,
          member: of.member,
          key,
          cents,
          vat,
          ...(against === undefined ? {} : { against }),
        })),
      ];
    }
  }
  return all;
}
