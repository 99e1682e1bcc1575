import { type BillingFacts } from "../../../src/billing/facts.ts";
import { all2026, autonomous, type Case, options, total2026 } from "../support/case.ts";
import { facts, option, pack } from "../support/facts.ts";
import { between, cents, documentCents, planned, sum, year } from "../support/run.ts";

const onlyPack = (name: BillingFacts["packs"][number]["pack"]) => (): number[] => [total2026({ packs: [pack(name)] })];
const upgrade = facts({
  packs: [pack("autonomous", "2026-01-01 → 2026-06-30"), pack("assisted", "2026-07-01")],
});
const downgrade = (refund?: boolean): BillingFacts =>
  facts({
    packs: [
      pack("assisted", "2026-01-01 → 2026-06-30", refund === undefined ? {} : { refund }),
      pack("autonomous", "2026-07-01"),
    ],
  });

export const packsCases: Case[] = [
  { id: "C01", rules: "B5", title: "autonomous", expected: [2000], run: onlyPack("autonomous") },
  { id: "C02", rules: "B5", title: "assisted", expected: [8000], run: onlyPack("assisted") },
  { id: "C03", rules: "B5", title: "sympa", expected: [3000], run: onlyPack("sympa") },
  { id: "C04", rules: "B5", title: "mailboxes", expected: [500], run: onlyPack("mailboxes") },
  {
    id: "C05",
    rules: "B5",
    title: "assisted from 2 May, 244/365",
    expected: [5348],
    run: () => [total2026({ packs: [pack("assisted", "2026-05-02")] })],
  },
  {
    id: "C06",
    rules: "B5",
    title: "assisted from 1 May of a leap year, 245/366",
    expected: [5355],
    run: () => [sum(year(2028, facts({ packs: [pack("assisted", "2028-05-01")] })).lines)],
  },
  { id: "C07", rules: "B5", title: "one day", expected: [1], run: () => [options(option("mailbox", 1, "2026-12-31"))] },
  {
    id: "C08",
    rules: "B7",
    title: "an end without refund",
    expected: [2000],
    run: () => [total2026({ packs: [pack("autonomous", "2026-01-01 → 2026-01-31")] })],
  },
  {
    id: "C09",
    rules: "B7",
    title: "the same with refund, 31 days",
    expected: [170],
    run: () => [total2026({ packs: [pack("autonomous", "2026-01-01 → 2026-01-31", { refund: true })] })],
  },
  {
    id: "C10",
    rules: "B5 B7",
    title: "over New Year with refund: both years",
    expected: [334, 323],
    run: () => {
      const given = facts({ packs: [pack("autonomous", "2026-11-01 → 2027-02-28", { refund: true })] });
      return [sum(year(2026, given).lines), sum(year(2027, given).lines)];
    },
  },
  {
    id: "C11",
    rules: "B5",
    title: "ended the year before: 0, no line",
    expected: [0, 0],
    run: () => {
      const lines = all2026({ packs: [pack("autonomous", "2025-01-01 → 2025-12-31")] });
      return [sum(lines), lines.length];
    },
  },
  {
    id: "C12",
    rules: "B8 B56",
    title: "upgrade: due old; due new; credit note; invoice; net",
    expected: [992, 4033, 1008, 4033, 3025],
    run: () => {
      const { lines } = year(2026, upgrade);
      const documents = planned(upgrade, lines, [["pack/autonomous/2026", 2000]]);
      const credit = -documentCents(documents, "NC");
      const invoice = documentCents(documents, "F");
      return [
        cents(lines, "pack/autonomous/2026"),
        cents(lines, "pack/assisted/2026"),
        credit,
        invoice,
        invoice - credit,
      ];
    },
  },
  {
    id: "C13",
    rules: "B8",
    title: "upgrade on a leap day: due old; due new",
    expected: [322, 6710],
    run: () => {
      const packs = [pack("autonomous", "2028-01-01 → 2028-02-28"), pack("assisted", "2028-02-29")];
      const { lines } = year(2028, facts({ packs }));
      return [cents(lines, "pack/autonomous/2028"), cents(lines, "pack/assisted/2028")];
    },
  },
  {
    id: "C14",
    rules: "B9",
    title: "downgrade: assisted; autonomous; autonomous of the next year",
    expected: [8000, 0, 2000],
    run: () => {
      const { lines } = between("2026-01-01", "2027-12-31", downgrade());
      return ["pack/assisted/2026", "pack/autonomous/2026", "pack/autonomous/2027"].map((key) => cents(lines, key));
    },
  },
  {
    id: "C15",
    rules: "B9",
    title: "downgrade by day: due assisted; autonomous; credit note; invoice",
    expected: [3967, 1008, 4033, 1008],
    run: () => {
      const given = downgrade(true);
      const { lines } = year(2026, given);
      const documents = planned(given, lines, [["pack/assisted/2026", 8000]]);
      return [
        cents(lines, "pack/assisted/2026"),
        cents(lines, "pack/autonomous/2026"),
        -documentCents(documents, "NC"),
        documentCents(documents, "F"),
      ];
    },
  },
  {
    id: "C16",
    rules: "B10",
    title: "two packs: document total",
    expected: [5000],
    run: () => {
      const given = facts({ packs: [autonomous, pack("sympa")] });
      return [documentCents(planned(given, year(2026, given).lines, []), "F")];
    },
  },
  {
    id: "C17",
    rules: "B45",
    title: "autonomous + assistance level 1 = assisted",
    expected: [8000],
    run: () => [total2026({ packs: [autonomous], options: [option("assistance", 1, undefined, { level: 1 })] })],
  },
  {
    id: "C18",
    rules: "B19",
    title: "mailboxes with two more",
    expected: [1500],
    run: () => [total2026({ packs: [pack("mailboxes")], options: [option("mailbox", 2)] })],
  },
  {
    id: "C19",
    rules: "B6",
    title: "488 unit-days",
    expected: [668],
    run: () => [options(option("mailbox", 2, "2026-05-02"))],
  },
  {
    id: "C20",
    rules: "B6",
    title: "732 unit-days",
    expected: [1003],
    run: () => [options(option("mailbox", 3, "2026-05-02"))],
  },
  {
    id: "C21",
    rules: "B20",
    title: "7 units of mailbox, 5 included",
    expected: [1000],
    run: () => [total2026({ packs: [autonomous], options: [option("mailbox", 2)] }) - 2000],
  },
  {
    id: "C22",
    rules: "B7",
    title: "the paid place is used again at once",
    expected: [500],
    run: () => [options(option("mailbox", 1, "2026-01-01 → 2026-06-30"), option("mailbox", 1, "2026-07-01"))],
  },
  {
    id: "C23",
    rules: "B7",
    title: "the paid place is used again later",
    expected: [500],
    run: () => [options(option("mailbox", 1, "2026-01-01 → 2026-03-31"), option("mailbox", 1, "2026-09-01"))],
  },
  {
    id: "C24",
    rules: "B7",
    title: "given back, then another",
    expected: [290],
    run: () => [
      options(option("mailbox", 1, "2026-01-01 → 2026-03-31", { refund: true }), option("mailbox", 1, "2026-09-01")),
    ],
  },
];
