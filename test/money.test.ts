import { Decimal } from "decimal.js";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimal, frenchEuros, plainCents, roundedQuotient, share } from "../src/money.ts";

describe("money", () => {
  it("rounds half away from zero, once (B3)", () => {
    expect(roundedQuotient(9375n, 10n)).toBe(938n);
    expect(roundedQuotient(-9375n, 10n)).toBe(-938n);
    expect(roundedQuotient(9374n, 10n)).toBe(937n);
    expect(roundedQuotient(0n, 7n)).toBe(0n);
    expect(() => roundedQuotient(1n, 0n)).toThrow(RangeError);
  });

  it.each([
    // Prorations that billing programs publish, months of 30 or 31 days.
    ["Kill Bill", 2495n, 9, 31, 724n],
    ["Kill Bill", 2495n, 8, 31, 644n],
    ["Lago", 5000n, 22, 31, 3548n],
    ["Lago", 5000n, 25, 30, 4167n],
    ["Lago", 10_000n, 14, 31, 4516n],
  ])("%s: %s × %i/%i = %s", (_, amount, days, of, expected) => {
    expect(share(amount, days, of)).toBe(expected);
  });

  it("agrees with decimal.js on any fraction", () => {
    fc.assert(
      fc.property(
        fc.bigInt(-(10n ** 12n), 10n ** 12n),
        fc.integer({ min: 0, max: 10 ** 7 }),
        fc.integer({ min: 1, max: 10 ** 7 }),
        (amount, numerator, denominator) => {
          const judge = new Decimal(amount.toString()).times(numerator).div(denominator);
          // ROUND_HALF_UP of decimal.js is half away from zero.
          expect(share(amount, numerator, denominator).toString()).toBe(
            judge.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toFixed().replace(/^-0$/, "0"),
          );
        },
      ),
      { numRuns: 10_000 },
    );
  });

  it("writes amounts for people and for machines", () => {
    expect(frenchEuros(123_456_789n)).toBe("1\u202f234\u202f567,89\u00a0€");
    expect(frenchEuros(-1008n)).toBe("\u221210,08\u00a0€");
    expect([decimal(5n), decimal(-5n), decimal(100n)]).toEqual(["0.05", "-0.05", "1.00"]);
    expect(plainCents(10n)).toBe(10);
    expect(() => plainCents(2n ** 60n)).toThrow(RangeError);
  });
});
