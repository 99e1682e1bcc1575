import { frenchEuros, frenchNumber } from "../../money.ts";
import { frenchDate } from "../../period.ts";
import type { BillDocument, Issuer, Party } from "../document.ts";
import { printedCommunication } from "../identifiers.ts";
import { texts } from "../texts.ts";
import type { CreditTransfer } from "./epc.ts";

/** What every form of a document says, page and paper alike. */
const words = texts.document;

/** `Facture F2026-00001` */
export function titleOf({ series, number }: BillDocument): string {
  return `${texts.series[series]} ${number}`;
}

/** Date, last day to pay, corrected document. */
export function factsOf({ date, payBy, refersTo }: BillDocument): string[] {
  return [
    words.dated(frenchDate(date)),
    ...(payBy === undefined ? [] : [words.payBy(frenchDate(payBy))]),
    ...(refersTo === undefined ? [] : [words.refersTo(refersTo.number, frenchDate(refersTo.date))]),
  ];
}

/** Name and address of a party, a line each. */
export function partyLines({
  name,
  street,
  postcode,
  city,
  country,
  enterpriseNumber,
  liable,
  email,
}: Party): string[] {
  const number = enterpriseNumber?.replace(/^(\d{4})(\d{3})(\d{3})$/, "$1.$2.$3");
  return [
    name,
    street,
    `${postcode} ${city}${country === "BE" ? "" : ` (${country})`}`,
    ...(number === undefined
      ? []
      : [`${liable === true ? `${words.vatNumber} BE\u00a0` : `${words.enterpriseNumber} `}${number}`]),
    ...(email === undefined ? [] : [email]),
  ];
}

/** What the law on associations wants named at the foot. */
export function legalLine({ name, legalForm, court, iban }: Issuer): string {
  const full = name.includes(legalForm) ? name : `${name} ${legalForm}`;
  return `${full} — RPM ${court} — IBAN ${iban}`;
}

/** The sums under the lines: net and VAT where there is VAT, and what is to be paid or credited. */
export function sumRows({ series, totals, net, gross }: BillDocument): [name: string, amount: string][] {
  const taxed = totals.filter(({ rate }) => rate > 0);
  const euros = (cents: number): string => frenchEuros(BigInt(cents));
  return [
    ...(taxed.length === 0 ? [] : [[texts.page.net, euros(net)] as [string, string]]),
    ...taxed.map(({ rate, vat }): [string, string] => [words.vat(frenchNumber(String(rate))), euros(vat)]),
    [series === "NC" ? words.credited : words.toPay, euros(gross)],
  ];
}

/** How to pay, in words and as a code; undefined when there is nothing to pay. */
export function payment({
  communication,
  payBy,
  issuer: { name, iban, bic },
  gross,
}: BillDocument): { rows: [name: string, value: string][]; transfer: CreditTransfer } | undefined {
  if (communication === undefined || payBy === undefined || gross <= 0) return undefined;
  return {
    rows: [
      [words.amount, frenchEuros(BigInt(gross))],
      [words.beneficiary, name],
      ["IBAN", iban],
      ...(bic === undefined ? [] : [["BIC", bic] as [string, string]]),
      [words.communication, printedCommunication(communication)],
      [words.deadline, frenchDate(payBy)],
    ],
    transfer: { name, iban, bic, cents: BigInt(gross), structured: communication },
  };
}
