import { beforeEach, describe, expect, it } from "vitest";
import { cassiopea, useFolder } from "./support/folder.ts";

const own = useFolder();

beforeEach(async () => {
  own.writeParties();
  await cassiopea(["issue"]);
});

describe("reminder", () => {
  it("says amount, communication and the term that the law gives, by e-mail and by post", async () => {
    const { out, code } = await cassiopea(["reminder", "F2026-00002", "--on", "2026-12-28"]);
    expect(code).toBe(0);
    expect(out.replaceAll("\u00a0", " ").split("\n").slice(0, 6)).toEqual([
      "Premier rappel de F2026-00002 — bob",
      "  Montant, notes de crédit déduites : 26,68 €",
      "  Communication structurée : +++202/6000/00293+++",
      "  Était à payer au plus tard le 25/12/2026",
      "  Ce rappel est gratuit ; ses 14 jours courent à partir du 29/12/2026.",
      "  Aucuns frais ne peuvent être demandés à un consommateur avant le 12/01/2027 (livre XIX du Code de droit économique).",
    ]);
    // Monday 28 December; 29, 30 and 31 are working days.
    const post = await cassiopea(["reminder", "F2026-00002", "--on", "2026-12-28", "--by", "poste", "--json"]);
    expect(JSON.parse(post.out)).toMatchObject({ cents: 2668, begins: "2026-12-31", penaltyFrom: "2027-01-14" });
  });

  it("takes credit notes off", async () => {
    own.write(
      "bob",
      2,
      `  packs: [{ pack: "autonomous", from: "2026-01-01" }],\n  options: [{ option: "mailbox", from: "2026-05-02" }],\n`,
    );
    await cassiopea(["issue"]);
    const { out } = await cassiopea(["reminder", "F2026-00002", "--on", "2027-01-04", "--json"]);
    // 20.00 + 6.68 - 3.34
    expect(JSON.parse(out)).toMatchObject({ cents: 2334 });
    own.write(
      "bob",
      2,
      `  packs: [{ pack: "autonomous", from: "2026-01-01", void: "erreur" }],\n  options: [{ option: "mailbox", from: "2026-05-02", void: "erreur" }],\n`,
    );
    await cassiopea(["issue"]);
    expect((await cassiopea(["reminder", "F2026-00002", "--on", "2027-01-04"])).error).toContain("crédité en entier");
  });

  it.each([
    [["F2026-00009", "--on", "2026-12-28"], "« F2026-00009 » n'est ni une facture"],
    [["NC2026-00001", "--on", "2026-12-28"], "« NC2026-00001 »"],
    [["F2026-00001", "--on", "2026-12-25"], "au plus tard le 25/12/2026 : un rappel ne part qu'après"],
    [["F2026-00001", "--on", "2026-12-32"], "« 2026-12-32 » n'est pas une date"],
  ])("refuses %j", async (args, words) => {
    const { out, error, code } = await cassiopea(["reminder", ...args]);
    expect([out, code]).toEqual(["", 1]);
    expect(error).toContain(words);
  });
});
