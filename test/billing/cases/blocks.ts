import { type LedgerStatement } from "../../../src/billing/types.ts";
import { autonomous, block, type Case, late, recovered, total2026 } from "../support/case.ts";
import { facts, laterList, months, pack, usage } from "../support/facts.ts";
import { between, cents, sum, year } from "../support/run.ts";

const ledgerOf = (kind: "disk" | "traffic", ledgers: readonly LedgerStatement[]): LedgerStatement => {
  const found = ledgers.find((one) => one.kind === kind);
  if (found === undefined) throw new Error(`no ${kind} ledger`);
  return found;
};
const drawn = (kind: "disk" | "traffic", ledgers: readonly LedgerStatement[]): number =>
  ledgers
    .filter((one) => one.kind === kind)
    .flatMap(({ entries }) => entries)
    .reduce((all, { what, amount }) => (what === "draw" ? all - amount : all), 0);
const diskOf = (bytes: number): number => {
  const given = facts({ packs: [autonomous] });
  return drawn("disk", year(2026, given, { usage: [usage("2026-03", { disk: bytes / 1e9 })] }).ledgers);
};

export const blocksCases: Case[] = [
  {
    id: "C44",
    rules: "B37",
    title: "a disk block is not prorated",
    expected: [1500],
    run: () => [total2026({ blocks: [block("disk", "b1", "2026-02-10")] })],
  },
  {
    id: "C45",
    rules: "B40",
    title: "recover 12.500; 18.500; 7.500; 20.000",
    expected: [938, 1388, 563, 1500],
    run: () => [12_500, 18_500, 7_500, 20_000].map(recovered),
  },
  {
    id: "C46",
    rules: "B39",
    title: "excess 2.5 GB from February to June, then recovery: remaining; credit",
    expected: [7500, 563],
    run: () => {
      const given = facts({
        packs: [autonomous],
        blocks: [block("disk", "b1", "2026-02-10")],
        recover: [{ block: "b1", on: "2027-01-01" }],
      });
      const figures = months(2026).map((month, index) => usage(month, { disk: index >= 1 && index <= 5 ? 3.5 : 0.5 }));
      const { ledgers } = between("2026-01-01", "2026-12-31", given, { usage: figures });
      const { lines } = between("2027-01-01", "2027-01-31", given, { usage: figures });
      return [ledgerOf("disk", ledgers).balance, -cents(lines, "disk/b1/recovered")];
    },
  },
  {
    id: "C47",
    rules: "B35",
    title: "overdraft absorbed by the next block: balances of November, December, purchase, January; invoices",
    expected: [750, -1000, 19_000, 17_250, 1500, 1500],
    run: () => {
      const given = facts({
        packs: [autonomous],
        blocks: [block("disk", "b1", "2026-01-05"), block("disk", "b2", "2027-01-10")],
      });
      const figures = [...months(2026), "2027-01"].map((month) => usage(month, { disk: 2.75 }));
      const balance = (until: string): number =>
        ledgerOf("disk", between("2026-01-01", until, given, { usage: figures }).ledgers).balance;
      return [
        ...["2026-11-30", "2026-12-31", "2027-01-10", "2027-01-31"].map(balance),
        sum(
          between("2026-01-01", "2026-12-31", given, { usage: figures }).lines.filter(({ offer }) => offer === "disk"),
        ),
        sum(
          between("2027-01-01", "2027-01-31", given, { usage: figures }).lines.filter(({ offer }) => offer === "disk"),
        ),
      ];
    },
  },
  {
    id: "C48",
    rules: "B41 B40",
    title: "first in, first out; the second block at its own price",
    expected: [1440],
    run: () => {
      const given = facts({
        packs: [pack("autonomous", "2025-01-01")],
        blocks: [block("disk", "a", "2025-03-01"), block("disk", "b", "2026-03-01")],
        recover: [{ block: "b", on: "2027-01-01" }],
      });
      const figures = [...months(2025), ...months(2026)].map((month) => usage(month, { disk: 2 }));
      const lists = [laterList("2026-01-01", { disk: 1800 })];
      return [-cents(between("2027-01-01", "2027-01-31", given, { usage: figures, lists }).lines, "disk/b/recovered")];
    },
  },
  {
    id: "C49",
    rules: "B32",
    title: "means in bytes: draws",
    expected: [235, 1, 0],
    run: () => [1_234_567_890, 1_000_500_000, 1_000_499_999].map(diskOf),
  },
  {
    id: "C50",
    rules: "B29",
    title: "traffic above 5 GB after a small month: draw",
    expected: [2250],
    run: () => {
      const figures = [usage("2026-02", { traffic: 1 }), usage("2026-03", { traffic: 7.25 })];
      return [drawn("traffic", year(2026, facts({ packs: [autonomous] }), { usage: figures }).ledgers)];
    },
  },
  {
    id: "C51",
    rules: "B34",
    title: "traffic of half a month: draw",
    expected: [1500],
    run: () => [drawn("traffic", year(2026, late, { usage: [usage("2026-04", { traffic: 4 })] }).ledgers)],
  },
  {
    id: "C52",
    rules: "B34",
    title: "disk of half a month: draw",
    expected: [1000],
    run: () => [drawn("disk", year(2026, late, { usage: [usage("2026-04", { disk: 3, samples: 15 })] }).ledgers)],
  },
  {
    id: "C53",
    rules: "B10",
    title: "quotas of two packs add up: draw",
    expected: [600],
    run: () => {
      const given = facts({ packs: [autonomous, pack("sympa")] });
      return [drawn("disk", year(2026, given, { usage: [usage("2026-03", { disk: 1.5 + 1.1 })] }).ledgers)];
    },
  },
  {
    id: "C54",
    rules: "B43",
    title: "a member leaves: the block is credited without waiting",
    expected: [480],
    run: () => {
      const given = facts({
        membership: { since: "2009-01-01", to: "2026-09-30" },
        packs: [pack("autonomous", "2026-01-01 → 2026-09-30")],
        blocks: [block("disk", "b1", "2026-02-01")],
        leavesOn: "2026-09-30",
      });
      const figures = months(2026, 1, 9).map((month, index) => usage(month, { disk: index === 4 ? 14.6 : 0 }));
      return [-cents(year(2026, given, { usage: figures }).lines, "disk/b1/recovered")];
    },
  },
  {
    id: "C55",
    rules: "B35",
    title: "blocks bought by themselves: invoice; balance",
    expected: [3000, 19_000],
    run: () => {
      const given = facts({ packs: [autonomous], overage: "buy" });
      const { lines, ledgers } = year(2026, given, { usage: [usage("2026-05", { disk: 22 })] });
      return [sum(lines.filter(({ offer }) => offer === "disk")), ledgerOf("disk", ledgers).balance];
    },
  },
];
