import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documentHtml } from "../../src/billing/render/html.ts";
import { creditNote, invoice } from "../billing/support/documents.ts";
import { overflow, SCHEMES, show, startBrowser, violations, WIDTHS } from "./support/browser.ts";
import { pageTexts, plain } from "./support/poppler.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

describe("the page of an invoice", () => {
  describe.each(SCHEMES)("%s", (scheme) => {
    it.each(Object.entries(WIDTHS))("fits a %s and is accessible there", async (_, width) => {
      const page = await show(browser, documentHtml(invoice()), { width, scheme });
      expect(await overflow(page)).toEqual({ pixels: 0, elements: [] });
      expect(await violations(page)).toEqual([]);
    });
  });

  it("says amounts, numbers and how to pay; on paper too", async () => {
    const page = await show(browser, documentHtml(invoice()));
    const rows = (await page.locator("tbody tr, tfoot tr").allInnerTexts()).map(plain);
    expect(rows).toEqual([
      "Espace disque, 20 Go·mois — b1 10/02/2026 1 à 15,00 € 15,00 €",
      "Mailbox supplémentaire 02/05/2026 – 31/12/2026 732 unités·jours sur 365 à 5,00 € 10,03 €",
      "Hébergement assisté 02/05/2026 – 31/12/2026 244 jours sur 365 à 80,00 € 53,48 €",
      "À payer 78,51 €",
    ]);
    const said = plain(await page.locator("body").innerText());
    for (const part of ["Régime particulier de la franchise de taxe", "+++202/6000/00192+++", "BE68 5390 0754 7034"])
      expect(said).toContain(part);
    expect(await page.getByRole("img", { name: "Code QR de paiement européen (EPC)" }).count()).toBe(1);
    const paper = pageTexts(await page.pdf({ preferCSSPageSize: true })).join(" ");
    for (const part of ["Facture F2026-00001", "53,48 €", "78,51 €", "+++202/6000/00192+++"])
      expect(paper).toContain(part);
  });

  it("as a credit note is accessible and asks for no payment", async () => {
    const page = await show(browser, documentHtml(creditNote()));
    const said = plain(await page.locator("body").innerText());
    expect(said).toContain("Corrige le document F2026-00001 du 25/11/2026");
    expect(said).toContain("À votre crédit 3,35 €");
    expect(said).not.toContain("Communication structurée");
    expect(await violations(page)).toEqual([]);
  });
});
