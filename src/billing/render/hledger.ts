import { decimal, share } from "../../money.ts";
import { texts } from "../texts.ts";
import type { DueLine, LedgerStatement } from "../types.ts";
import { vatCategory } from "../vat.ts";

interface Entry {
  date: string;
  text: string[];
}

/**
 * The bill as an hledger journal: what each member owes in EUR, and the accounts of prepaid blocks in `GB·month`.
 * After each entry the member's balance is asserted, so a wrong amount anywhere is refused by `hledger check`.
 */
export function journal(lines: readonly DueLine[], ledgers: readonly LedgerStatement[]): string {
  const entries: Entry[] = [];
  const owed = new Map<string, bigint>();
  for (const line of lines.toSorted((a, b) => order(a.date, b.date) || order(a.key, b.key))) {
    if (line.cents === 0n) continue;
    const vat = share(line.cents, vatCategory(line.vat).rate, 100);
    const gross = line.cents + vat;
    const balance = (owed.get(line.member) ?? 0n) + gross;
    owed.set(line.member, balance);
    entries.push({
      date: line.date,
      text: [
        `${line.date} ${title(line)}`,
        `    ; ${line.key}`,
        `    membres:${line.member}    EUR ${decimal(gross)} = EUR ${decimal(balance)}`,
        ...(vat === 0n ? [] : [`    tva:due    EUR ${decimal(-vat)}`]),
        `    produits:${line.offer}    EUR ${decimal(-line.cents)}`,
      ],
    });
  }
  for (const { member, kind, entries: account } of ledgers) {
    for (const { date, what, reference, amount, balance } of account) {
      entries.push({
        date,
        text: [
          `${date} ${texts.page.ledger[what]} ${reference} (${texts.ledgers[kind]})`,
          `    capacité:${member}:${kind}    ${quantity(amount)} = ${quantity(balance)}`,
          `    capacité:${what}:${kind}    ${quantity(-amount)}`,
        ],
      });
    }
  }
  const head = ["commodity EUR 1000.00", 'commodity "GB·month" 1000.000'];
  const body = entries.toSorted((a, b) => order(a.date, b.date)).map((entry) => entry.text.join("\n"));
  return `${[head.join("\n"), ...body].join("\n\n")}\n`;
}

function quantity(thousandths: number): string {
  const digits = String(Math.abs(thousandths)).padStart(4, "0");
  return `"GB·month" ${thousandths < 0 ? "-" : ""}${digits.slice(0, -3)}.${digits.slice(-3)}`;
}

/** A description without what hledger reads as a comment or a code. */
function title(line: DueLine): string {
  return texts.label(line).replaceAll(/[;|()\n]/g, " ");
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
