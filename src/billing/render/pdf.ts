import { frenchEuros } from "../../money.ts";
import type { BillDocument } from "../document.ts";
import { texts } from "../texts.ts";
import { epcModules } from "./epc.ts";
import { type Column, GREY, LEFT, RIGHT, Sheets } from "./paper.ts";
import { factsOf, legalLine, partyLines, payment, sumRows, titleOf } from "./parts.ts";

const words = texts.document;
/** Where the addressee stands: in the window of an envelope. */
const WINDOW = 330;
const COLUMNS: readonly Column[] = [
  { at: LEFT, width: 235 },
  { at: LEFT + 245, width: 100 },
  { at: LEFT + 350, width: 62, right: true },
  { at: RIGHT - 70, width: 70, right: true },
];
const SUMS: readonly [Column, Column] = [
  { at: LEFT + 100, width: 280, right: true },
  { at: RIGHT - 100, width: 100, right: true },
];

/**
 * A document on paper (PDF/A-3a). Its dates are the document's own, so the same document always gives the same bytes.
 * @param xml the same document as UBL, put inside as its alternative
 */
export async function documentPdf(document: BillDocument, xml?: { name: string; text: string }): Promise<Uint8Array> {
  const { number, date, issuer, party, mentions } = document;
  const title = titleOf(document);
  const sheets = new Sheets({ title, author: issuer.name, date: new Date(`${date}T00:00:00Z`) });
  if (xml !== undefined) sheets.attach(xml.name, xml.text, words.xml);
  sheets.write(title, { tag: "H1", weight: "bold", size: 19 });
  sheets.y += 4;
  sheets.write(factsOf(document).join("\n"), { colour: GREY });
  sheets.y += 26;
  const top = sheets.y;
  address(sheets, words.from, partyLines(issuer), LEFT);
  const below = sheets.y;
  sheets.y = top;
  address(sheets, words.to, partyLines(party), WINDOW);
  sheets.y = Math.max(below, sheets.y) + 28;
  const rows = document.lines.map(({ label, period, quantityText, unitCents, cents }) => [
    { text: label, note: period === undefined ? undefined : texts.period(period) },
    { text: quantityText },
    { text: unitCents === undefined ? "" : frenchEuros(BigInt(unitCents)) },
    { text: frenchEuros(BigInt(cents)) },
  ]);
  sheets.table(COLUMNS, words.columns, rows);
  sheets.sums(SUMS, sumRows(document));
  sheets.y += 20;
  for (const mention of mentions) sheets.write(mention, { size: 8.5 });
  pay(sheets, document);
  return sheets.end(legalLine(issuer), (page, pages) => words.page(number, page, pages));
}

function address(sheets: Sheets, title: string, [name = "", ...rest]: readonly string[], at: number): void {
  const place = { at, width: RIGHT - WINDOW };
  sheets.write(title, { ...place, size: 8, colour: GREY });
  sheets.y += 2;
  sheets.write(name, { ...place, weight: "bold", size: 10.5 });
  sheets.y += 1;
  sheets.write(rest.join("\n"), place);
}

function pay(sheets: Sheets, document: BillDocument): void {
  const due = payment(document);
  if (due === undefined) return;
  const size = 120;
  sheets.y += 24;
  sheets.need(size + 30);
  sheets.write(words.payment, { tag: "H2", weight: "bold", size: 12 });
  sheets.y += 8;
  const top = sheets.y;
  const [names, values] = [
    { at: LEFT, width: 130, colour: GREY },
    { at: LEFT + 140, width: 220, weight: "bold" },
  ] as const;
  for (const [name, value] of due.rows) {
    const from = sheets.y;
    sheets.write(name, names);
    sheets.y = from;
    sheets.write(value, values);
    sheets.y += 4;
  }
  const below = sheets.y;
  sheets.y = top - 8;
  sheets.squares(epcModules(due.transfer), RIGHT - size, size, words.qr);
  sheets.y = Math.max(below, top + size);
}
