import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { journal } from "../../src/billing/render/hledger.ts";
import type { VatRegime } from "../../src/billing/types.ts";
import { facts, months, option, pack, usage } from "../billing/support/facts.ts";
import { between } from "../billing/support/run.ts";

/** Whether hledger accepts a journal, and what it balances it to. */
function hledger(input: string, ...args: string[]): { status: number | null; stdout: string } {
  return spawnSync("hledger", ["-f", "-", ...args], {
    input,
    encoding: "utf8",
    env: { LC_ALL: "C.UTF-8", PATH: process.env["PATH"] },
  });
}

function text(regime: VatRegime): string {
  const given = facts({
    packs: [pack("assisted", "2026-05-02")],
    options: [option("mailbox", 3, "2026-05-02")],
    blocks: [{ kind: "disk", id: "b1", on: "2026-06-10" }],
    recover: [{ block: "b1", on: "2027-01-01" }],
  });
  const figures = [...months(2026), "2027-01"].map((month) => usage(month, { disk: 2.75, traffic: 6 }));
  const settings = { vatRegime: [{ from: "2009-01-01", regime }] };
  const { lines, ledgers } = between("2026-01-01", "2027-01-31", given, { usage: figures, fee: true, settings });
  return journal(lines, ledgers);
}

describe("hledger", () => {
  it.each(["franchise", "subject"] as const)("accepts the journal, %s, with euros and GB·months", (regime) => {
    expect(hledger(text(regime), "check").status).toBe(0);
    // Everything that is owed has come from somewhere.
    expect(hledger(text(regime), "balance", "--depth", "1", "-N").stdout).toContain("membres");
    expect(hledger(text(regime), "balance").stdout.trim().split("\n").at(-1)?.trim()).toBe("0");
  });

  it("refuses every single amount that is off by 0.01", () => {
    const right = text("franchise");
    // Of the entries; the head only shows how amounts are written.
    const amounts = [...right.matchAll(/(?<!^commodity) (?:EUR|"GB·month") (-?\d+\.\d+)/gm)];
    expect(amounts.length).toBeGreaterThan(30);
    const accepted = amounts.filter((found) => {
      const at = found.index + found[0].length - (found[1]?.length ?? 0);
      const amount = Number(found[1]);
      const places = found[1]?.split(".")[1]?.length ?? 2;
      const wrong = (amount + (places === 2 ? 0.01 : 0.001)).toFixed(places);
      return hledger(right.slice(0, at) + wrong + right.slice(at + (found[1]?.length ?? 0)), "check").status === 0;
    });
    expect(accepted.map(([all]) => all)).toEqual([]);
  });
});
