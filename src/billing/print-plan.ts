import { frenchEuros } from "../money.ts";
import type { PlannedDocument } from "./plan.ts";
import { texts } from "./texts.ts";
import { documentTotal } from "./vat.ts";

/** What is to be issued, for people: each document with its lines; old and new amounts where something was issued before. */
export function printPlan(documents: readonly PlannedDocument[], until: string): string {
  if (documents.length === 0) return `${texts.nothingToIssue}\n`;
  const out = [texts.plan.title(until), ""];
  for (const { member, series, refersTo, lines } of documents) {
    const reference = refersTo === undefined ? "" : ` ${texts.plan.refersTo(refersTo)}`;
    out.push(`${member} — ${texts.series[series]}${reference} : ${frenchEuros(documentTotal(lines).gross)}`);
    for (const { key, cents, due, issuedBefore, retroactive } of lines) {
      const label = due === undefined ? texts.withdrawn(key) : texts.label(due);
      const before = issuedBefore === 0n ? "" : ` (${texts.difference(due?.cents ?? 0n, issuedBefore)})`;
      const mark = retroactive === true ? ` — ${texts.retroactive}` : "";
      out.push(`  ${frenchEuros(cents)}  ${label}${before}${mark}  [${key}]`);
    }
    out.push("");
  }
  return `${out.join("\n").trimEnd()}\n`;
}
