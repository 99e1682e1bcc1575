import { describe, expect, it } from "vitest";
import { ubl } from "../../src/billing/render/ubl.ts";
import { invoice } from "../billing/support/documents.ts";
import { documents } from "./support/documents.ts";
import { brokenRules } from "./support/judge.ts";

describe("UBL 2.1, EN 16931 and Peppol BIS 3.0", () => {
  it.each(["franchise", "subject", "notSubject"] as const)("accept all documents of every offer, %s", (regime) => {
    const all = documents(regime).filter(({ series }) => series !== "COT");
    expect(all.map(({ series }) => series)).toEqual(["F", "F", "NC", "F", "NC"]);
    expect(all.flatMap(({ lines }) => lines).length).toBeGreaterThan(20);
    const found = brokenRules(all.map(ubl));
    expect(found).toEqual(all.map(() => []));
  });

  it.each([
    ["no reason of exemption", /<cbc:TaxExemptionReason>.*<\/cbc:TaxExemptionReason>/g, "", "BR-E-10"],
    [
      "a cent more to pay",
      '<cbc:PayableAmount currencyID="EUR">78.51',
      '<cbc:PayableAmount currencyID="EUR">78.52',
      "BR-CO-16",
    ],
    ["a wrong enterprise number", />0419618535</g, ">0419618536<", "PEPPOL-COMMON-R043"],
    [
      "a line that is not quantity times price",
      '<cbc:PriceAmount currencyID="EUR">80.00',
      '<cbc:PriceAmount currencyID="EUR">80.05',
      "PEPPOL-EN16931-R120",
    ],
  ])("refuse %s", (_, right, wrong, rule) => {
    const text = ubl(invoice()).replace(right, wrong);
    expect(text).not.toBe(ubl(invoice()));
    expect(brokenRules([text])[0]).toContain(rule);
  });

  it("refuse an element out of its place", () => {
    const text = ubl(invoice()).replace(/( *<cbc:ID>F2026-00001<\/cbc:ID>\n)( *<cbc:IssueDate>.*\n)/, "$2$1");
    expect(brokenRules([text])[0]?.[0]).toMatch(/^XSD .*IssueDate/);
  });
});
