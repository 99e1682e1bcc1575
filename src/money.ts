/**
 * Amounts are integer cents in `bigint`; a proportion stays an exact fraction until the one rounding of its line (B3).
 */

/** `numerator / denominator` rounded half away from zero. The denominator must be positive. */
export function roundedQuotient(numerator: bigint, denominator: bigint): bigint {
  if (denominator <= 0n) throw new RangeError(`A denominator must be positive, not ${denominator}.`);
  const half = (numerator < 0n ? -numerator : numerator) * 2n + denominator;
  const magnitude = half / (denominator * 2n);
  return numerator < 0n ? -magnitude : magnitude;
}

/** `amount × numerator / denominator`, rounded once. Whole numbers only; anything else is a RangeError. */
export function share(amount: bigint, numerator: number | bigint, denominator: number | bigint): bigint {
  return roundedQuotient(amount * BigInt(numerator), BigInt(denominator));
}

/** Sum of amounts. */
export function total(amounts: Iterable<bigint>): bigint {
  let sum = 0n;
  for (const amount of amounts) sum += amount;
  return sum;
}

/** Cents as a plain number for JSON; RangeError beyond what a number holds exactly. */
export function plainCents(amount: bigint): number {
  const plain = Number(amount);
  if (!Number.isSafeInteger(plain)) throw new RangeError(`${amount} cents do not fit a JSON number.`);
  return plain;
}

/** Cents with a decimal point and no group mark: `-10.08`, the form of XML, QR codes and ledgers. */
export function decimal(amount: bigint): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(3, "0");
  return `${amount < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Cents as French people write euros: `1 234,56 €`, with no-break spaces so that an amount is never cut. */
export function frenchEuros(amount: bigint): string {
  return `${frenchNumber(decimal(amount))}\u00a0€`;
}

/** A number in point notation as French people write it: `-1234.5` gives `−1 234,5`. */
export function frenchNumber(text: string): string {
  const [whole = "0", fraction] = text.replace("-", "").split(".");
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, "\u202f");
  return `${text.startsWith("-") ? "\u2212" : ""}${grouped}${fraction === undefined ? "" : `,${fraction}`}`;
}
