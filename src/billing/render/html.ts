import { frenchEuros, frenchNumber } from "../../money.ts";
import { frenchDate } from "../../period.ts";
import type { BillDocument, Issuer, Party } from "../document.ts";
import { printedCommunication } from "../identifiers.ts";
import { texts } from "../texts.ts";
import { epcSvg } from "./epc.ts";

const words = texts.document;

/** Text for HTML. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** What makes a page readable on a phone, a desk and paper; no script, nothing from elsewhere. */
export const STYLE = `:root{color-scheme:light}*{box-sizing:border-box}
body{font:16px/1.5 system-ui,"DejaVu Sans",sans-serif;color:#1a1a1a;background:#fff;max-width:60rem;margin:0 auto;padding:1rem}
h1{font-size:1.5rem;line-height:1.2}h2{font-size:1.15rem;margin-top:2rem}
.parties{display:flex;flex-wrap:wrap;gap:1rem 3rem}.parties>*{flex:1 1 16rem}
address{font-style:normal}.table{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.95rem}caption{text-align:left;font-weight:600;padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.35rem .5rem;border-bottom:1px solid #767676}
.amount{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
tfoot th,tfoot td{font-weight:600}svg{display:block}.pay{display:flex;flex-wrap:wrap;gap:1rem;align-items:flex-start}.pay svg{width:11rem;height:11rem}
@media print{body{max-width:none;padding:0;font-size:11pt}tr,.pay{break-inside:avoid}}`;

/** An invoice, credit note or call as a page of its own. */
export function documentHtml(document: BillDocument): string {
  const { number, series, date, issuer, party, lines, refersTo, mentions } = document;
  const title = `${texts.series[series]} ${number}`;
  const rows = lines.map(
    ({ label, period, quantityText, unitCents, cents }) =>
      `<tr><td>${escapeHtml(label)}</td><td>${period === undefined ? "" : texts.period(period)}</td><td>${escapeHtml(quantityText)}</td><td class="amount">${unitCents === undefined ? "" : frenchEuros(BigInt(unitCents))}</td><td class="amount">${frenchEuros(BigInt(cents))}</td></tr>`,
  );
  return `<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main>
<h1>${escapeHtml(title)}</h1>
<p>${words.date} ${frenchDate(date)}${refersTo === undefined ? "" : `<br>${words.refersTo(refersTo.number, frenchDate(refersTo.date))}`}</p>
<div class="parties"><address>${partyHtml(issuer)}<br>${escapeHtml(legalLine(issuer))}</address><address>${partyHtml(party)}</address></div>
<h2>${words.lines}</h2>
<div class="table" tabindex="0" role="region" aria-label="${words.lines}"><table><thead><tr>${texts.page.columns.map((name, column) => `<th scope="col"${column > 2 ? ' class="amount"' : ""}>${name}</th>`).join("")}</tr></thead>
<tbody>${rows.join("\n")}</tbody><tfoot>${totalsHtml(document)}</tfoot></table></div>
${mentions.map((mention) => `<p>${escapeHtml(mention)}</p>`).join("\n")}
${paymentHtml(document)}</main></body></html>
`;
}

function totalsHtml({ series, totals, net, gross }: BillDocument): string {
  const row = (name: string, cents: number): string =>
    `<tr><th scope="row" colspan="4">${name}</th><td class="amount">${frenchEuros(BigInt(cents))}</td></tr>`;
  const taxed = totals.filter(({ rate }) => rate > 0);
  return [
    ...(taxed.length === 0 ? [] : [row(texts.page.net, net)]),
    ...taxed.map(({ rate, vat }) => row(words.vat(frenchNumber(String(rate))), vat)),
    row(series === "NC" ? words.credited : words.toPay, gross),
  ].join("");
}

function paymentHtml({ communication, payBy, issuer, gross }: BillDocument): string {
  if (communication === undefined || payBy === undefined || gross <= 0) return "";
  const svg = epcSvg({
    name: issuer.name,
    iban: issuer.iban,
    bic: issuer.bic,
    cents: BigInt(gross),
    structured: communication,
  });
  return `<h2>${words.payment}</h2><div class="pay"><p>${words.payBy(frenchDate(payBy))}<br>IBAN ${escapeHtml(issuer.iban)}<br>${words.communication} ${printedCommunication(communication)}</p>
<figure role="img" aria-label="${words.qr}">${svg}</figure></div>`;
}

function partyHtml(party: Party): string {
  return partyLines(party).map(escapeHtml).join("<br>");
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
      : [`${liable === true ? `${words.vatNumber} BE ` : `${words.enterpriseNumber} `}${number}`]),
    ...(email === undefined ? [] : [email]),
  ];
}

/** What the law on associations wants named. */
export function legalLine({ legalForm, court, iban }: Issuer): string {
  return `${legalForm} — RPM ${court} — IBAN ${iban}`;
}
