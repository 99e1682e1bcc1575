import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ledgerPage } from "../../src/billing/render/ledger.ts";
import { overflow, SCHEMES, show, startBrowser, violations, WIDTHS } from "./support/browser.ts";
import { pageTexts, plain } from "./support/poppler.ts";
import { sample } from "./support/sample.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

function statement(): string {
  const { ledgers, notes } = sample("franchise", "alice").bill;
  return ledgerPage("alice", "2026-12-31", ledgers, notes);
}

describe("the statement of reserves", () => {
  describe.each(SCHEMES)("%s", (scheme) => {
    it.each(Object.entries(WIDTHS))("fits a %s and is accessible there", async (_, width) => {
      const page = await show(browser, statement(), { width, scheme });
      expect(await overflow(page)).toEqual({ pixels: 0, elements: [] });
      expect(await violations(page)).toEqual([]);
      await page.close();
    });
  });

  it("says balance, blocks, and from which block each month was taken, on paper too", async () => {
    const page = await show(browser, statement());
    const facts = (await page.locator(".facts").first().locator("div").allInnerTexts()).map(plain);
    // 2 blocks; 1.750 in each of the eight measured months: not June, not August, not November and December.
    expect(facts).toEqual(["Solde provisoire 26,000", "Acheté 40,000", "Utilisé 14,000", "Repris 0,000"]);
    const rows = (await page.locator("section").nth(2).locator("tbody tr").allInnerTexts()).map(plain);
    expect(rows.slice(0, 3)).toEqual([
      "t2026 acheté le 10/02/2026, 15,00 € 20,000 0,000 0,000",
      "Usage de janvier 2026 31/01/2026 à découvert : 2,250 −2,250 −2,250",
      "Achat du bloc t2026 10/02/2026 20,000 17,750",
    ]);
    expect(rows.at(-1)).toBe("Usage d’octobre 2026 31/10/2026 t2026 : 2,000 à découvert : 0,250 −2,250 −0,250");
    const paper = pageTexts(await page.pdf({ preferCSSPageSize: true })).join(" ");
    for (const row of rows) expect(paper).toContain(row.split(" ").slice(-2).join(" "));
  });
});
