import { type BillingFacts } from "../../../src/billing/facts.ts";
import { type DueLine } from "../../../src/billing/types.ts";
import { all2026, autonomous, type Case, total2026 } from "../support/case.ts";
import { domains, facts, laterList, option, pack } from "../support/facts.ts";
import { cents, documentCents, planned, sum, year } from "../support/run.ts";

const sevenExternal = (refund?: boolean): number =>
  total2026({
    domains: [
      ...domains(5),
      ...domains(2, "2026-01-01 → 2026-03-31", { prefix: "e", ...(refund === undefined ? {} : { refund }) }),
    ],
    packs: [autonomous],
  }) - 2000;
const takenOver = (refund?: boolean): DueLine[] =>
  all2026({
    packs: [autonomous],
    domains: [
      ...domains(5),
      ...domains(1, "2026-01-01 → 2026-06-30", { prefix: "t", ...(refund === undefined ? {} : { refund }) }),
      ...domains(1, "2026-07-01", { prefix: "t", registeredBy: "us" }),
    ],
  });

export const domainsCases: Case[] = [
  {
    id: "C25",
    rules: "B14",
    title: "5 included domains: 0, no line",
    expected: [0, 1],
    run: () => {
      const lines = all2026({ packs: [autonomous], domains: domains(5) });
      return [cents(lines, "domainManagement/2026"), lines.length];
    },
  },
  {
    id: "C26",
    rules: "B14",
    title: "7 external domains",
    expected: [1000],
    run: () => [cents(all2026({ packs: [autonomous], domains: domains(7) }), "domainManagement/2026")],
  },
  {
    id: "C27",
    rules: "B15",
    title: "6, then 8 external domains, 733 unit-days",
    expected: [1004],
    run: () => {
      const given = [...domains(6), ...domains(2, "2026-07-01", { prefix: "e" })];
      return [cents(all2026({ packs: [autonomous], domains: given }), "domainManagement/2026")];
    },
  },
  {
    id: "C28",
    rules: "B13",
    title: "5 external + 3 registered by us: management; registration",
    expected: [0, 6000],
    run: () => {
      const given = [...domains(5), ...domains(3, "2026-02-01", { prefix: "u", registeredBy: "us" })];
      const lines = all2026({ packs: [autonomous], domains: given });
      return [cents(lines, "domainManagement/2026"), sum(lines.filter(({ offer }) => offer === "domainRegistration"))];
    },
  },
  {
    id: "C29",
    rules: "B7 B15",
    title: "2 of 7 end: no refund; refund",
    expected: [1000, 247],
    run: () => [sevenExternal(), sevenExternal(true)],
  },
  {
    id: "C30",
    rules: "B17",
    title: "taken over by us: management; registration",
    expected: [500, 2000],
    run: () => [cents(takenOver(), "domainManagement/2026"), cents(takenOver(), "registration/t1.example/2026-07-01")],
  },
  {
    id: "C31",
    rules: "B17",
    title: "the same with refund: management",
    expected: [248],
    run: () => [cents(takenOver(true), "domainManagement/2026")],
  },
  {
    id: "C32",
    rules: "B14",
    title: "sympa with 2 external domains",
    expected: [500],
    run: () => [cents(all2026({ packs: [pack("sympa")], domains: domains(2) }), "domainManagement/2026")],
  },
  {
    id: "C33",
    rules: "B14",
    title: "autonomous + sympa with 7 external domains",
    expected: [500],
    run: () => [cents(all2026({ packs: [autonomous, pack("sympa")], domains: domains(7) }), "domainManagement/2026")],
  },
  {
    id: "C34",
    rules: "B16",
    title: "mailboxes → autonomous with 3 external domains, 362 unit-days",
    expected: [496],
    run: () => {
      const packs = [pack("mailboxes", "2026-01-01 → 2026-06-30"), pack("autonomous", "2026-07-01")];
      return [cents(all2026({ packs, domains: domains(3) }), "domainManagement/2026")];
    },
  },
  {
    id: "C35",
    rules: "B12",
    title: "registration: 2026; 2027 on the anniversary",
    expected: [2000, 2000],
    run: () => {
      const given = facts({ domains: domains(1, "2026-03-15", { registeredBy: "us" }) });
      return [sum(year(2026, given).lines), cents(year(2027, given).lines, "registration/d1.example/2027-03-15")];
    },
  },
  {
    id: "C36",
    rules: "B12",
    title: "a registration is never refunded",
    expected: [2000],
    run: () => [total2026({ domains: domains(1, "2026-03-15 → 2026-06-01", { registeredBy: "us", refund: true }) })],
  },
  {
    id: "C37",
    rules: "B4",
    title: "a new list in the year: 2026; 2027",
    expected: [500, 600],
    run: () => {
      const given = facts({ options: [option("mailbox")] });
      const lists = [laterList("2026-07-01", { mailbox: 600 })];
      return [sum(year(2026, given, { lists }).lines), sum(year(2027, given, { lists }).lines)];
    },
  },
  {
    id: "C38",
    rules: "B4",
    title: "a second mailbox at the price of the running key",
    expected: [710],
    run: () => {
      const lists = [laterList("2026-07-01", { mailbox: 600 })];
      return [sum(all2026({ options: [option("mailbox"), option("mailbox", 1, "2026-08-01")] }, { lists }))];
    },
  },
  {
    id: "C39",
    rules: "B4",
    title: "a first database at the new price",
    expected: [252],
    run: () => {
      const lists = [laterList("2026-07-01", { database: 600 })];
      return [sum(all2026({ options: [option("database", 1, "2026-08-01")] }, { lists }))];
    },
  },
  {
    id: "C40",
    rules: "B11",
    title: "declared late: complement",
    expected: [419],
    run: () => {
      const given = facts({ options: [option("mailbox", 1, "2026-03-01")] });
      return [documentCents(planned(given, year(2026, given).lines, []), "F")];
    },
  },
  {
    id: "C41",
    rules: "B6",
    title: "two more in turn: complements",
    expected: [334, 126],
    run: () => {
      const one = [option("mailbox"), option("mailbox", 1, "2026-05-02")];
      const two = [...one, option("mailbox", 1, "2026-10-01")];
      const complement = (given: BillingFacts, before: [string, number][]): number =>
        documentCents(planned(given, year(2026, given).lines, before), "F");
      return [
        complement(facts({ options: one }), [["mailbox/2026", 500]]),
        complement(facts({ options: two }), [
          ["mailbox/2026", 500],
          ["mailbox/2026", 334],
        ]),
      ];
    },
  },
  {
    id: "C42",
    rules: "B6",
    title: "the complement is the difference of two rounded totals",
    expected: [335],
    run: () => {
      const given = facts({ options: [option("mailbox", 2, "2026-05-02"), option("mailbox", 1, "2026-05-02")] });
      return [documentCents(planned(given, year(2026, given).lines, [["mailbox/2026", 668]]), "F")];
    },
  },
  {
    id: "C43",
    rules: "B57",
    title: "further credit of a line that was credited before",
    expected: [822],
    run: () => {
      const given = facts({ packs: [pack("autonomous", "2026-01-01 → 2026-01-31", { refund: true })] });
      const documents = planned(given, year(2026, given).lines, [
        ["pack/autonomous/2026", 2000],
        ["pack/autonomous/2026", -1008, "F2026-00001"],
      ]);
      return [-documentCents(documents, "NC")];
    },
  },
];
