import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { declaredFacts } from "../../src/cli/bill-input.ts";
import { cassiopea, useFolder } from "./support/folder.ts";
import { stackExport } from "./support/state.ts";

const own = useFolder();

describe("bill", () => {
  it("prints each member's lines, total and the sum, in French", async () => {
    const { out, code } = await cassiopea(["--year", "2026"]);
    expect(code).toBe(0);
    expect(out).toContain("Ce que doivent les membres, année 2026");
    expect(out).toMatch(
      /Hébergement assisté +02\/05\/2026 – 31\/12\/2026 +244 jours sur 365 +80,00\u00a0€ +53,48\u00a0€/,
    );
    expect(out).toMatch(
      /Mailbox supplémentaire +02\/05\/2026 – 31\/12\/2026 +488 unités·jours sur 365 +5,00\u00a0€ +6,68\u00a0€/,
    );
    expect(out).toContain("Total : 103,48\u00a0€");
    expect(out).toContain("Total : 76,68\u00a0€");
    expect(out).toContain("Total pour 2 membres : 180,16\u00a0€");
  });

  it("gives the same figures as JSON, one member alone if asked", async () => {
    const { out } = await cassiopea(["--year", "2026", "--member", "bob", "--json"]);
    const bill = JSON.parse(out) as {
      cents: number;
      members: { member: string; lines: { key: string; cents: number }[] }[];
    };
    expect(bill.cents).toBe(7668);
    expect(bill.members.map(({ member }) => member)).toEqual(["bob"]);
    expect(bill.members[0]?.lines.map(({ key, cents }) => [key, cents])).toEqual([
      ["bob/mailbox/2026", 668],
      ["bob/membership/2026", 5000],
      ["bob/pack/autonomous/2026", 2000],
    ]);
  });

  it("counts only what is due at a date, in the year that it falls in", async () => {
    const { out } = await cassiopea(["--until", "2026-04-30", "--json"], {});
    expect((JSON.parse(out) as { cents: number }).cents).toBe(5000 + 5000 + 2000);
  });

  it("gives the same bill from the state of a stack, and says who is not deployed", async () => {
    const state = stackExport(declaredFacts(own.members));
    const stacks: string[] = [];
    const exportStack = async (stack: string): Promise<unknown> => {
      stacks.push(stack);
      return Promise.resolve(state);
    };
    const declared = await cassiopea(["--year", "2026", "--json"]);
    const deployed = await cassiopea(["--year", "2026", "--json", "--stack", "lab"], { exportStack });
    expect(stacks).toEqual(["lab"]);
    expect(deployed).toEqual(declared);
    state.deployment.resources = state.deployment.resources.filter(({ urn }) => !String(urn).endsWith("bob/host/h1"));
    const half = await cassiopea(["--year", "2026", "--stack", "lab"], { exportStack });
    expect(half.code).toBe(1);
    expect(half.out).toContain("Total pour 1 membre : 103,48\u00a0€");
    expect(half.error).toContain("bob");
  });

  it("refuses declarations with problems, and shows where", async () => {
    writeFileSync(join(own.members, "alice.ts"), "export default 1;\n");
    const { out, error, code } = await cassiopea(["--year", "2026"]);
    expect([out, code]).toEqual(["", 1]);
    expect(error).toContain("members/alice.ts:1:");
  });

  it.each([[["--year", "20"]], [["--until", "2026-02-30"]], [["--member", "carol"]]])("refuses %j", async (args) => {
    expect((await cassiopea(args)).code).toBe(1);
  });

  it("names the usage file that has not the published form", async () => {
    mkdirSync(join(own.folder, "usage"));
    writeFileSync(join(own.folder, "usage", "2026-03.json"), `{ "schema": 1, "month": "2026-04", "members": {} }`);
    const { error, code } = await cassiopea(["--year", "2026"]);
    expect(code).toBe(1);
    expect(error).toContain("2026-03.json");
  });
});

describe("statement", () => {
  beforeEach(() => {
    own.write(
      "bob",
      2,
      `  packs: [{ pack: "autonomous", from: "2026-01-01" }],\n  blocks: [{ kind: "disk", id: "b1", on: "2026-02-10" }],\n`,
    );
    mkdirSync(join(own.folder, "usage"));
    const measured = { daysInService: 28, trafficBytes: 0 };
    // 2.5 GB each day, of which 1 is included.
    const bob = { ...measured, diskByteSum: 28 * 2.5e9, diskSamples: 28 };
    const month = { schema: 1, month: "2026-02", measured: { h1: "2026-02-28T23:55:00Z" }, members: { bob } };
    writeFileSync(join(own.folder, "usage", "2026-02.json"), JSON.stringify(month));
  });

  it("says what was bought, used and is left, up to a day", async () => {
    const { out, code } = await cassiopea(["statement", "bob", "--until", "2026-02-28"]);
    expect(code).toBe(0);
    expect(out.split("\n").map((line) => line.replaceAll("\u00a0", " "))).toEqual([
      "Relevé des réserves — bob — Situation au 28/02/2026",
      "",
      "bob, espace disque",
      "  10/02/2026  Achat du bloc b1       20,000 Go·mois  solde 20,000 Go·mois",
      "  28/02/2026  Usage de février 2026  \u22121,500 Go·mois  solde 18,500 Go·mois  b1 : 1,500",
      "  solde : 18,500 Go·mois",
      "",
    ]);
    expect((await cassiopea(["statement", "bob"])).out).toContain("solde provisoire : 18,500");
    const json = JSON.parse((await cassiopea(["statement", "bob", "--json"])).out) as {
      ledgers: { balance: number }[];
    };
    expect(json.ledgers.map(({ balance }) => balance)).toEqual([18_500]);
    expect((await cassiopea(["statement", "bob", "--format", "html"])).out).toContain('<td class="amount">18,500</td>');
  });

  it("refuses a member, a day or a form that there is not", async () => {
    for (const args of [["carol"], ["bob", "--until", "2026-02-30"], ["bob", "--format", "csv"]]) {
      const { out, error, code } = await cassiopea(["statement", ...args]);
      expect([out, code]).toEqual(["", 1]);
      expect(error).toContain(args.at(-1));
    }
  });
});
