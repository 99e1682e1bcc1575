import { frenchEuros } from "../../money.ts";
import type { BillDocument, Party } from "../document.ts";
import { texts } from "../texts.ts";
import { epcSvg } from "./epc.ts";
import { escapeHtml, htmlPage, htmlTable, LINE_HEADS, noteHtml } from "./page.ts";
import { factsOf, legalLine, partyLines, payment, sumRows, titleOf } from "./parts.ts";

const words = texts.document;

/** An invoice, credit note or call as a page of its own. */
export function documentHtml(document: BillDocument): string {
  const { issuer, party, mentions } = document;
  const title = titleOf(document);
  return htmlPage(
    title,
    `<main>
<header><h1>${escapeHtml(title)}</h1>
<p class="soft">${factsOf(document).map(escapeHtml).join("<br>")}</p></header>
<div class="parties">${partyHtml(words.from, issuer)}${partyHtml(words.to, party)}</div>
${linesHtml(document)}
${mentions.map((mention) => `<p>${escapeHtml(mention)}</p>`).join("\n")}
${paymentHtml(document)}
</main>
<footer class="legal">${escapeHtml(legalLine(issuer))}</footer>`,
  );
}

function linesHtml(document: BillDocument): string {
  const rows = document.lines.map(({ label, period, quantityText, unitCents, cents }) => [
    `${escapeHtml(label)}${period === undefined ? "" : noteHtml(texts.period(period))}`,
    `${escapeHtml(quantityText)}${unitCents === undefined ? "" : noteHtml(texts.page.each(frenchEuros(BigInt(unitCents))))}`,
    frenchEuros(BigInt(cents)),
  ]);
  return htmlTable({ caption: words.lines, heads: LINE_HEADS, rows, foot: sumRows(document) });
}

function paymentHtml(document: BillDocument): string {
  const due = payment(document);
  if (due === undefined) return "";
  const rows = due.rows.map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`);
  return `<section><h2>${words.payment}</h2>
<div class="pay"><dl>${rows.join("")}</dl><div role="img" aria-label="${words.qr}">${epcSvg(due.transfer)}</div></div></section>`;
}

function partyHtml(title: string, party: Party): string {
  const [name = "", ...rest] = partyLines(party).map(escapeHtml);
  return `<address>${noteHtml(title)}<strong>${name}</strong><br>${rest.join("<br>")}</address>`;
}
