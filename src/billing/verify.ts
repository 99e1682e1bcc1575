import { assess } from "./due.ts";
import type { BillingFacts } from "./facts.ts";
import type { Declared } from "./outstanding.ts";
import { canonicalHash, issuedLines, type RegisterRecord } from "./register.ts";
import { texts } from "./texts.ts";

/** What of the register's content can't be, in French; the chain itself is `readRegister`'s (B55–B57). */
export function verifyRecords(records: readonly RegisterRecord[]): string[] {
  const found: string[] = [];
  const left = new Map<string, number>();
  for (const { number, refersTo, lines } of records) {
    const credit = number.startsWith("NC");
    for (const { key, cents, against } of lines) {
      if (credit !== cents < 0 || cents === 0 || (credit && against?.document !== refersTo)) {
        found.push(texts.register.wrongLine(number, key));
      }
      const line = `${against?.document ?? number} ${against?.key ?? key}`;
      const before = left.get(line) ?? 0;
      left.set(line, before + cents);
      if (before + cents < 0) found.push(texts.register.overCredited(number, line));
    }
  }
  return found;
}

/**
 * Whether the accounts of prepaid blocks balance: bought = consumed + recovered + remaining for each block, no overdraft
 * but under `alert`, and what was paid back is what the measures of today still give (B35, B40, B42). In French.
 */
export function verifyLedgers(declared: Declared, records: readonly RegisterRecord[], until: string): string[] {
  const { facts, lists, usage, settings } = declared;
  const { ledgers, lines } = assess(facts, lists, usage, settings, until);
  const overage = new Map(facts.map(({ member, overage: of }) => [member, of]));
  const found: string[] = [];
  for (const { member, kind, blocks, entries, balance } of ledgers) {
    let remaining = 0;
    for (const { id, bought, consumed, recovered } of blocks) {
      remaining += bought - consumed - recovered;
      if (consumed < 0 || recovered < 0 || consumed + recovered > bought) {
        found.push(texts.register.unbalanced(member, kind, id));
      }
    }
    const sum = entries.reduce((all, { amount }) => all + amount, 0);
    if (sum !== balance || balance > remaining || (balance < remaining && overage.get(member) !== "alert")) {
      found.push(texts.register.unbalanced(member, kind));
    }
  }
  const due = new Map(lines.map(({ key, cents }) => [key, cents]));
  const issued = issuedLines(records).filter(({ key }) => key.endsWith("/recovered"));
  for (const [key, parts] of Map.groupBy(issued, (line) => line.key)) {
    const paid = parts.reduce((all, { cents }) => all + cents, 0n);
    if (paid !== due.get(key)) found.push(texts.register.recoveredOtherwise(key, paid, due.get(key) ?? 0n));
  }
  return found;
}

/** Members that a stack deployed otherwise than they are declared, in French, in order of id. */
export function verifyDeployed(declared: readonly BillingFacts[], deployed: readonly BillingFacts[]): string[] {
  const there = new Map(deployed.map((one) => [one.member, one]));
  const here = new Map(declared.map((one) => [one.member, one]));
  return [...new Set([...here.keys(), ...there.keys()])].sort().flatMap((member) => {
    const [one, other] = [here.get(member), there.get(member)];
    if (one === undefined) return [texts.stack.notDeclared(member)];
    if (other === undefined) return [texts.stack.notDeployed(member)];
    const fields = [...new Set([...Object.keys(one), ...Object.keys(other)])] as (keyof BillingFacts)[];
    const differ = fields.filter((field) => canonicalHash(one[field]) !== canonicalHash(other[field]));
    return differ.length === 0 ? [] : [texts.stack.differs(member, differ)];
  });
}
