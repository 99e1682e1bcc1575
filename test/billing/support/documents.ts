import { type BillDocument, Issuer, makeDocument, Party } from "../../../src/billing/document.ts";
import { plan } from "../../../src/billing/plan.ts";
import type { VatRegime } from "../../../src/billing/types.ts";
import { facts, option, pack } from "./facts.ts";
import { year } from "./run.ts";

export const issuer = Issuer.parse({
  name: "Cassiopea ASBL",
  street: "Rue de l'Exemple 1",
  postcode: "1000",
  city: "Bruxelles",
  country: "BE",
  enterpriseNumber: "0566.988.259",
  legalForm: "ASBL",
  court: "Bruxelles",
  iban: "BE68 5390 0754 7034",
  mentions: {
    franchise: "Régime particulier de la franchise de taxe",
    creditSubject: "TVA à reverser à l'État dans la mesure où elle a été initialement déduite",
  },
  paymentDays: 30,
});

export const party = Party.parse({
  name: "Jardins <& Cie> ASBL",
  street: "Place Verte 2",
  postcode: "4000",
  city: "Liège",
  country: "BE",
  enterpriseNumber: "0419.618.535",
});

export const sold = facts({
  packs: [pack("assisted", "2026-05-02")],
  options: [option("mailbox", 3, "2026-05-02")],
  blocks: [{ kind: "disk", id: "b1", on: "2026-02-10" }],
});

/** The invoice of what is sold above: 53.48 + 10.03 + 15.00. */
export function invoice(regime: VatRegime = "franchise"): BillDocument {
  const around = { settings: { vatRegime: [{ from: "2009-01-01", regime }] } };
  const { documents } = plan(year(2026, sold, around).lines, [], [sold]);
  const [planned] = documents;
  if (planned === undefined) throw new Error("no invoice");
  return makeDocument(planned, { number: "F2026-00001", date: "2026-11-25", issuer, party });
}

/** A mailbox less than on the invoice above: 3.35 of its 10.03. */
export function creditNote(): BillDocument {
  const fewer = { ...sold, options: [option("mailbox", 2, "2026-05-02")] };
  const issued = year(2026, sold).lines.map(({ key, cents, vat, member }) => ({
    document: "F2026-00001",
    member,
    key,
    cents,
    vat,
  }));
  const { documents } = plan(year(2026, fewer).lines, issued, [fewer]);
  const [planned] = documents;
  if (planned === undefined) throw new Error("no credit note");
  const refersTo = { number: "F2026-00001", date: "2026-11-25" };
  return makeDocument(planned, { number: "NC2026-00001", date: "2026-11-26", issuer, party, refersTo });
}
