import { describe, expect, it } from "vitest";
import { nextRenewal, registrations } from "../../src/member/registrations.ts";

describe("registrations", () => {
  it("are those by us, one for entries without a gap", () => {
    const domain = { name: "lac.example", registeredBy: "us" as const };
    expect(
      registrations([
        { ...domain, from: "2026-07-01" },
        { ...domain, from: "2024-03-15", to: "2025-03-14" },
        { ...domain, from: "2025-03-15", to: "2026-03-14" },
        { name: "velo.example", registeredBy: "member", from: "2024-01-01" },
        { ...domain, name: "jardins.example", from: "2024-01-01", void: "jamais livré" },
      ]),
    ).toEqual([
      { name: "lac.example", from: "2024-03-15", to: "2026-03-14", entries: [1, 2] },
      { name: "lac.example", from: "2026-07-01", to: undefined, entries: [0] },
    ]);
  });

  it.each([
    ["2026-03-15", undefined, "2026-11-25", "2027-03-15"],
    ["2026-03-15", undefined, "2027-03-15", "2027-03-15"],
    ["2026-03-15", undefined, "2026-03-15", "2027-03-15"],
    ["2027-01-01", undefined, "2026-11-25", "2028-01-01"],
    ["2024-02-29", undefined, "2026-11-25", "2027-02-28"],
    ["2024-02-29", undefined, "2027-03-01", "2028-02-29"],
    ["2026-03-15", "2027-03-14", "2026-11-25", undefined],
    ["2026-03-15", "2027-03-15", "2026-11-25", "2027-03-15"],
  ])("from %s to %s, asked on %s, are renewed on %s", (from, to, today, expected) => {
    expect(nextRenewal({ from, to }, today)).toBe(expected);
  });
});
