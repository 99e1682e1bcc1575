import { assess } from "../../../src/billing/due.ts";
import type { BillingFacts } from "../../../src/billing/facts.ts";
import type { Report } from "../../../src/billing/render/report.ts";
import type { VatRegime } from "../../../src/billing/types.ts";
import type { Usage } from "../../../src/billing/usage.ts";
import { priceLists } from "../../../src/catalogue/prices/index.ts";
import { domains, facts, months, option, pack, settings, usage } from "../../billing/support/facts.ts";

/** Measures of January to October, except June: disk and traffic above what alice's pack includes. */
const measured = months(2026, 1, 10).filter((month) => month !== "2026-06");

const members: BillingFacts[] = [
  facts({
    packs: [pack("assisted")],
    options: [option("mailbox", 3, "2026-05-02"), option("database", 1, "2026-03-01")],
    domains: [...domains(7), ...domains(1, "2026-03-15", { prefix: "asso", registeredBy: "us" })],
    blocks: [
      { kind: "disk", id: "b2025", on: "2025-03-01" },
      { kind: "disk", id: "b2026", on: "2026-02-10" },
      { kind: "traffic", id: "t2026", on: "2026-02-10" },
    ],
  }),
  facts({
    member: "ateliers",
    packs: [pack("sympa", "2026-04-16")],
    services: [
      { id: "formulaire", service: "development", on: "2026-09-18", halfDays: 3 },
      { id: "panne", service: "remoteIntervention", on: "2026-07-03", minutes: 20 },
    ],
    costs: [
      {
        reference: "c1",
        on: "2026-09-02",
        cents: 3490,
        supplier: "Exemple",
        label: "Certificat pour formation-continue",
      },
    ],
  }),
  facts({ member: "bob", kind: "individual", packs: [pack("mailboxes")], membership: { since: "2026-02-01" } }),
  facts({ member: "chorale", packs: [pack("autonomous")], options: [option("certificate", 1, "2026-04-15")] }),
];

function figures(): Usage[] {
  return measured.map((month) => {
    const one = usage(month, { disk: 2.75, traffic: 7.25, samples: month === "2026-08" ? 12 : 30 });
    const [alice] = Object.values(one.members);
    if (alice === undefined) throw new Error("nobody was measured");
    const small = { ...alice, diskSamples: 30, diskByteSum: 9e9, trafficBytes: 1e9 };
    const others = { bob: small, chorale: small, ...(month === "2026-09" ? {} : { ateliers: small }) };
    return { ...one, members: { ...one.members, ...others } };
  });
}

/** A year of four members, one of them with reserves; June isn't measured, August not wholly, one line came late. */
export function sample(regime: VatRegime = "franchise", only?: string): Report {
  const own = members.filter(({ member }) => only === undefined || member === only);
  const rules = { ...settings, vatRegime: [{ from: "2009-01-01", regime }] };
  const bill = assess(own, priceLists, figures(), rules, "2026-12-31", "2026-01-01");
  const before = bill.lines.filter(({ date, key }) => date <= "2026-06-30" && key !== "alice/database/2026");
  const cents = new Map(before.map((line) => [line.key, line.cents]));
  return {
    title: "Ce que doivent les membres, année 2026",
    from: "2026-01-01",
    to: "2026-12-31",
    today: "2026-11-25",
    bill,
    problems: [],
    measured,
    issued: { cents, until: "2026-06-30" },
  };
}
