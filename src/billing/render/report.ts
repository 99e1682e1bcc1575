import { frenchEuros, total } from "../../money.ts";
import { frenchDate, nextMonth } from "../../period.ts";
import { condensed } from "../notes.ts";
import { isBilledPeriod } from "../outstanding.ts";
import { texts } from "../texts.ts";
import type { Assessment, BillNote, DueLine } from "../types.ts";
import { documentTotal } from "../vat.ts";
import { type Bar, lyingBars, standingBars } from "./chart.ts";
import { ledgerHtml, ledgerSums, notesHtml } from "./ledger.ts";
import {
  amountHeads,
  boxHtml,
  escapeHtml,
  factsHtml,
  htmlPage,
  htmlTable,
  LINE_HEADS,
  noteHtml,
  typographic,
} from "./page.ts";

const words = texts.report;

/** What the report is made from; the same input always gives the same bytes. */
export interface Report {
  title: string;
  /** First and last day, `yyyy-mm-dd`. */
  from: string;
  to: string;
  /** Day of the report: later months can't be measured yet. Undefined: all months of the report should be. */
  today?: string | undefined;
  bill: Assessment;
  /** What else keeps members from being billed, complete sentences. */
  problems: readonly string[];
  /** Months that have a usage file, `yyyy-mm`. */
  measured: readonly string[];
  /** Cents issued of each key, and the day up to which documents were issued; undefined when nothing was. */
  issued?: { cents: ReadonlyMap<string, bigint>; until: string | undefined } | undefined;
}

/** The treasurer's page: totals, charts with their tables, members with their lines, reserves, what is missing. */
export function reportHtml(report: Report): string {
  const { title, bill, problems } = report;
  const { lines } = bill;
  const members = [...Map.groupBy(lines, ({ member }) => member)];
  const retroactive = lines.filter((line) => isRetroactive(line, report));
  const notes = [
    ...retroactive.map((line) => ({ member: line.member, message: words.retroactive(texts.label(line)) })),
    ...condensed(bill.notes.filter((note) => isNews(note, report))),
  ];
  return htmlPage(
    title,
    `<main><header><h1>${escapeHtml(title)}</h1>${report.today === undefined ? "" : `<p class="soft">${words.made(frenchDate(report.today))}</p>`}</header>
${headline(report, members.length)}
${boxHtml(
  typographic(texts.page.problems),
  problems.map((one) => escapeHtml(typographic(one))),
  true,
)}
${notesHtml(notes)}
${measuresHtml(report)}
${lines.length === 0 ? `<p>${typographic(texts.page.nothing)}</p>` : `${byOffer(lines)}\n${byMonth(report)}\n${byMember(members, report)}`}
${reserves(bill, members.length)}
</main>`,
  );
}

/** Whether a line falls in days that were billed already, with another amount (B11). */
function isRetroactive({ key, date, cents }: DueLine, { issued }: Report): boolean {
  return isBilledPeriod(date, issued?.until) && issued?.cents.get(key) !== cents && cents !== 0n;
}

/** A month to come isn't missing yet; one without any file is said once for all. */
function isNews({ unmeasured }: BillNote, { measured }: Report): boolean {
  return unmeasured === undefined || measured.includes(unmeasured.month);
}

function headline({ bill: { lines }, issued }: Report, members: number): string {
  const { net, vat, gross } = sums(lines);
  const fees = total(lines.filter(({ offer }) => offer === "membership").map(({ cents }) => cents));
  const facts: [string, string][] = [[texts.page.total, frenchEuros(gross)]];
  if (vat !== 0n) facts.push([texts.page.net, frenchEuros(net)], [texts.page.vat, frenchEuros(vat)]);
  facts.push([words.fees, frenchEuros(fees)]);
  if (issued !== undefined) {
    const done = total(lines.map(({ key }) => issued.cents.get(key) ?? 0n));
    const named = vat === 0n ? (name: string): string => name : words.net;
    facts.push([named(words.issued), frenchEuros(done)], [named(words.open), frenchEuros(net - done)]);
  }
  facts.push([words.members, String(members)]);
  return factsHtml(facts);
}

/** Months that have passed and have no usage file: nothing is drawn for them, and nothing guessed. */
function measuresHtml({ from, to, today = "9999", measured }: Report): string {
  const missing = monthsOf(from, to).filter((month) => month < today.slice(0, 7) && !measured.includes(month));
  return boxHtml(words.measures, missing.length === 0 ? [] : [escapeHtml(words.unmeasured(texts.monthList(missing)))]);
}

function byOffer(lines: readonly DueLine[]): string {
  const groups = [...Map.groupBy(lines, ({ offer }) => offer)]
    .map(([offer, own]) => ({
      name: texts.offers[offer],
      cents: total(own.map(({ cents }) => cents)),
      count: own.length,
    }))
    .sort((a, b) => (a.cents === b.cents ? (a.name < b.name ? -1 : 1) : a.cents > b.cents ? -1 : 1));
  const [first] = groups;
  const drawn = groups.filter(({ cents }) => cents !== 0n);
  const description = first === undefined ? "" : words.largest(first.name, frenchEuros(first.cents));
  const table = htmlTable({
    caption: words.netAmounts,
    heads: amountHeads(words.offer, [words.lines, words.amount]),
    rows: groups.map(({ name, count, cents }) => [escapeHtml(name), String(count), frenchEuros(cents)]),
    foot: [[texts.page.total, frenchEuros(total(groups.map(({ cents }) => cents)))]],
    rowHeads: true,
  });
  return `<section><h2>${words.byOffer}</h2><div class="pair">${lyingBars("offers", words.byOffer, description, drawn)}${table}</div></section>`;
}

function byMonth({ bill: { lines }, from, to }: Report): string {
  const months = Map.groupBy(lines, ({ date }) => date.slice(0, 7));
  const bars: Bar[] = monthsOf(from, to).map((month) => ({
    name: month,
    cents: total((months.get(month) ?? []).map(({ cents }) => cents)),
  }));
  const highest = bars.reduce((a, b) => (b.cents > a.cents ? b : a));
  let sum = 0n;
  const rows = bars.map(({ name, cents }) => {
    sum += cents;
    return [texts.month(name), frenchEuros(cents), frenchEuros(sum)];
  });
  const table = htmlTable({
    caption: words.dueDates,
    heads: amountHeads(words.month, [words.amount, words.sum]),
    rows,
    rowHeads: true,
  });
  const initials = bars.map(({ name }) => texts.month(name).slice(0, 1).toUpperCase());
  const description = words.largest(texts.month(highest.name), frenchEuros(highest.cents));
  return `<section><h2>${words.byMonth}</h2><div class="pair">${standingBars("months", words.byMonth, description, bars, initials)}${table}</div></section>`;
}

function byMember(members: readonly [string, DueLine[]][], report: Report): string {
  const rows = members.map(([member, lines]) => {
    const { vat, gross } = sums(lines);
    const name = `<a href="#${escapeHtml(member)}">${escapeHtml(member)}</a>`;
    const tax = vat === 0n ? "" : noteHtml(words.withVat(frenchEuros(vat)));
    return [name, String(lines.length), `${frenchEuros(gross)}${tax}`];
  });
  const heads = amountHeads(words.member, [words.lines, texts.page.total]);
  const all = frenchEuros(total(members.map(([, lines]) => sums(lines).gross)));
  const table = htmlTable({ caption: words.eachMember, heads, rows, foot: [[texts.page.total, all]], rowHeads: true });
  const details = members.map(([member, lines]) => memberHtml(member, lines, report));
  return `<section><h2>${words.byMember}</h2>${members.length === 1 ? "" : table}${details.join("\n")}</section>`;
}

function memberHtml(member: string, lines: readonly DueLine[], report: Report): string {
  const rows = lines
    .toSorted((a, b) => (a.date === b.date ? (a.key < b.key ? -1 : 1) : a.date < b.date ? -1 : 1))
    .map((line) => [
      `${escapeHtml(texts.label(line))}${markHtml(line, report)}${noteHtml(texts.period(line.period))}`,
      `${escapeHtml(texts.quantity(line))}${noteHtml(texts.page.each(frenchEuros(line.unitCents)))}`,
      frenchEuros(line.cents),
    ]);
  const { net, vat, gross } = sums(lines);
  const foot: [string, string][] = [[texts.page.total, frenchEuros(gross)]];
  if (vat !== 0n) foot.unshift([texts.page.net, frenchEuros(net)], [texts.page.vat, frenchEuros(vat)]);
  return `<h3 id="${escapeHtml(member)}">${escapeHtml(member)}</h3>${htmlTable({ caption: words.linesOf(member), heads: LINE_HEADS, rows, foot })}`;
}

function markHtml(line: DueLine, report: Report): string {
  if (!isRetroactive(line, report)) return "";
  const before = report.issued?.cents.get(line.key) ?? 0n;
  return ` <span class="mark">${words.mark}</span>${noteHtml(texts.difference(line.cents, before))}`;
}

/** Balances of all; for one member alone, the whole statement. */
function reserves({ ledgers }: Assessment, members: number): string {
  if (ledgers.length === 0) return "";
  const rows = ledgers.map((ledger) => {
    const { bought, consumed, recovered } = ledgerSums(ledger);
    const mark = ledger.provisional ? ` <span class="mark">${words.provisional}</span>` : "";
    return [
      `${escapeHtml(ledger.member)}<span class="note">${texts.ledgers[ledger.kind]}${mark}</span>`,
      ...[bought, consumed, recovered, ledger.balance].map(texts.thousandths),
    ];
  });
  const { bought, consumed, recovered, balance, unit } = texts.ledger;
  const heads = amountHeads(words.member, [bought, consumed, recovered, balance]);
  const table = htmlTable({ caption: unit, heads, rows, rowHeads: true });
  return `<section><h2>${words.reserves}</h2>${table}</section>${members > 1 ? "" : ledgers.map(ledgerHtml).join("\n")}`;
}

/** Net, VAT and gross: VAT is rounded per member, as on the documents. */
function sums(lines: readonly DueLine[]): { net: bigint; vat: bigint; gross: bigint } {
  const each = [...Map.groupBy(lines, ({ member }) => member).values()].map(documentTotal);
  return {
    net: total(each.map(({ net }) => net)),
    vat: total(each.map(({ vat }) => vat)),
    gross: total(each.map(({ gross }) => gross)),
  };
}

function monthsOf(from: string, to: string): string[] {
  const months: string[] = [];
  for (let month = from.slice(0, 7); month <= to.slice(0, 7); month = nextMonth(month)) months.push(month);
  return months;
}
