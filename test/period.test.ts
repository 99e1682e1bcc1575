import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anniversary, civilMonth, civilYear, dateOf, dayOf, frenchDate, nextMonth } from "../src/period.ts";

describe("civil calendar", () => {
  it("counts days as an independent clock does", () => {
    fc.assert(
      fc.property(fc.integer({ min: -20_000, max: 60_000 }), (day) => {
        const judge = new Date(day * 86_400_000).toISOString().slice(0, 10);
        expect(dateOf(day)).toBe(judge);
        expect(dayOf(judge)).toBe(day);
      }),
      { numRuns: 2000 },
    );
  });

  it("refuses what is no date", () => {
    for (const text of ["2026-02-29", "2026-13-01", "2026-1-1", ""]) expect(() => dayOf(text)).toThrow(RangeError);
  });

  it("knows leap years and months", () => {
    expect([2024, 2025, 2028, 2100].map((year) => civilYear(year).days)).toEqual([366, 365, 366, 365]);
    expect([civilMonth("2028-02").days, civilMonth("2026-02").days, civilMonth("2026-04").days]).toEqual([29, 28, 30]);
    expect(nextMonth("2026-12")).toBe("2027-01");
  });

  it("keeps 29 February for leap years (B12)", () => {
    expect([2025, 2028].map((year) => anniversary("2024-02-29", year))).toEqual(["2025-02-28", "2028-02-29"]);
    expect(anniversary("2026-03-15", 2027)).toBe("2027-03-15");
  });

  it("writes dates for people", () => expect(frenchDate("2026-05-02")).toBe("02/05/2026"));
});
