import { describe, expect, it } from "vitest";
import {
  communication,
  enterpriseNumber,
  isCommunication,
  printedCommunication,
} from "../../src/billing/identifiers.ts";
import { validNumbers } from "./support/judge.ts";

describe("python-stdnum", () => {
  it("accepts every communication that is given, and refuses one with another last digit", () => {
    const given = [1, 2, 6, 96, 97, 98, 4711, 99_999].flatMap((sequence) =>
      [2026, 2027, 2030].flatMap((year) =>
        ["F", "COT"].map((series) => `${series}${year}-${String(sequence).padStart(5, "0")}`),
      ),
    );
    const right = given.map((number) => printedCommunication(communication(number) ?? ""));
    const wrong = right.map((text) =>
      text.replace(/(\d)\+\+\+$/, (_, digit: string) => `${(Number(digit) + 1) % 10}+++`),
    );
    expect(validNumbers({ communications: [...right, ...wrong], enterprises: [] }).communications).toEqual([
      ...right.map(() => true),
      ...wrong.map(() => false),
    ]);
    expect(wrong.filter(isCommunication)).toEqual([]);
  });

  it("agrees on 40,000 enterprise numbers, right or wrong", () => {
    const given = Array.from({ length: 20_000 }, (_, index) => String(200_000_000 + index * 39_979).padStart(10, "0"));
    const checked = given.map((text) => {
      const base = text.slice(0, 8);
      return `${base}${String(97 - (Number(base) % 97)).padStart(2, "0")}`;
    });
    const all = [...given, ...checked];
    const { enterprises } = validNumbers({ communications: [], enterprises: all });
    const differ = all.filter((text, index) => (enterpriseNumber(text) !== undefined) !== enterprises[index]);
    // It takes 98, 99 and 00 for the remainders 1, 2 and 3; the register of enterprises gives 01 to 97 (97 less the remainder).
    expect(differ.filter((text) => enterpriseNumber(text) !== undefined || !/(98|99|00)$/.test(text))).toEqual([]);
    expect(enterprises.filter(Boolean).length).toBeGreaterThanOrEqual(20_000);
  });
});
