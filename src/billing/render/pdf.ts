import Paper from "pdfkit";
import { frenchEuros, frenchNumber } from "../../money.ts";
import { frenchDate } from "../../period.ts";
import type { BillDocument } from "../document.ts";
import { printedCommunication } from "../identifiers.ts";
import { texts } from "../texts.ts";
import { epcModules } from "./epc.ts";
import { legalLine, partyLines } from "./html.ts";

const words = texts.document;
/** A4 in points, with its margins. */
const LEFT = 50;
const RIGHT = 545;
const COLUMNS = [
  { at: LEFT, width: 165, right: false },
  { at: 220, width: 85, right: false },
  { at: 310, width: 95, right: false },
  { at: 405, width: 65, right: true },
  { at: 475, width: 70, right: true },
];

/** A document on paper. Its dates are the document's own, so the same document always gives the same bytes. */
export async function documentPdf(document: BillDocument): Promise<Uint8Array> {
  const { number, series, date, issuer, party, refersTo, mentions } = document;
  const title = `${texts.series[series]} ${number}`;
  const created = new Date(`${date}T00:00:00Z`);
  const pdf = new Paper({
    size: "A4",
    margin: LEFT,
    lang: "fr",
    info: { Title: title, Author: issuer.name, CreationDate: created, ModDate: created },
  });
  const chunks: Buffer[] = [];
  const done = new Promise<void>((resolve, reject) => {
    pdf.on("data", (chunk: Buffer) => chunks.push(chunk));
    pdf.on("end", resolve);
    pdf.on("error", reject);
  });
  pdf.font("Helvetica-Bold").fontSize(18).text(plain(title));
  pdf
    .font("Helvetica")
    .fontSize(10)
    .moveDown(0.5)
    .text(plain(`${words.date} ${frenchDate(date)}`));
  if (refersTo !== undefined) pdf.text(plain(words.refersTo(refersTo.number, frenchDate(refersTo.date))));
  const top = pdf.y + 12;
  pdf.text(plain([...partyLines(issuer), legalLine(issuer)].join("\n")), LEFT, top, { width: 240 });
  const below = pdf.y;
  pdf.text(plain(partyLines(party).join("\n")), 310, top, { width: 235 });
  pdf.y = Math.max(below, pdf.y) + 18;
  tableOf(pdf, document);
  pdf.moveDown();
  for (const mention of mentions) pdf.text(plain(mention), LEFT, pdf.y, { width: RIGHT - LEFT });
  payment(pdf, document);
  pdf.end();
  await done;
  return Buffer.concat(chunks);
}

function tableOf(pdf: PDFKit.PDFDocument, { lines, totals, net, gross, series }: BillDocument): void {
  row(pdf, texts.page.columns, true);
  for (const { label, period, quantityText, unitCents, cents } of lines) {
    const price = unitCents === undefined ? "" : frenchEuros(BigInt(unitCents));
    row(
      pdf,
      [label, period === undefined ? "" : texts.period(period), quantityText, price, frenchEuros(BigInt(cents))],
      false,
    );
  }
  const taxed = totals.filter(({ rate }) => rate > 0);
  if (taxed.length > 0) row(pdf, [texts.page.net, "", "", "", frenchEuros(BigInt(net))], false);
  for (const { rate, vat } of taxed)
    row(pdf, [words.vat(frenchNumber(String(rate))), "", "", "", frenchEuros(BigInt(vat))], false);
  row(pdf, [series === "NC" ? words.credited : words.toPay, "", "", "", frenchEuros(BigInt(gross))], true);
}

function row(pdf: PDFKit.PDFDocument, cells: readonly string[], bold: boolean): void {
  pdf.font(bold ? "Helvetica-Bold" : "Helvetica").fontSize(9);
  const heights = cells.map((cell, column) => pdf.heightOfString(plain(cell), { width: COLUMNS[column]?.width ?? 0 }));
  const height = Math.max(...heights);
  if (pdf.y + height > 770) pdf.addPage();
  const top = pdf.y;
  cells.forEach((cell, column) => {
    const { at, width, right } = COLUMNS[column] ?? { at: LEFT, width: 0, right: false };
    if (cell !== "") pdf.text(plain(cell), at, top, { width, align: right ? "right" : "left" });
  });
  const bottom = top + height + 3;
  pdf.moveTo(LEFT, bottom).lineTo(RIGHT, bottom).lineWidth(0.5).strokeColor("#767676").stroke();
  pdf.x = LEFT;
  pdf.y = bottom + 4;
}

function payment(pdf: PDFKit.PDFDocument, { communication, payBy, issuer, gross }: BillDocument): void {
  if (communication === undefined || payBy === undefined || gross <= 0) return;
  const size = 110;
  if (pdf.y + size + 20 > 790) pdf.addPage();
  const top = pdf.y + 16;
  const lines = [
    words.payBy(frenchDate(payBy)),
    `IBAN ${issuer.iban}`,
    `${words.communication} ${printedCommunication(communication)}`,
  ];
  pdf
    .font("Helvetica")
    .fontSize(10)
    .text(plain(lines.join("\n")), LEFT, top, { width: 330 });
  const modules = epcModules({
    name: issuer.name,
    iban: issuer.iban,
    bic: issuer.bic,
    cents: BigInt(gross),
    structured: communication,
  });
  const side = size / modules.length;
  pdf.fillColor("#000000");
  modules.forEach((line, y) => {
    line.forEach((dark, x) => {
      if (dark) pdf.rect(RIGHT - size + x * side, top + y * side, side + 0.02, side + 0.02);
    });
  });
  pdf.fill();
}

/** The built-in fonts know no narrow no-break space, minus sign or dash beyond Latin 1 and a few more. */
function plain(text: string): string {
  return text.replaceAll("\u202f", "\u00a0").replaceAll("\u2212", "-");
}
