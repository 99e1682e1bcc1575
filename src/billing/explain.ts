import { decimal, frenchEuros, frenchNumber } from "../money.ts";
import { dayOf } from "../period.ts";
import type { IssuedLine } from "./plan.ts";
import { texts } from "./texts.ts";
import type { DueLine } from "./types.ts";

const words = texts.explain;

/** How a line's amount comes about, from the declaration to the cent, and what was issued of it. `places` are `file:line`. */
export function explain(line: DueLine, places: readonly string[], issued: readonly IssuedLine[]): string {
  const { unitCents, base, quantity, cents, segments } = line;
  const out = [
    `${texts.label(line)} — ${line.key}`,
    words.due(frenchEuros(cents), texts.period({ from: line.date, to: line.date })),
    "",
    words.declared,
    ...places.map((place) => `  ${place}`),
    "",
    words.reckoned,
  ];
  for (const segment of segments) {
    const days = dayOf(segment.to) - dayOf(segment.from) + 1;
    out.push(`  ${texts.period(segment)} : ${words.days(days, segment.level)}`);
  }
  const exact = exactAmount(line);
  const factor = quantity.denominator === 1 ? `${quantity.numerator}` : `${quantity.numerator}/${quantity.denominator}`;
  out.push(
    `  ${frenchEuros(unitCents)} × ${factor}${base === 1 ? "" : ` / ${base}`} = ${exact} → ${frenchEuros(cents)}`,
    `  ${words.list(line.priceList)}`,
    `  ${words.rules(line.rules.join(", "))}`,
  );
  if (issued.length > 0) {
    out.push("", words.issued, ...issued.map((one) => `  ${one.document} : ${frenchEuros(one.cents)}`));
  }
  return `${out.join("\n")}\n`;
}

/** The amount before its rounding, in euros with four digits after the cents. */
function exactAmount({ unitCents, quantity, base, cents }: DueLine): string {
  const scaled = (unitCents * BigInt(quantity.numerator) * 10_000n) / BigInt(quantity.denominator * base);
  const euros = decimal(scaled / 10_000n);
  const fraction = String(scaled % 10_000n)
    .padStart(4, "0")
    .replace(/0+$/, "");
  return frenchNumber(`${cents < 0n ? "-" : ""}${euros}${fraction}`);
}
