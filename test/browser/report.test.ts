import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reportHtml } from "../../src/billing/render/report.ts";
import { texts } from "../../src/billing/texts.ts";
import { frenchEuros } from "../../src/money.ts";
import { overflow, SCHEMES, show, startBrowser, violations, WIDTHS } from "./support/browser.ts";
import { pageTexts, plain } from "./support/poppler.ts";
import { sample } from "./support/sample.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

/** The cells of the table with a caption, row by row. */
async function table(page: Page, caption: string): Promise<string[][]> {
  const rows = page.getByRole("table", { name: caption, exact: true }).getByRole("row");
  const all = await rows.all();
  return Promise.all(all.map(async (row) => (await row.locator("th, td").allInnerTexts()).map((text) => plain(text))));
}

/** Amounts as the pages write them, in cents. */
function cents(text: string | undefined): number {
  return Number((text ?? "").replace("\u2212", "-").replaceAll(/[^\d-]/g, ""));
}

describe("the report", () => {
  describe.each(SCHEMES)("%s", (scheme) => {
    it.each(Object.entries(WIDTHS))("fits a %s and is accessible there", async (_, width) => {
      const page = await show(browser, reportHtml(sample("subject")), { width, scheme });
      expect(await overflow(page)).toEqual({ pixels: 0, elements: [] });
      expect(await violations(page)).toEqual([]);
      await page.close();
    });
  });

  it("says the totals, and each table adds up to them", async () => {
    const page = await show(browser, reportHtml(sample()));
    const facts = await page.locator(".facts").first().locator("div").allInnerTexts();
    // Worked out by hand: alice 204.22, ateliers 575.02, bob 30.00, chorale 112.90; fees 3 × 50 + 25.
    expect(facts.map(plain)).toEqual([
      "Total 922,14 €",
      "Dont cotisations 175,00 €",
      "Déjà émis 414,30 €",
      "Reste à émettre 507,84 €",
      "Membres 4",
    ]);
    const offers = await table(page, "Montants hors TVA, du plus grand au plus petit");
    expect(offers.slice(0, 4)).toEqual([
      ["Offre", "Lignes", "Montant"],
      ["Développement", "1", "450,00 €"],
      ["Cotisation", "4", "175,00 €"],
      ["Hébergement assisté", "1", "80,00 €"],
    ]);
    expect(offers.at(-1)).toEqual(["Total", "922,14 €"]);
    expect(offers.slice(1, -1).reduce((sum, row) => sum + cents(row[2]), 0)).toBe(92_214);
    const months = await table(page, "Montants hors TVA au mois où ils sont dus");
    expect(months).toHaveLength(13);
    expect(months[9]).toEqual(["septembre 2026", "484,90 €", "922,14 €"]);
    expect(months.slice(1).reduce((sum, row) => sum + cents(row[1]), 0)).toBe(92_214);
    expect(await table(page, "Total de chaque membre")).toEqual([
      ["Membre", "Lignes", "Total"],
      ["alice", "8", "204,22 €"],
      ["ateliers", "5", "575,02 €"],
      ["bob", "2", "30,00 €"],
      ["chorale", "3", "112,90 €"],
      ["Total", "922,14 €"],
    ]);
  });

  it("draws each chart with its title and its largest amount in words", async () => {
    const page = await show(browser, reportHtml(sample()));
    for (const [name, description, bars] of [
      ["Par offre", "Le plus grand montant : Développement, 450,00 €.", 15],
      ["Par mois d’échéance", "Le plus grand montant : septembre 2026, 484,90 €.", 12],
    ] as const) {
      const chart = page.locator("svg", { has: page.locator("title", { hasText: name }) });
      expect(await chart.getAttribute("role")).toBe("img");
      expect(plain((await chart.locator("desc").textContent()) ?? "")).toBe(description);
      expect(await chart.locator("rect").count()).toBe(bars);
    }
  });

  it("marks the late line, and says which months have no measure", async () => {
    const page = await show(browser, reportHtml(sample()));
    const marked = page.locator("tr", { has: page.locator(".mark", { hasText: "rétroactif" }) });
    expect(await marked.count()).toBe(1);
    expect(plain(await marked.innerText())).toContain("Base de données supplémentaire rétroactif");
    expect(plain(await marked.innerText())).toContain("dû 4,19 €, déjà émis 0,00 €");
    const said = plain(await page.locator("main").innerText());
    expect(said).toContain("Pas de fichier de mesure pour juin 2026 :");
    expect(said).toContain("août 2026 : mesure incomplète de l’espace disque (12 relevés sur 20), à confirmer.");
    expect(said).toContain("ateliers — Espace disque non mesuré en septembre 2026, solde provisoire.");
    expect(await table(page, "Quantités en Go·mois")).toEqual([
      ["Membre", "Acheté", "Utilisé", "Repris", "Solde"],
      ["alice espace disque provisoire", "40,000", "14,000", "0,000", "26,000"],
      ["alice trafic provisoire", "20,000", "20,000", "0,000", "−0,250"],
    ]);
  });

  it("adds VAT per member as on the documents", async () => {
    const page = await show(browser, reportHtml(sample("subject")));
    const facts = (await page.locator(".facts").first().locator("div").allInnerTexts()).map(plain);
    // 21 % of 204.22, 575.02, 30.00, 112.90: 42.89 + 120.75 + 6.30 + 23.71.
    expect(facts.slice(0, 3)).toEqual(["Total 1 115,79 €", "Hors TVA 922,14 €", "TVA 193,65 €"]);
  });

  it("has on paper every line of every member, nothing cut", async () => {
    const report = sample();
    const page = await show(browser, reportHtml(report), { scheme: "dark" });
    const paper = pageTexts(await page.pdf({ preferCSSPageSize: true })).join(" ");
    for (const { key, cents: amount, detail } of report.bill.lines) {
      expect(paper, key).toContain(plain(frenchEuros(amount)));
      for (const word of (detail ?? "").split(" ")) expect(paper, key).toContain(word);
    }
    for (const offer of new Set(report.bill.lines.map((line) => line.offer)))
      expect(paper).toContain(texts.offers[offer]);
    expect(paper).toContain("Réserves de disque et de trafic");
  });

  it("of one member alone has the whole statement of its reserves; nothing due is said", async () => {
    const page = await show(browser, reportHtml(sample("franchise", "alice")));
    expect(await page.getByRole("heading", { name: "Mouvements" }).count()).toBe(2);
    expect(await page.getByRole("table", { name: "Total de chaque membre" }).count()).toBe(0);
    const empty = await show(browser, reportHtml(sample("franchise", "nobody")));
    expect(plain(await empty.locator("main").innerText())).toContain("Rien n’est dû.");
    expect(await violations(empty)).toEqual([]);
  });
});
