import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Widths in CSS pixels of a small phone and a desk. */
export const WIDTHS = { phone: 360, desk: 1280 };
export const SCHEMES = ["light", "dark"] as const;

/** Debian's browser, without a window; the caller closes it. */
export async function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: "/usr/bin/chromium" });
}

/** Shows a page that must need nothing from elsewhere: any request fails the test that made it. */
export async function show(
  browser: Browser,
  html: string,
  { width = WIDTHS.desk, scheme = "light" }: { width?: number; scheme?: (typeof SCHEMES)[number] } = {},
): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
  await page.route("**", async (route) => {
    throw new Error(`The page asks for ${route.request().url()}`);
  });
  await page.setContent(html);
  return page;
}

/** How many pixels the page is wider than its window, and the elements that stick out of it. */
export async function overflow(page: Page): Promise<{ pixels: number; elements: string[] }> {
  // As text: the types of the DOM would reach into all other code. What stands in a box that scrolls can't widen a page.
  return page.evaluate(`(() => {
    const width = document.documentElement.clientWidth;
    const held = (element) =>
      element !== null && (getComputedStyle(element).overflowX !== "visible" || held(element.parentElement));
    const elements = [...document.body.querySelectorAll("*")].filter(
      (element) => element.getBoundingClientRect().right > width + 0.5 && !held(element.parentElement),
    );
    return {
      pixels: document.documentElement.scrollWidth - width,
      elements: elements.map((element) => element.outerHTML.slice(0, 80)),
    };
  })()`);
}

/** What axe finds against WCAG 2.2 AA and its own best practices: rule and element; none on an accessible page. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate(() => (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
