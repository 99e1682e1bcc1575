import { type BillingFacts } from "../../../src/billing/facts.ts";
import { documentTotal } from "../../../src/billing/vat.ts";
import { all2026, type Case, options, recovered, total2026 } from "../support/case.ts";
import { facts, option, pack } from "../support/facts.ts";
import { cents, sum, year } from "../support/run.ts";

const service = (
  name: BillingFacts["services"][number]["service"],
  id: string,
  on: string,
  more: Partial<BillingFacts["services"][number]>,
): BillingFacts["services"][number] => ({ id, service: name, on, ...more });
const subject = { vatRegime: [{ from: "2009-01-01", regime: "subject" as const }] };
const taxed = (...amounts: number[]): number[] => {
  const { net, vat, gross } = documentTotal(amounts.map((one) => ({ cents: BigInt(one), vat: "subject" as const })));
  return [net, vat, gross].map(Number);
};
const remote = (id: string, on: string, minutes: number): number =>
  total2026({ services: [service("remoteIntervention", id, on, { minutes })] });

export const servicesCases: Case[] = [
  {
    id: "C56",
    rules: "B44",
    title: "assisted + both levels",
    expected: [29_000],
    run: () => [
      total2026({
        packs: [pack("assisted")],
        options: [option("assistance", 1, undefined, { level: 1 }), option("assistance", 1, undefined, { level: 2 })],
      }),
    ],
  },
  {
    id: "C57",
    rules: "B5",
    title: "assistance level 2 for 92 days",
    expected: [3781],
    run: () => [options(option("assistance", 1, "2026-10-01", { level: 2 }))],
  },
  {
    id: "C58",
    rules: "B46",
    title: "assistance level 3 by quotation, 184 days",
    expected: [12_099],
    run: () => {
      const quotation = { reference: "D-7", date: "2026-06-01", cents: 24_000, validUntil: "2026-08-31" };
      return [options(option("assistance", 1, "2026-07-01", { level: 3, quotation }))];
    },
  },
  {
    id: "C59",
    rules: "B25",
    title: "a certificate configured; its purchase",
    expected: [4290, 3490],
    run: () => {
      const lines = all2026({
        options: [option("certificate", 1, "2026-04-15")],
        costs: [{ reference: "ca-1", on: "2026-04-10", cents: 3490, supplier: "CA", label: "Certificat" }],
      });
      return [cents(lines, "certificate/2026"), cents(lines, "cost/ca-1")];
    },
  },
  {
    id: "C60",
    rules: "B49",
    title: "3 half-days",
    expected: [45_000],
    run: () => [total2026({ services: [service("analysis", "a1", "2026-03-02", { halfDays: 3 })] })],
  },
  {
    id: "C61",
    rules: "B51",
    title: "work and travel, 190 minutes",
    expected: [16_250],
    run: () => [
      total2026({ services: [service("onsiteIntervention", "v1", "2026-03-02", { minutes: 140, travelMinutes: 50 })] }),
    ],
  },
  {
    id: "C62",
    rules: "B52",
    title: "15 minutes; 1 minute; 4 hours",
    expected: [938, 938, 15_000],
    run: () => [15, 1, 240].map((minutes) => remote("r1", "2026-03-02", minutes)),
  },
  {
    id: "C63",
    rules: "B52",
    title: "twice 10 minutes on two days; once 20 minutes",
    expected: [1876, 1875],
    run: () => [remote("r1", "2026-03-02", 10) + remote("r2", "2026-03-03", 10), remote("r1", "2026-03-02", 20)],
  },
  {
    id: "C64",
    rules: "B50",
    title: "visits in January, February, April; March is reported",
    expected: [45_000, 1],
    run: () => {
      const services = ["2026-01-14", "2026-02-11", "2026-04-15"].map((on) =>
        service("onsiteSupport", `s${on}`, on, { halfDays: 1 }),
      );
      const { lines, notes } = year(2026, facts({ services }));
      return [sum(lines), notes.filter(({ message }) => message.includes("2026-03")).length];
    },
  },
  {
    id: "C65",
    rules: "B60",
    title: "the whole fee of the year of joining",
    expected: [5000],
    run: () => [sum(all2026({ membership: { since: "2026-11-15" } }, { fee: true }))],
  },
  {
    id: "C66",
    rules: "B60",
    title: "who joins late pays from the next year: 2026; 2027",
    expected: [0, 5000],
    run: () => {
      const given = facts({ membership: { since: "2026-11-15" } });
      const around = { fee: true, settings: { freeJoinFrom: "10-01" } };
      return [sum(year(2026, given, around).lines), sum(year(2027, given, around).lines)];
    },
  },
  {
    id: "C67",
    rules: "B62",
    title: "VAT: net; VAT; total",
    expected: [8500, 1785, 10_285],
    run: () => {
      const lines = all2026({ packs: [pack("assisted")], options: [option("mailbox")] }, { settings: subject });
      const { net, vat, gross } = documentTotal(lines);
      return [net, vat, gross].map(Number);
    },
  },
  {
    id: "C68",
    rules: "B62",
    title: "VAT on the sum: VAT; total",
    expected: [360, 2072],
    run: () => taxed(334, 668, 710).slice(1),
  },
  {
    id: "C69",
    rules: "B40 B62",
    title: "credit note with VAT",
    expected: [938, 197, 1135],
    run: () => taxed(recovered(12_500)),
  },
];
