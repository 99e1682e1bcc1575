import { Decimal } from "decimal.js";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimal, roundedQuotient, share } from "../../src/money.ts";

const RUNS = 10_000;
Decimal.set({ precision: 100, rounding: Decimal.ROUND_HALF_UP });

describe("decimal.js", () => {
  it("rounds every fraction as the money module does, half away from zero (B3)", () => {
    const amount = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
    const denominator = fc.oneof(
      fc.constantFrom(2n, 4n, 100n, 365n, 366n, 20_000n),
      fc.bigInt({ min: 1n, max: 10n ** 9n }),
    );
    fc.assert(
      fc.property(amount, denominator, (numerator, by) => {
        // ROUND_HALF_UP of decimal.js is away from zero.
        const judge = new Decimal(String(numerator)).div(String(by)).toDecimalPlaces(0, Decimal.ROUND_HALF_UP);
        expect(roundedQuotient(numerator, by).toString()).toBe(judge.toFixed(0).replace(/^-0$/, "0"));
      }),
      { numRuns: RUNS },
    );
  });

  it("prorates as the money module does (B3, B5)", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(400_000), fc.constantFrom(365, 366), (cents, days, base) => {
        const judge = new Decimal(cents).times(days).div(base).toDecimalPlaces(0);
        expect(share(BigInt(cents), days, base).toString()).toBe(judge.toFixed(0));
      }),
      { numRuns: RUNS },
    );
  });

  it("writes cents as the money module does", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), (cents) => {
        expect(decimal(cents)).toBe(new Decimal(String(cents)).div(100).toFixed(2));
      }),
      { numRuns: RUNS },
    );
  });
});
