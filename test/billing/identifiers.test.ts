import { describe, expect, it } from "vitest";
import {
  communication,
  enterpriseNumber,
  isCommunication,
  printedCommunication,
} from "../../src/billing/identifiers.ts";
import { epcPayload } from "../../src/billing/render/epc.ts";

describe("structured communication", () => {
  it.each([
    ["F2026-00001", "+++202/6000/00192+++"],
    ["COT2026-00001", "+++202/6100/00185+++"],
    ["F2026-00006", "+++202/6000/00697+++"],
  ])("of %s is %s (R15)", (number, printed) => {
    const digits = communication(number) ?? "";
    expect(printedCommunication(digits)).toBe(printed);
    expect([isCommunication(digits), isCommunication(printed)]).toEqual([true, true]);
  });

  it("is not given to credit notes (B58)", () => expect(communication("NC2026-00001")).toBeUndefined());

  it.each(["020/3430/57642", "020343053497", "090/9337/55493", "010/8068/17183"])("accepts %s (R16)", (text) => {
    expect(isCommunication(text)).toBe(true);
  });

  it.each([
    "020343057641",
    "010/8068/17180",
    "***02/03430/57642***",
    "020343053497-X",
    "123/4567/89012",
    "000/0000/00196",
  ])("refuses %s (R17)", (text) => {
    expect(isCommunication(text)).toBe(false);
  });
});

describe("enterprise number", () => {
  it.each([
    ["0566.988.259", "0566988259"],
    ["BE 0419.618.535", "0419618535"],
    ["0123456780", undefined],
  ])("%s gives %s (R18)", (text, digits) => {
    expect(enterpriseNumber(text)).toBe(digits);
  });
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

  it.each([
    [{ name: "x".repeat(71) }, /name/],
    [{ cents: 0n }, /amount/],
    [{ unstructured: "merci" }, /one of the two/],
  ])("refuses what can't be one (R19)", (change, reason) => {
    expect(() => epcPayload({ ...transfer, ...change })).toThrow(reason);
  });
});
