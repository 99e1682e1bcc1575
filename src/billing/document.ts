import * as z from "zod";
import { plainCents } from "../money.ts";
import { dateOf, dayOf } from "../period.ts";
import { communication, enterpriseNumber } from "./identifiers.ts";
import type { PlannedDocument, PlannedLine } from "./plan.ts";
import { texts } from "./texts.ts";
import type { DueLine, VatRegime } from "./types.ts";
import { documentTotal, type VatCategory, vatTotals } from "./vat.ts";

const line = z.string().min(1).max(120);
const enterprise = z.string().transform((text, context) => {
  const digits = enterpriseNumber(text);
  if (digits !== undefined) return digits;
  context.addIssue("97");
  return z.NEVER;
});

/** Who a document names; kept outside git, as printed. */
export const Party = z.strictObject({
  name: line,
  street: line,
  postcode: z.string().min(1).max(12),
  city: line,
  /** ISO 3166-1. */
  country: z.string().regex(/^[A-Z]{2}$/),
  enterpriseNumber: enterprise.optional(),
  /** VAT-liable: the number stands with `BE` in front. */
  liable: z.boolean().optional(),
  email: z.email().optional(),
});
export type Party = z.output<typeof Party>;

/** The association as its documents name it. */
export const Issuer = Party.extend({
  /** ASBL */
  legalForm: line,
  /** Court whose register of legal persons holds it. */
  court: line,
  iban: z.string(),
  bic: z.string().optional(),
  /** Sentences that a document must carry, by VAT regime; left out: none. The law's words are settings, not code. */
  mentions: z.strictObject({
    franchise: line.optional(),
    subject: line.optional(),
    notSubject: line.optional(),
    creditSubject: line.optional(),
  }),
  paymentDays: z.int().min(0).max(90),
});
export type Issuer = z.output<typeof Issuer>;

/** A document as it was or will be printed; every rendering is made from this alone. Amounts in cents, negative on credits of the register but positive here. */
export interface BillDocument {
  number: string;
  series: PlannedDocument["series"];
  date: string;
  /** Last day to pay; left out on credit notes. */
  payBy?: string;
  /** Structured communication, 12 digits; left out on credit notes. */
  communication?: string;
  refersTo?: { number: string; date: string };
  member: string;
  issuer: Issuer;
  party: Party;
  lines: DocumentLine[];
  totals: { category: VatCategory; rate: number; net: number; vat: number }[];
  net: number;
  vat: number;
  gross: number;
  mentions: string[];
}

export interface DocumentLine {
  key: string;
  label: string;
  period?: { from: string; to: string };
  quantityText: string;
  /** Of a whole line; left out where only a part of it is corrected or completed. */
  quantity?: DueLine["quantity"];
  unitCents?: number;
  base?: number;
  regime: VatRegime;
  cents: number;
  rules: string[];
}

/** The document of a plan with its number and date. */
export function makeDocument(
  planned: PlannedDocument,
  head: { number: string; date: string; issuer: Issuer; party: Party; refersTo?: { number: string; date: string } },
): BillDocument {
  const { number, date, issuer, party, refersTo } = head;
  const credit = planned.series === "NC";
  const lines = planned.lines.map((one) => documentLine(one, credit));
  const taxed = lines.map(({ cents, regime }) => ({ cents: BigInt(cents), vat: regime }));
  const { net, vat, gross } = documentTotal(taxed);
  const paid = communication(number);
  const regimes = new Set(lines.map(({ regime }) => regime));
  const mentions = [...regimes].map((regime) => issuer.mentions[regime]);
  if (credit && regimes.has("subject")) mentions.push(issuer.mentions.creditSubject);
  return {
    number,
    series: planned.series,
    date,
    ...(credit ? {} : { payBy: dateOf(dayOf(date) + issuer.paymentDays) }),
    ...(paid === undefined ? {} : { communication: paid }),
    ...(refersTo === undefined ? {} : { refersTo }),
    member: planned.member,
    // A VAT number stands wherever VAT is spoken of, and nowhere else (BR-E-02, BR-O-02).
    issuer: { ...issuer, liable: !regimes.has("notSubject") },
    party,
    lines,
    totals: vatTotals(taxed).map((one) => ({ ...one, net: plainCents(one.net), vat: plainCents(one.vat) })),
    net: plainCents(net),
    vat: plainCents(vat),
    gross: plainCents(gross),
    mentions: mentions.filter((one) => one !== undefined),
  };
}

function documentLine({ key, cents, vat, due, issuedBefore }: PlannedLine, credit: boolean): DocumentLine {
  const amount = plainCents(credit ? -cents : cents);
  const whole = due !== undefined && due.cents === cents && issuedBefore === 0n;
  const head = {
    key,
    label: due === undefined ? texts.withdrawn(key) : texts.label(due),
    ...(due === undefined ? {} : { period: due.period }),
    regime: vat,
    cents: amount,
    rules: due?.rules ?? ["B57"],
  };
  if (due !== undefined && whole) {
    return {
      ...head,
      quantityText: texts.quantity(due),
      quantity: due.quantity,
      unitCents: plainCents(due.unitCents),
      base: due.base,
    };
  }
  return { ...head, quantityText: texts.difference(due?.cents ?? 0n, issuedBefore) };
}
