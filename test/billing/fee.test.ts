import { describe, expect, it } from "vitest";
import { frozenLists, listHashes } from "../../src/billing/frozen.ts";
import { facts, laterList } from "./support/facts.ts";
import { year } from "./support/run.ts";

describe("the membership fee", () => {
  const later = [laterList("2027-01-01", {}, { association: 6000 })];

  it("is that of the list in force on its day, by category (B4, B60)", () => {
    const fees = [2026, 2027].map((of) => year(of, facts(), { lists: later, fee: true }).lines);
    expect(fees.flat().map(({ cents, priceList, date }) => [Number(cents), priceList, date])).toEqual([
      [5000, "2009", "2026-01-01"],
      [6000, "2027-01-01", "2027-01-01"],
    ]);
  });

  it("that the list lacks is a problem which says what to write, never 0", () => {
    const { lines, problems } = year(2027, facts({ kind: "individual" }), { lists: later, fee: true });
    expect(lines).toEqual([]);
    expect(problems.map(({ rule, message }) => [rule, message])).toEqual([
      [
        "B60",
        "La liste de prix 2027-01-01 n'a pas de cotisation pour la catégorie « personne » : écrire membership.individual dans la liste.",
      ],
    ]);
  });

  it("is frozen with its list once that was used (B4)", () => {
    const [list] = later;
    if (list === undefined) throw new Error("no list");
    const records = [{ number: "COT2027-00001", priceLists: listHashes([list]) }] as never;
    expect(frozenLists(records, [list])).toEqual([]);
    expect(frozenLists(records, [{ ...list, notes: ["Autre remarque."] }])).toEqual([]);
    expect(frozenLists(records, [{ ...list, membership: { association: 6500 } }])).toEqual([
      "La liste de prix 2027-01-01 a été modifiée depuis l'émission de COT2027-00001 ; un nouveau prix est une nouvelle liste.",
    ]);
  });
});
