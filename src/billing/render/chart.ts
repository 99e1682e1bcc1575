import { frenchEuros, plainCents } from "../../money.ts";
import { escapeHtml } from "./page.ts";

/** One bar: its name and cents; a credit is negative. */
export interface Bar {
  name: string;
  cents: bigint;
}

/** Width of every chart in its own units; the page scales it. */
const WIDTH = 400;

/** Bars that lie, one under the other, each with its name and amount: for kinds of things. Empty without bars. */
export function lyingBars(id: string, title: string, description: string, bars: readonly Bar[]): string {
  const longest = Math.max(1, ...bars.map(({ cents }) => Math.abs(plainCents(cents))));
  const rows = bars.map(({ name, cents }, index) => {
    const y = index * 38;
    const width = (Math.abs(plainCents(cents)) / longest) * WIDTH;
    return `<text x="0" y="${y + 14}">${escapeHtml(name)}</text><text x="${WIDTH}" y="${y + 14}" text-anchor="end">${frenchEuros(cents)}</text><rect class="${kind(cents)}" x="0" y="${y + 20}" width="${short(width)}" height="8" rx="1.5"/>`;
  });
  return bars.length === 0 ? "" : picture(id, title, description, bars.length * 38, rows);
}

/** Bars that stand side by side over a scale: for the months of a year. `initials` stand under them. */
export function standingBars(
  id: string,
  title: string,
  description: string,
  bars: readonly Bar[],
  initials: readonly string[],
): string {
  const cents = bars.map((bar) => plainCents(bar.cents));
  const step = niceStep(Math.max(0, ...cents) - Math.min(0, ...cents));
  const top = Math.ceil(Math.max(0, ...cents) / step) * step;
  const bottom = Math.floor(Math.min(0, ...cents) / step) * step;
  const [from, to] = [22, 196];
  const y = (value: number): number => from + ((top - value) / Math.max(step, top - bottom)) * (to - from);
  const parts: string[] = [];
  for (let value = bottom; value <= top; value += step) {
    parts.push(
      `<line x1="0" x2="${WIDTH}" y1="${short(y(value))}" y2="${short(y(value))}"/><text class="scale" x="0" y="${short(y(value) - 5)}">${frenchEuros(BigInt(value)).replace(",00", "")}</text>`,
    );
  }
  const [left, slot] = [64, (WIDTH - 64) / Math.max(1, bars.length)];
  cents.forEach((value, index) => {
    const x = left + slot * index;
    const height = Math.abs(y(value) - y(0));
    parts.push(
      `<rect class="${kind(BigInt(value))}" x="${short(x + slot * 0.15)}" y="${short(Math.min(y(value), y(0)))}" width="${short(slot * 0.7)}" height="${short(height)}" rx="1.5"/><text class="scale" x="${short(x + slot / 2)}" y="${to + 18}" text-anchor="middle">${escapeHtml(initials[index] ?? "")}</text>`,
    );
  });
  return picture(id, title, description, to + 26, parts);
}

function picture(id: string, title: string, description: string, height: number, parts: readonly string[]): string {
  return `<figure class="chart"><svg role="img" aria-labelledby="${id}-title ${id}-text" viewBox="0 0 ${WIDTH} ${height}">
<title id="${id}-title">${escapeHtml(title)}</title><desc id="${id}-text">${escapeHtml(description)}</desc>
${parts.join("\n")}
</svg></figure>`;
}

function kind(cents: bigint): "bar" | "credit" {
  return cents < 0n ? "credit" : "bar";
}

/** 1, 2 or 5 and noughts: two to five steps for a span of cents, whole euros at least. */
function niceStep(span: number): number {
  const rough = Math.max(100, span / 4);
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}
