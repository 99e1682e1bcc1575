/** Guesses at what somebody meant by a wrong value, for the messages: a form to copy, or undefined. */

/** Whether a piece of code is one plain word, as a text without its quotes. */
export function isWord(read: string): boolean {
  return /^\p{L}[\p{L}\p{N}_]*$/u.test(read) && !/^(undefined|null|this|NaN|Infinity|globalThis)$/.test(read);
}

/** `"01/03/2026"` → `"2026-03-01"`: day, month and year as people write them here. */
export function dateMeant(read: string): string | undefined {
  const [, day = "", month = "", year] = /^"(\d{1,2})[/.-](\d{1,2})[/.-](2\d{3})"$/.exec(read) ?? [];
  return year === undefined ? undefined : `"${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}"`;
}

/** Days of a month, if there is such a month. */
export function lastDayOf(year: string, month: string | undefined): number | undefined {
  const number = Number(month);
  if (!(number >= 1 && number <= 12)) return undefined;
  return new Date(Date.UTC(Number(year), number, 0)).getUTCDate();
}

/** `"20 Go"`, `"20GB"` → `"20 GB"`. */
export function sizeMeant(read: string): string | undefined {
  const [, amount] = /^"(\d{1,4}(?:[.,]\d{1,3})?) ?(?:go|gb|giga|g)"$/i.exec(read) ?? [];
  return amount === undefined ? undefined : `"${amount.replace(",", ".")} GB"`;
}

/** `"2"` → `2` where a number is expected, `2` → `"2"` where a text is, `"oui"` → `true`. */
export function textMeant(read: string, wanted: string): string | undefined {
  const inner = read.replaceAll('"', "");
  if ((wanted === "number" || wanted === "int") && /^"\d{1,9}"$/.test(read)) return inner;
  if (wanted === "string" && /^[\d.]+$/.test(read)) return `"${read}"`;
  if (wanted !== "boolean") return undefined;
  if (/^(oui|yes|true|vrai)$/i.test(inner)) return "true";
  return /^(non|no|false|faux)$/i.test(inner) ? "false" : undefined;
}

/** A possible id made of what was read. */
export function idMeant(read: string): string {
  const letters = read
    .normalize("NFD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "")
    .replace(/^\d+/, "")
    .slice(0, 16);
  return letters.length < 2 ? "jardins" : letters;
}
