import { describe, expect, it } from "vitest";
import type { BillDocument } from "../../src/billing/document.ts";
import { documentPdf } from "../../src/billing/render/pdf.ts";
import { ubl } from "../../src/billing/render/ubl.ts";
import { creditNote, invoice } from "../billing/support/documents.ts";
import { pageTexts, plain, poppler } from "./support/poppler.ts";

const WORDS =
  "Reprise des données de l’ancien site, d’œuvres d’élèves et d’essais à Łódź ; https://un-tres-long-nom-de-domaine-qui-ne-se-coupe-pas.exemple-associatif.example/chemin/encore-plus-long/que/prevu";

/** Sixty lines, some with long descriptions. */
function long(): BillDocument {
  const one = invoice("subject");
  const lines = Array.from({ length: 60 }, (_, index) => {
    const [line] = one.lines.slice(index % one.lines.length);
    if (line === undefined) throw new Error("no line");
    return { ...line, label: `Ligne ${index + 1} : ${index % 7 === 3 ? WORDS : line.label}` };
  });
  return { ...one, lines };
}

describe("an invoice on paper", () => {
  it("says what the law and the payer need", async () => {
    const [text, ...more] = pageTexts(await documentPdf(invoice()));
    expect(more).toEqual([]);
    for (const part of [
      "Facture F2026-00001",
      "Date : 25/11/2026",
      "À payer au plus tard le 25/12/2026",
      "Cassiopea ASBL",
      "TVA BE 0566.988.259",
      "Jardins <& Cie> ASBL",
      "Numéro d’entreprise 0419.618.535",
      "Mailbox supplémentaire 732 unités·jours sur 365 5,00 € 10,03 €",
      "Hébergement assisté 244 jours sur 365 80,00 € 53,48 €",
      "À payer 78,51 €",
      "Régime particulier de la franchise de taxe",
      "IBAN BE68 5390 0754 7034",
      "Communication structurée +++202/6000/00192+++",
      "Cassiopea ASBL — RPM Bruxelles",
      "F2026-00001 — page 1 sur 1",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("under VAT: net, tax and gross", async () => {
    const [text] = pageTexts(await documentPdf(invoice("subject")));
    // 21 % of 78.51 is 16.4871.
    expect(text).toContain("Hors TVA 78,51 € TVA 21 % 16,49 € À payer 95,00 €");
  });

  it("of sixty lines has each once, whole words, and its heads on each page", async () => {
    const pages = pageTexts(await documentPdf(long()));
    expect(pages.length).toBeGreaterThan(2);
    for (const [index, text] of pages.entries()) {
      expect(text).toContain("Poste Quantité Prix unitaire Montant");
      expect(text).toContain(`page ${index + 1} sur ${pages.length}`);
    }
    const all = pages.join(" ");
    for (let line = 1; line <= 60; line += 1) expect(all.split(`Ligne ${line} : `)).toHaveLength(2);
    expect(all.split("Łódź").length - 1).toBe(9);
  });

  it("is archived as it is: PDF/A-3a, tagged, fonts inside, no other font", async () => {
    const pdf = await documentPdf(invoice());
    expect(poppler("pdfinfo", ["FILE"], pdf)).toMatch(/^Tagged: +yes$/m);
    expect(poppler("pdfinfo", ["-meta", "FILE"], pdf)).toMatch(
      /<pdfaid:part>3<\/pdfaid:part>\s*<pdfaid:conformance>A<\/pdfaid:conformance>/,
    );
    const fonts = poppler("pdffonts", ["FILE"], pdf).trim().split("\n").slice(2);
    expect(fonts.map((line) => /^[A-Z]{6}\+(DejaVuSansCondensed\S*) .* (yes yes yes) /.exec(line)?.slice(1))).toEqual([
      ["DejaVuSansCondensed-Bold", "yes yes yes"],
      ["DejaVuSansCondensed", "yes yes yes"],
    ]);
    const structure = poppler("pdfinfo", ["-struct-text", "FILE"], pdf);
    for (const tag of ["H1", "H2", "Table", "TR", "TH", "TD", "Figure"])
      expect(structure).toMatch(new RegExp(`^ *${tag}\\b`, "m"));
  });

  it("holds its UBL where it has one, byte for byte, and stays the same over runs", async () => {
    const document = invoice();
    const xml = { name: "F2026-00001.xml", text: ubl(document) };
    const pdf = await documentPdf(document, xml);
    expect(poppler("pdfdetach", ["-list", "FILE"], pdf)).toContain("1: F2026-00001.xml");
    expect(poppler("pdfdetach", ["-save", "1", "-o", "OUT", "FILE"], pdf)).toBe(xml.text);
    expect(Buffer.from(pdf).toString("latin1")).toContain("/AFRelationship /Alternative");
    await documentPdf(long());
    expect(Buffer.compare(pdf, await documentPdf(document, xml))).toBe(0);
  });

  it("as a credit note: names what it corrects, asks for no payment", async () => {
    const [text] = pageTexts(await documentPdf(creditNote()));
    expect(text).toContain("Note de crédit NC2026-00001");
    expect(text).toContain("Corrige le document F2026-00001 du 25/11/2026");
    expect(text).toContain("À votre crédit 3,35 €");
    expect(text).not.toContain(plain("Communication structurée"));
  });
});
