import { frenchEuros, plainCents, total } from "../money.ts";
import { condensed } from "./notes.ts";
import { ledgerText } from "./render/ledger.ts";
import { texts } from "./texts.ts";
import type { Assessment, DueLine, LedgerStatement } from "./types.ts";
import { documentTotal } from "./vat.ts";

const words = texts.page;

/** The bill as a text for a terminal: per member its lines and total, then the sum of all. */
export function printBill({ lines, notes, ledgers }: Assessment, title: string): string {
  const members = Map.groupBy(lines, ({ member }) => member);
  const out = [title, ""];
  if (members.size === 0) out.push(words.nothing, "");
  for (const [member, own] of members) {
    out.push(member, ...table(own.toSorted(byDate).map(cells)), ...totals(own), "");
  }
  for (const ledger of ledgers) out.push(...ledgerText(ledger), "");
  if (notes.length > 0)
    out.push(words.notes, ...condensed(notes).map(({ member, message }) => `  ${member} : ${message}`), "");
  if (members.size > 0) {
    const net = total(lines.map(({ cents }) => cents));
    const gross = total([...members.values()].map((own) => documentTotal(own).gross));
    out.push(
      `${words.all(members.size)} : ${frenchEuros(gross)}${gross === net ? "" : ` (${words.net} : ${frenchEuros(net)})`}`,
    );
  }
  return `${out.join("\n").trimEnd()}\n`;
}

/** The same bill as plain data: cents as numbers, `null` nowhere. */
export function billJson(
  { lines, problems, notes, ledgers }: Assessment,
  head: { from: string; to: string },
): Record<string, unknown> {
  const members = Map.groupBy(lines, ({ member }) => member);
  return {
    ...head,
    members: [...members].map(([member, own]) => ({ member, ...plainTotal(own), lines: own.map(plainLine) })),
    ...plainTotal(lines),
    ledgers: ledgers.map(plainLedger),
    notes,
    problems,
  };
}

/** A ledger with its amounts as numbers. */
export function plainLedger(ledger: LedgerStatement): Record<string, unknown> {
  return { ...ledger, blocks: ledger.blocks.map((block) => ({ ...block, cents: plainCents(block.cents) })) };
}

/** A line with its amounts as numbers. */
export function plainLine(line: DueLine): Record<string, unknown> {
  return { ...line, label: texts.label(line), unitCents: plainCents(line.unitCents), cents: plainCents(line.cents) };
}

function plainTotal(lines: readonly DueLine[]): { netCents: number; vatCents: number; cents: number } {
  // VAT is per member: each has documents of its own.
  const each = [...Map.groupBy(lines, ({ member }) => member).values()].map(documentTotal);
  const sum = (pick: (one: ReturnType<typeof documentTotal>) => bigint): number => plainCents(total(each.map(pick)));
  return { netCents: sum((one) => one.net), vatCents: sum((one) => one.vat), cents: sum((one) => one.gross) };
}

function byDate(a: DueLine, b: DueLine): number {
  if (a.date !== b.date) return a.date < b.date ? -1 : 1;
  return a.key < b.key ? -1 : 1;
}

function cells(line: DueLine): string[] {
  return [
    texts.label(line),
    texts.period(line.period),
    texts.quantity(line),
    frenchEuros(line.unitCents),
    frenchEuros(line.cents),
  ];
}

function totals(lines: readonly DueLine[]): string[] {
  const { net, vat, gross } = documentTotal(lines);
  return vat === 0n
    ? [`  ${words.total} : ${frenchEuros(gross)}`]
    : [
        `  ${words.net} : ${frenchEuros(net)} · ${words.vat} : ${frenchEuros(vat)} · ${words.total} : ${frenchEuros(gross)}`,
      ];
}

/** Rows under the column heads, amounts flush right. */
function table(rows: readonly string[][]): string[] {
  const all = [words.columns, ...rows];
  const widths = words.columns.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const write = (row: readonly string[]): string =>
    `  ${row
      .map((cell, column) => (column < 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ")}`;
  return [write(words.columns), `  ${widths.map((width) => "─".repeat(width)).join("  ")}`, ...rows.map(write)];
}
