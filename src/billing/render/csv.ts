import { stringify } from "csv-stringify/sync";
import { decimal } from "../../money.ts";
import { frenchDate } from "../../period.ts";
import { texts } from "../texts.ts";
import type { DueLine } from "../types.ts";
import { vatCategory } from "../vat.ts";

/**
 * Lines of a bill for the treasurer's spreadsheet: `;`, decimal comma, byte order mark, CRLF. A text that a spreadsheet
 * would take for a formula gets an apostrophe in front; numbers stay numbers.
 */
export function billCsv(lines: readonly DueLine[]): string {
  const rows = lines.map((line) => [
    text(line.member),
    text(texts.label(line)),
    frenchDate(line.date),
    frenchDate(line.period.from),
    frenchDate(line.period.to),
    text(texts.quantity(line)),
    amount(line.unitCents),
    amount(line.cents),
    String(vatCategory(line.vat).rate),
    text(line.priceList),
    text(line.rules.join(" ")),
    text(line.key),
  ]);
  return stringify([texts.csv, ...rows], { bom: true, delimiter: ";", record_delimiter: "windows" });
}

/** A text cell that no spreadsheet computes. */
export function text(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}

/** `-10,08` */
export function amount(cents: bigint): string {
  return decimal(cents).replace(".", ",");
}
