import { describe, expect, it } from "vitest";
import { communication, enterpriseNumber } from "../../src/billing/identifiers.ts";
import { epcPayload } from "../../src/billing/render/epc.ts";

describe("structured communication", () => {
  it("is not given to credit notes (B58)", () => expect(communication("NC2026-00001")).toBeUndefined());
});

it("an enterprise number may be written with its country", () => {
  expect(enterpriseNumber("BE 0419.618.535")).toBe("0419618535");
});

describe("EPC QR code", () => {
  const transfer = { name: "Cassiopea ASBL", iban: "BE68 5390 0754 7034", cents: 5348n, structured: "202600000192" };

  it("holds the transfer", () => {
    expect(epcPayload(transfer).split("\n")).toEqual([
      "BCD",
      "002",
      "1",
      "SCT",
      "",
      "Cassiopea ASBL",
      "BE68539007547034",
      "EUR53.48",
      "",
      "202600000192",
    ]);
  });
});
