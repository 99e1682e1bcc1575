import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { assess } from "../../src/billing/due.ts";
import { priceLists } from "../../src/catalogue/prices/index.ts";
import { offers } from "../../src/catalogue/prices/types.ts";
import { declaredFacts } from "../../src/cli/bill-input.ts";
import { updateRegistry } from "../../src/cli/update.ts";
import { loadMembers } from "../../src/load.ts";
import { frenchEuros } from "../../src/money.ts";
import { readParts, writeParts } from "../support/parts.ts";
import { cassiopea } from "./support/cassiopea.ts";
import { months, settings } from "./support/facts.ts";

let folder: string;
let members: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "explain-"));
  members = join(folder, "members");
  const { files } = readParts(join(import.meta.dirname, "../golden/06-every-option/members.txt"));
  // Two further packs, and domains beyond the included, so that every offer is on the bill.
  const whole = (files.get("jardins.ts") ?? "")
    .replace(
      'from: "2026-01-01" }],\n',
      'from: "2026-01-01" }, { pack: "assisted", label: "b", from: "2026-02-01" }, { pack: "sympa", from: "2026-02-01" }, { pack: "mailboxes", from: "2026-02-01" }],\n',
    )
    .replace(
      "domains: [\n",
      `domains: [\n${Array.from({ length: 13 }, (_, index) => `    { name: "d${index}.example", from: "2026-01-01" },\n`).join("")}`,
    );
  writeParts(members, new Map([["jardins.ts", whole]]));
  updateRegistry(members, loadMembers(members));
  mkdirSync(join(folder, "usage"));
  for (const month of [...months(2026), "2027-01"]) {
    const figures = {
      diskByteSum: 0,
      diskSamples: 28,
      daysInService: 28,
      trafficBytes: 0,
    };
    writeFileSync(
      join(folder, "usage", `${month}.json`),
      JSON.stringify({
        schema: 1,
        month,
        measured: { h1: `${month}-28T23:55:00Z` },
        members: { jardins: figures },
      }),
    );
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

it("explain leads from every cent of every offer to its file, line and rule", async () => {
  const usage = months(2026)
    .concat("2027-01")
    .map((month) => JSON.parse(readFileSync(join(folder, "usage", `${month}.json`), "utf8")));
  const { lines, problems } = assess(declaredFacts(members), priceLists, usage, settings, "2027-01-31", "2026-01-01");
  expect(problems).toEqual([]);
  const billed = new Set<string>(lines.map(({ offer }) => offer));
  expect([...offers, "assistance-3", "cost", "membership"].filter((offer) => !billed.has(offer))).toEqual([]);
  const text = readFileSync(join(members, "jardins.ts"), "utf8").split("\n");
  for (const { key, cents, rules, sources } of lines) {
    const { out, code } = await cassiopea(["explain", key], { folder, members });
    expect([key, code]).toEqual([key, 0]);
    expect(out).toContain(`→ ${frenchEuros(cents)}\n`);
    expect(out).toContain(`Règles : ${rules.join(", ")}`);
    const places = [...out.matchAll(/members\/jardins\.ts:(\d+) \((.+)\)/g)];
    expect(
      places.map(([, , path]) => path),
      key,
    ).toEqual(sources);
    // Each place is a line of the file that is there.
    expect(
      places.filter(([, line]) => (text[Number(line) - 1] ?? "") === ""),
      key,
    ).toEqual([]);
    expect(places.length, key).toBeGreaterThan(0);
  }
});
