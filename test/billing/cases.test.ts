import { Decimal } from "decimal.js";
import { describe, expect, it } from "vitest";
import { blocksCases } from "./cases/blocks.ts";
import { domainsCases } from "./cases/domains.ts";
import { packsCases } from "./cases/packs.ts";
import { servicesCases } from "./cases/services.ts";
import { all2026 } from "./support/case.ts";
import { domains, option, pack } from "./support/facts.ts";

const cases = [...packsCases, ...domainsCases, ...blocksCases, ...servicesCases];

describe("table of cases", () => {
  it.each(cases)("$id ($rules) $title", ({ run, expected }) => {
    expect(run()).toEqual(expected);
  });

  it("holds all 69 cases once, in order", () => {
    expect(cases.map(({ id }) => id)).toEqual(
      Array.from({ length: 69 }, (_, index) => `C${String(index + 1).padStart(2, "0")}`),
    );
  });

  it("agrees with decimal.js on every annual line (B3)", () => {
    const lines = all2026({
      packs: [pack("assisted", "2026-05-02"), pack("sympa", "2026-03-17")],
      options: [
        option("mailbox", 3, "2026-05-02"),
        option("certificate", 1, "2026-04-15"),
        option("database", 7, "2026-02-03"),
      ],
      domains: domains(13),
    });
    expect(lines.length).toBe(6);
    for (const { cents: amount, unitCents, quantity, base } of lines) {
      const judge = new Decimal(String(unitCents)).times(quantity.numerator).div(base);
      expect(amount.toString()).toBe(judge.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toString());
    }
  });
});
