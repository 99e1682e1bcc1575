import { describe, expect, it } from "vitest";
import { softwareRows, softwareText } from "../../src/cli/software.ts";
import { lacWith } from "../checks/support.ts";

const from = "2026-01-01";
const spip = { software: "spip", site: "lac.example", database: "site" };
const rows = (...software: object[]) =>
  softwareRows(
    lacWith({
      packs: [{ pack: "assisted", from }],
      databases: [{ name: "site" }],
      software: software as (typeof spip)[],
    }),
    "2026-11-27",
  );

describe("software", () => {
  it("is listed with what came out since its version, and what to do about it", () => {
    expect(softwareText(rows({ ...spip, version: "4.4.23" })).split("\n")).toEqual([
      "lac : SPIP, lac.example : 4.4.23, en retard : paru depuis 4.4.28 (08/10/2026), 4.4.30 (05/11/2026)",
      "1 en retard : écrivez la nouvelle version (version), ou retirez-la, pour suivre la dernière.",
    ]);
  });

  it("of the latest version is up to date; what people install is theirs to follow", () => {
    expect(
      softwareText(rows({ ...spip, folder: "blog" }, { software: "wikini", site: "lac.example" })).split("\n"),
    ).toEqual([
      "lac : SPIP, lac.example/blog : 4.4.30, à jour",
      "lac : Wikini, lac.example : installé et suivi à la main",
      "Rien n'est en retard.",
    ]);
  });

  it("that ended is not listed", () => {
    expect(softwareText(rows({ ...spip, to: "2026-10-31" }))).toBe("Aucun logiciel déclaré.");
  });
});
