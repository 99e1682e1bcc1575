import { describe, expect, it } from "vitest";
import { allowance } from "../../src/plan/allowance.ts";
import type { Declaration } from "../../src/schema.ts";

const GB = 1_000_000_000;
const from = "2026-03-01";

function allowed(said: Partial<Declaration>, today: string | undefined): number[] {
  const { disk, traffic } = allowance(said as Declaration, today);
  return [disk / GB, traffic / GB];
}

describe("what a member may use", () => {
  it("is what the packs in service include, added up", () => {
    expect(allowed({ packs: [{ pack: "autonomous", from }] }, "2026-06-01")).toEqual([1, 5]);
    const two: Declaration["packs"] = [
      { pack: "assisted", from },
      { pack: "sympa", from: "2026-07-01" },
    ];
    expect(allowed({ packs: two }, "2026-06-30")).toEqual([1, 5]);
    expect(allowed({ packs: two }, "2026-07-01")).toEqual([2, 10]);
    expect(allowed({ packs: two }, undefined)).toEqual([2, 10]);
    expect(
      allowed(
        {
          packs: [
            { pack: "autonomous", from },
            { pack: "mailboxes", from },
          ],
        },
        undefined,
      ),
    ).toEqual([1, 5]);
  });

  it("grows by 20 GB of disk for each block, from its day until it is recovered", () => {
    const packs: Declaration["packs"] = [{ pack: "autonomous", from }];
    const blocks: Declaration["blocks"] = [
      { kind: "disk", id: "a", on: "2026-04-01" },
      { kind: "disk", id: "b", on: "2026-05-01" },
      { kind: "disk", id: "c", on: "2026-05-01", void: "erreur" },
      { kind: "traffic", id: "d", on: "2026-05-01" },
    ];
    const recover = [{ block: "a", on: "2027-01-01" }];
    const disk = (today: string) => allowed({ packs, blocks, recover }, today)[0];
    expect(["2026-03-31", "2026-04-01", "2026-12-31", "2027-01-01"].map(disk)).toEqual([1, 21, 41, 21]);
    expect(allowed({ packs, blocks, recover }, "2026-06-01")[1]).toBe(5);
  });

  it("stays that of the last pack when none is in service, so that what is left stays limited", () => {
    const packs: Declaration["packs"] = [
      { pack: "sympa", from: "2025-01-01", to: "2025-12-31" },
      { pack: "autonomous", from, to: "2026-06-30" },
    ];
    expect(allowed({ packs }, "2026-07-01")).toEqual([1, 5]);
    expect(allowed({ packs: [{ pack: "autonomous", from, void: "erreur" }] }, "2026-07-01")).toEqual([1, 5]);
  });
});
