import { describe, expect, it } from "vitest";
import { frenchGb, markReached, nearLimit } from "../../src/billing/host-usage.ts";

describe("a use near its limit", () => {
  it.each([
    [799_999_999, undefined],
    [800_000_000, 80],
    [949_999_999, 80],
    [950_000_000, 95],
    [1_000_000_000, 100],
    [3_000_000_000, 100],
  ])("of %i of 1 GB is at %s", (used, mark) => {
    expect(markReached(used, 1_000_000_000)).toBe(mark);
  });

  it("is none where nothing is allowed", () => {
    expect(markReached(5, 0)).toBeUndefined();
    expect(nearLimit("asso42", "disk", 5, undefined)).toBeUndefined();
  });

  it("is told in French, never more than was used", () => {
    expect(nearLimit("asso42", "disk", 829_999_999, 1_000_000_000)).toBe(
      "asso42 : espace disque à 80 % ou plus (0,829 Go sur 1 Go)",
    );
    expect(nearLimit("asso42", "traffic", 4_800_000_000, 5_000_000_000)).toBe(
      "asso42 : trafic compris du mois à 95 % ou plus (4,8 Go sur 5 Go)",
    );
    expect(frenchGb(21_000_000_000)).toBe("21 Go");
  });
});
