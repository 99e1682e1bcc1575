import { XMLParser } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import { makeDocument } from "../../src/billing/document.ts";
import { plan } from "../../src/billing/plan.ts";
import { amount, billCsv, text } from "../../src/billing/render/csv.ts";
import { journal } from "../../src/billing/render/hledger.ts";
import { documentHtml } from "../../src/billing/render/html.ts";
import { documentPdf } from "../../src/billing/render/pdf.ts";
import { ubl } from "../../src/billing/render/ubl.ts";
import { isPeppol } from "../../src/billing/vat.ts";
import { sold as given, invoice, issuer, party } from "./support/documents.ts";
import { domains, facts, months, pack, usage } from "./support/facts.ts";
import { year } from "./support/run.ts";

describe("documents", () => {
  it("carry the sum of their lines, the mention, the day to pay and the communication", () => {
    expect(invoice()).toMatchObject({
      net: 7851,
      vat: 0,
      gross: 7851,
      payBy: "2026-12-25",
      communication: "202600000192",
      mentions: ["Régime particulier de la franchise de taxe"],
      totals: [{ category: "E", rate: 0, net: 7851, vat: 0 }],
    });
  });

  it("as a page: every amount in French, nothing of the declaration read as markup", () => {
    const page = documentHtml(invoice());
    for (const part of [
      "Facture F2026-00001",
      "53,48\u00a0€",
      "10,03\u00a0€",
      "78,51\u00a0€",
      "+++202/6000/00192+++",
    ]) {
      expect(page).toContain(part);
    }
    expect(page).toContain("Jardins &lt;&amp; Cie&gt; ASBL");
    expect(page).toContain("<svg");
  });

  it("as PDF: the same bytes each time", async () => {
    const [one, other] = [await documentPdf(invoice()), await documentPdf(invoice())];
    expect(Buffer.from(one).subarray(0, 5).toString()).toBe("%PDF-");
    expect(Buffer.compare(one, other)).toBe(0);
  });

  it("as UBL: a year by days, a block by piece, the sums of the document", () => {
    const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false });
    const { Invoice: read } = parser.parse(ubl(invoice())) as { Invoice: Record<string, unknown> };
    expect(read["cac:LegalMonetaryTotal"]).toMatchObject({ "cbc:PayableAmount": { "#text": "78.51" } });
    expect(read["cac:InvoiceLine"]).toMatchObject([
      {
        "cbc:InvoicedQuantity": { "#text": "1", "@_unitCode": "C62" },
        "cbc:LineExtensionAmount": { "#text": "15.00" },
      },
      {
        "cbc:InvoicedQuantity": { "#text": "732", "@_unitCode": "DAY" },
        "cac:Price": {
          "cbc:PriceAmount": { "#text": "5.00" },
          "cbc:BaseQuantity": { "#text": "365", "@_unitCode": "DAY" },
        },
      },
      {
        "cbc:InvoicedQuantity": { "#text": "244", "@_unitCode": "DAY" },
        "cbc:LineExtensionAmount": { "#text": "53.48" },
      },
    ]);
    expect(ubl(invoice())).toContain("<cbc:CompanyID>BE0566988259</cbc:CompanyID>");
  });

  it("outside the scope of VAT: no VAT number, no Peppol (R21, B63)", () => {
    expect(ubl(invoice("notSubject"))).not.toContain("BE0566988259");
    expect([
      isPeppol(["notSubject"], "liable"),
      isPeppol(["franchise"], "liable"),
      isPeppol(["franchise"], "none"),
      isPeppol(["subject"], undefined),
    ]).toEqual([false, true, false, false]);
  });
});

describe("for the treasurer", () => {
  it("CSV: French conventions, formulas disarmed (R20)", () => {
    expect([text("=1+1"), text("-x"), text("x"), amount(-1008n)]).toEqual(["'=1+1", "'-x", "x", "-10,08"]);
    const csv = billCsv(year(2026, given).lines);
    expect(csv.startsWith("\ufeffMembre;Poste;")).toBe(true);
    expect(csv).toContain(";80,00;53,48;");
    expect(csv.split("\r\n")).toHaveLength(5);
  });

  it("hledger: every entry balances, and the assertions hold by a sum of our own", () => {
    const figures = months(2026).map((month) => usage(month, { disk: 2.75, traffic: 6 }));
    const full = facts({
      packs: [pack("assisted")],
      options: given.options,
      blocks: given.blocks,
      domains: domains(7),
    });
    const { lines, ledgers } = year(2026, full, { usage: figures, fee: true });
    const text_ = journal(lines, ledgers);
    const sums = new Map<string, number>();
    for (const entry of text_.trim().split("\n\n").slice(1)) {
      const postings = [
        ...entry.matchAll(/^ {4}([\p{L}0-9:-]+) {4}("GB·month"|EUR) (-?[\d.]+)(?: = \S+ (-?[\d.]+))?$/gmu),
      ];
      const thousandths = postings.map(([, account, , value, asserted]) => {
        const amount_ = Math.round(Number(value) * 1000);
        sums.set(account ?? "", (sums.get(account ?? "") ?? 0) + amount_);
        return {
          amount_,
          right: asserted === undefined || Math.round(Number(asserted) * 1000) === sums.get(account ?? ""),
        };
      });
      expect(thousandths.length).toBeGreaterThan(1);
      expect(thousandths.reduce((all, one) => all + one.amount_, 0)).toBe(0);
      expect(thousandths.every(({ right }) => right)).toBe(true);
    }
    const total = lines.reduce((all, { cents }) => all + Number(cents), 0);
    expect(sums.get("membres:alice")).toBe(total * 10);
  });
});

describe("a part of a recovered block", () => {
  it("is billed as a difference, not as the whole block (R120 of Peppol)", () => {
    const recovering = facts({
      packs: [pack("autonomous")],
      blocks: [{ kind: "disk", id: "b1", on: "2026-02-01" }],
      recover: [{ block: "b1", on: "2027-01-01" }],
    });
    // A draw of 1.000 that was measured late: 19/20 of 15.00 are due back, all 15.00 were credited.
    const measured = months(2026).map((month, index) => usage(month, { disk: index === 2 ? 2 : 0 }));
    const line = year(2027, recovering, { usage: measured }).lines.filter(({ key }) => key.endsWith("/recovered"));
    const head = { member: "alice", vat: "franchise" as const };
    const issued = [
      { ...head, document: "F2026-00001", key: "alice/disk/b1", cents: 1500n },
      {
        ...head,
        document: "NC2027-00001",
        key: "alice/disk/b1/recovered",
        cents: -1500n,
        against: { document: "F2026-00001", key: "alice/disk/b1" },
      },
    ];
    const planned = plan(line, issued, [recovering]).documents.find(({ series }) => series === "F");
    if (planned === undefined) throw new Error("nothing planned");
    const document = makeDocument(planned, { number: "F2027-00001", date: "2027-02-01", issuer, party });
    expect(document.lines).toMatchObject([
      { cents: 75, quantityText: "dû \u221214,25\u00a0€, déjà émis \u221215,00\u00a0€" },
    ]);
    expect(document.lines[0]).not.toHaveProperty("quantity");
  });
});
