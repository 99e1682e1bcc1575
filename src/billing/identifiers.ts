/**
 * Belgian numbers with check digits: structured communication (OGM-VCS) and enterprise number.
 * The remainder by 97 decides in both; for the communication a remainder of 0 is written 97.
 */

export type Series = "F" | "NC" | "COT";

/** What five digits hold. */
export const LAST_NUMBER = 99_999;

/** Number of a document: series, year, five digits. RangeError beyond what five digits hold. */
export function documentNumber(series: Series, year: number, sequence: number): string {
  if (sequence < 1 || sequence > LAST_NUMBER) throw new RangeError(`${series}${year} has no number ${sequence}.`);
  return `${series}${year}-${String(sequence).padStart(5, "0")}`;
}

/** Parts of a document's number; undefined when it is none. */
export function numberParts(number: string): { series: Series; year: number; sequence: number } | undefined {
  const match = /^(F|NC|COT)(\d{4})-(\d{5})$/.exec(number);
  if (match === null) return undefined;
  return { series: match[1] as Series, year: Number(match[2]), sequence: Number(match[3]) };
}

/** Structured communication of an invoice or call, 12 digits: year, series, number, check digits. None for credit notes. */
export function communication(number: string): string | undefined {
  const parts = numberParts(number);
  if (parts === undefined || parts.series === "NC") return undefined;
  const base = `${parts.year}${parts.series === "F" ? 0 : 1}${String(parts.sequence).padStart(5, "0")}`;
  return base + checkDigits(base);
}

/** `+++ddd/dddd/ddddd+++` */
export function printedCommunication(digits: string): string {
  return `+++${digits.slice(0, 3)}/${digits.slice(3, 7)}/${digits.slice(7)}+++`;
}

/** Whether a text is a structured communication: 12 digits, bare, with slashes, or between `+++` or `***`. */
export function isCommunication(text: string): boolean {
  const digits = /^\d{12}$/.test(text)
    ? text
    : /^(\+\+\+|\*\*\*|)\d{3}\/\d{4}\/\d{5}\1$/.test(text)
      ? text.replaceAll(/\D/g, "")
      : "";
  return digits !== "" && digits.slice(10) === checkDigits(digits.slice(0, 10));
}

/** The ten digits of a Belgian enterprise number written in any usual way; undefined when they are wrong. */
export function enterpriseNumber(text: string): string | undefined {
  const digits = text.replace(/^BE\s?/, "").replaceAll(/[. ]/g, "");
  if (!/^[01]\d{9}$/.test(digits)) return undefined;
  return 97 - (Number(digits.slice(0, 8)) % 97) === Number(digits.slice(8)) ? digits : undefined;
}

function checkDigits(base: string): string {
  const remainder = Number(base) % 97;
  return String(remainder === 0 ? 97 : remainder).padStart(2, "0");
}
