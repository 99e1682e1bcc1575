import { describe, expect, it } from "vitest";
import { softwareOf } from "../../src/plan/software.ts";
import type { DeclarationInput } from "../../src/schema.ts";
import { lacWith } from "../checks/support.ts";

const from = "2026-01-01";
const planned = (parts: Partial<DeclarationInput>, today = "2026-06-01") =>
  softwareOf(lacWith({ packs: [{ pack: "assisted", from }], databases: [{ name: "site" }], ...parts }), today);
const spip = { software: "spip", site: "lac.example" };

describe("software that a host installs", () => {
  it("has the latest version and the only database, where its file says none", () => {
    expect(planned({ software: [spip] })).toEqual([
      { software: "spip", site: "lac.example", database: "lac_site", version: "4.4.30" },
    ]);
  });

  it("has the version and the database of its file, and comes by site and folder", () => {
    const databases = [{ name: "site" }, { name: "blog" }];
    const software = [
      { ...spip, folder: "blog", database: "blog", version: "4.4.23" },
      { ...spip, database: "site" },
    ];
    expect(planned({ databases, software })).toEqual([
      { software: "spip", site: "lac.example", database: "lac_site", version: "4.4.30" },
      { software: "spip", site: "lac.example", folder: "blog", database: "lac_blog", version: "4.4.23" },
    ]);
  });

  it("is named as long as it may be there: not before its first day, and as ended after its last", () => {
    const software = [{ ...spip, from: "2026-03-01", to: "2026-05-31" }];
    expect(planned({ software }, "2026-02-28")).toEqual([]);
    expect(planned({ software }, "2026-05-31")[0]).not.toHaveProperty("ended");
    expect(planned({ software }, "2026-06-01")).toMatchObject([{ ended: true }]);
  });

  it("is none of what people install, and none without a pack for sites", () => {
    expect(planned({ software: [{ software: "wikini", site: "lac.example" }] })).toEqual([]);
    expect(planned({ packs: [{ pack: "assisted", from, to: "2026-05-31" }], software: [spip] })).toEqual([]);
  });
});
