import { frenchEuros } from "../../money.ts";
import { frenchDate } from "../../period.ts";
import { condensed } from "../notes.ts";
import { texts } from "../texts.ts";
import type { BillNote, LedgerEntry, LedgerStatement } from "../types.ts";
import { amountHeads, boxHtml, escapeHtml, factsHtml, htmlPage, htmlTable, noteHtml, typographic } from "./page.ts";

const words = texts.ledger;

/** Sums of a ledger over its blocks, thousandths of GB·month. */
export function ledgerSums({ blocks }: LedgerStatement): { bought: number; consumed: number; recovered: number } {
  const sum = (pick: (block: LedgerStatement["blocks"][number]) => number): number =>
    blocks.reduce((all, block) => all + pick(block), 0);
  return {
    bought: sum(({ bought }) => bought),
    consumed: sum(({ consumed }) => consumed),
    recovered: sum(({ recovered }) => recovered),
  };
}

/** A member's accounts of prepaid blocks as a page to print: balance, blocks, movements; `notes` say what is missing. */
export function ledgerPage(
  member: string,
  until: string,
  ledgers: readonly LedgerStatement[],
  notes: readonly BillNote[],
): string {
  const title = words.title(member);
  return htmlPage(
    title,
    `<main><header><h1>${escapeHtml(title)}</h1><p class="soft">${words.until(frenchDate(until))}</p></header>
${notesHtml(condensed(notes))}
${ledgers.length === 0 ? `<p>${words.none}</p>` : ledgers.map((one) => ledgerHtml(one)).join("\n")}
</main>`,
  );
}

/** One account as a section of a page. */
export function ledgerHtml(ledger: LedgerStatement): string {
  const { kind, blocks, entries } = ledger;
  const { bought, consumed, recovered } = ledgerSums(ledger);
  const facts = [
    [ledger.provisional ? words.provisional : words.balance, ledger.balance],
    [words.bought, bought],
    [words.consumed, consumed],
    [words.recovered, recovered],
  ] as const;
  const blockRows = blocks.map((block) => [
    `${escapeHtml(block.id)}${noteHtml(words.boughtOn(frenchDate(block.on), frenchEuros(block.cents)))}`,
    texts.thousandths(block.consumed),
    texts.thousandths(block.recovered),
    texts.thousandths(block.bought - block.consumed - block.recovered),
  ]);
  const entryRows = entries.map((entry) => [
    `${escapeHtml(movement(entry))}${[frenchDate(entry.date), ...partTexts(entry)].map(noteHtml).join("")}`,
    texts.thousandths(entry.amount),
    texts.thousandths(entry.balance),
  ]);
  const blockHeads = amountHeads(words.block, [words.consumed, words.recovered, words.left]);
  const entryHeads = amountHeads(words.movement, [words.amount, words.balance]);
  return `<section><h2>${words.kinds[kind]}</h2>
${factsHtml(facts.map(([name, value]) => [name, texts.thousandths(value)]))}
<h3>${words.blocks}</h3>
${htmlTable({ caption: words.unit, heads: blockHeads, rows: blockRows, rowHeads: true })}
<h3>${words.movements}</h3>
${htmlTable({ caption: words.unit, heads: entryHeads, rows: entryRows, rowHeads: true })}</section>`;
}

/** A member's accounts of prepaid blocks as text for a terminal. */
export function statementText(
  member: string,
  until: string,
  ledgers: readonly LedgerStatement[],
  notes: readonly BillNote[],
): string {
  const accounts = ledgers.length === 0 ? [words.none, ""] : ledgers.flatMap((one) => [...ledgerText(one), ""]);
  const head = `${words.title(member)} — ${words.until(frenchDate(until))}`;
  return `${[head, "", ...accounts, ...condensed(notes).map(({ message }) => message)].join("\n").trimEnd()}\n`;
}

/** One account as lines of text, the newest movement last. */
export function ledgerText({ member, kind, entries, balance, provisional }: LedgerStatement): string[] {
  const rows = entries.map((entry) => [
    frenchDate(entry.date),
    movement(entry),
    texts.gigabyteMonths(entry.amount),
    `${texts.page.balance} ${texts.gigabyteMonths(entry.balance)}`,
    partTexts(entry).join(", "),
  ]);
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const lines = rows.map(([date = "", what = "", amount = "", after = "", parts = ""]) =>
    `  ${date}  ${what.padEnd(width(1))}  ${amount.padStart(width(2))}  ${after.padStart(width(3))}  ${parts}`.trimEnd(),
  );
  return [
    `${member}, ${texts.ledgers[kind]}`,
    ...lines,
    `  ${provisional ? texts.page.provisional : texts.page.balance} : ${texts.gigabyteMonths(balance)}`,
  ];
}

/** What is missing or to be known, as a box of a page; nothing without notes. */
export function notesHtml(notes: readonly { member: string; message: string }[]): string {
  const items = notes.map(
    ({ member, message }) => `<strong>${escapeHtml(member)}</strong> — ${escapeHtml(typographic(message))}`,
  );
  return boxHtml(texts.page.notes, items);
}

/** What happened: the purchase or recovery of a block, the usage of a month. */
function movement({ what, reference }: LedgerEntry): string {
  return what === "draw" ? words.draw(texts.month(reference)) : words[what](reference);
}

/** From which blocks a month was taken, and what no block held. */
function partTexts({ what, amount, parts }: LedgerEntry): string[] {
  if (what !== "draw") return [];
  const open = -amount - parts.reduce((sum, part) => sum + part.amount, 0);
  return [
    ...parts.map((part) => words.part(part.block, texts.thousandths(part.amount))),
    ...(open === 0 ? [] : [words.overdraft(texts.thousandths(open))]),
  ];
}
