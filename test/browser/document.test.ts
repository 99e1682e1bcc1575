import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documentHtml } from "../../src/billing/render/html.ts";
import { invoice } from "../billing/support/documents.ts";
import { overflow, SCHEMES, show, startBrowser, violations, WIDTHS } from "./support/browser.ts";

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
});
