import { makeDocument } from "../../../../src/billing/document.ts";
import { assess } from "../../../../src/billing/due.ts";
import { frozenLists, listHashes } from "../../../../src/billing/frozen.ts";
import {
  communication,
  enterpriseNumber,
  isCommunication,
  printedCommunication,
} from "../../../../src/billing/identifiers.ts";
import { type Outstanding, outstanding } from "../../../../src/billing/outstanding.ts";
import type { IssuedLine, PlannedDocument } from "../../../../src/billing/plan.ts";
import { nextRecord, readRegister } from "../../../../src/billing/register.ts";
import { reminderTerm } from "../../../../src/billing/reminder.ts";
import { amount, text } from "../../../../src/billing/render/csv.ts";
import { epcPayload } from "../../../../src/billing/render/epc.ts";
import { ubl } from "../../../../src/billing/render/ubl.ts";
import type { Assessment, LedgerStatement } from "../../../../src/billing/types.ts";
import { documentTotal, isPeppol } from "../../../../src/billing/vat.ts";
import { planAll } from "../../../../src/plan/plan.ts";
import { hosts } from "../../../golden/support/hosts.ts";
import { issuer, party } from "../../support/documents.ts";
import type { Case } from "./case.ts";

/** First day that the register of the cases bills. */
const SINCE = "2026-01-01";
const NONE = "none";

/** What may be asked of a case: the first word of a figure. `span` is a civil year, or a day up to which is asked. */
const questions: Record<string, (of: Case, ...words: string[]) => string> = {
  /** Cents of a key, or of all keys below it; the fee counts only when it is named. */
  due: (of, span = "", key = "") => {
    const lines = bill(of, span).lines.filter(
      (line) =>
        line.key === key || (line.key.startsWith(`${key}/`) && (line.offer !== "membership" || key.includes("/"))),
    );
    return lines.length === 0 ? NONE : String(lines.reduce((sum, { cents }) => sum + cents, 0n));
  },
  keys: (of, span = "", member = "") =>
    bill(of, span)
      .lines.filter((line) => line.member === member && line.offer !== "membership")
      .map(({ key }) => key.slice(member.length + 1))
      .join(" "),
  problems: (of, span = "", member = "") => rulesOf(bill(of, span).problems, member),
  notes: (of, span = "", member = "") => rulesOf(bill(of, span).notes, member),
  said: (of, span = "", rule = "") =>
    [...bill(of, span).notes, ...bill(of, span).problems].find((one) => one.rule === rule)?.message ?? NONE,

  /** Net of the planned documents of a series, credits positive; `net` is all invoices less all credits. */
  plan: (of, span = "", member = "", series = "", part = "net") => {
    const documents = left(of, span).documents.filter((one) => one.member === member);
    if (series === "net") return String(totals(documents, "F", "net") - totals(documents, "NC", "net"));
    if (!documents.some((one) => one.series === series)) return NONE;
    return String(totals(documents, series, part as "net" | "vat" | "gross"));
  },
  documents: (of, span = "", member = "") =>
    left(of, span)
      .documents.filter((one) => one.member === member)
      .map(({ series, refersTo }) => (refersTo === undefined ? series : `${series}(${refersTo})`))
      .join(" ") || NONE,
  /** Cents credited of each document. */
  credits: (of, span = "", member = "") =>
    left(of, span)
      .documents.filter((one) => one.member === member && one.series === "NC")
      .map(({ refersTo, lines }) => `${refersTo}:${-documentTotal(lines).net}`)
      .join(" ") || NONE,
  /** Documents planned after the planned ones were issued. */
  again: (of, span = "") => {
    const issued = [...of.issued, ...asIssued(left(of, span).documents)];
    return (
      left({ ...of, issued }, span)
        .documents.map(({ series }) => series)
        .join(" ") || NONE
    );
  },
  refused: (of, span = "", member = "") => rulesOf(left(of, span).problems, member),
  waits: (of, span = "", member = "") =>
    left(of, span).notes.find((one) => one.member === member && one.rule === "B42")?.message ?? NONE,

  /** Thousandths of GB·month. */
  balance: (of, day = "", account = "") => String(ledger(of, day, account)?.balance ?? NONE),
  drawn: (of, month = "", account = "") =>
    String(
      ledger(of, month.slice(0, 4), account)
        ?.entries.filter(({ what, reference }) => what === "draw" && reference === month)
        .reduce((sum, one) => sum - one.amount, 0) ?? 0,
    ),
  provisional: (of, day = "", account = "") => (ledger(of, day, account)?.provisional === true ? "yes" : "no"),

  channel: (of, span = "", member = "") => {
    const regimes = bill(of, span).lines.map(({ vat }) => vat);
    return isPeppol(regimes, of.facts.find((one) => one.member === member)?.vat) ? "Peppol" : "PDF";
  },
  /** VAT category of the invoice, and whether a VAT number stands in it. */
  vat: (of, span = "", member = "") => {
    const planned = left(of, span).documents.find((one) => one.member === member && one.series === "F");
    if (planned === undefined) return NONE;
    const document = makeDocument(planned, { number: "F2026-00001", date: "2026-11-25", issuer, party });
    const numbers = ubl(document).includes("BE0566988259") ? "VAT number" : "no VAT number";
    return `${document.totals.map(({ category }) => category).join(" ")}, ${numbers}`;
  },
  /** Number of documents that servers get for a member. */
  servers: (of, day = "", member = "") =>
    String(planAll(of.members, hosts, { today: day }).find((one) => one.member === member)?.documents.length ?? 0),

  communication: (_, number = "") => printedCommunication(communication(number) ?? ""),
  accepted: (_, number = "") => (isCommunication(number) ? "yes" : "no"),
  enterprise: (_, number = "") => enterpriseNumber(number) ?? "invalid",
  epc: (_, field = "", value = "") => {
    const transfer = { name: "Cassiopea", iban: "BE68539007547034", cents: 5348n, structured: "202600000192" };
    const wrong =
      field === "name"
        ? { name: "x".repeat(Number(value)) }
        : field === "cents"
          ? { cents: BigInt(value) }
          : { [field]: value };
    return outcome(() => epcPayload({ ...transfer, ...wrong }));
  },
  cell: (_, value = "") => text(value),
  money: (_, value = "") => amount(BigInt(value)),
  reminder: (_, by = "", sent = "") => {
    const { begins, penaltyFrom } = reminderTerm(sent, by as "email" | "post");
    return `${begins}, ${penaltyFrom}`;
  },
  /** What is said of a register of the issued lines, when one byte of a document's record is another. */
  altered: (of, number = "") => {
    const written = register(of).text.split("\n");
    const at = written.findIndex((line) => line.includes(`"number":"${number}"`));
    written[at] = (written[at] ?? "").replace('"vat":0', '"vat":1');
    return outcome(() => readRegister(written.join("\n")));
  },
  /** What is said when the price of an offer of a list is edited after an issue. */
  edited: (of, list = "", offer = "") => {
    const lists = of.lists.map((one) => (one.id === list ? { ...one, prices: { ...one.prices, [offer]: 1 } } : one));
    return frozenLists(readRegister(register(of).text).records, lists).join(" ") || NONE;
  },
};

/** The answer to a question about a case; an unknown question is an error. */
export function answer(of: Case, question: string): string {
  const [name = "", ...args] = question.split(" ");
  const work = questions[name];
  if (work === undefined) throw new Error(`No question "${name}"; there are ${Object.keys(questions).join(", ")}.`);
  return work(of, ...args);
}

/** First and last day of a span. */
export function days(span: string): { since: string; until: string } {
  return span.length === 4 ? { since: `${span}-01-01`, until: `${span}-12-31` } : { since: SINCE, until: span };
}

/** What is due in a span. */
export function bill(of: Case, span: string): Assessment {
  const { since, until } = days(span);
  return assess(of.facts, of.lists, of.usage, of.settings, until, since);
}

/** What is left to issue at the end of a span. */
export function left(of: Case, span: string): Outstanding {
  return outstanding(of, of.issued, { asked: days(span).until, since: SINCE });
}

function totals(documents: readonly PlannedDocument[], series: string, part: "net" | "vat" | "gross"): bigint {
  return documents
    .filter((one) => one.series === series)
    .map(({ lines }) => documentTotal(lines)[part] * (series === "NC" ? -1n : 1n))
    .reduce((sum, cents) => sum + cents, 0n);
}

function ledger(of: Case, span: string, account: string): LedgerStatement | undefined {
  return bill(of, span).ledgers.find(({ member, kind }) => `${member}/${kind}` === account);
}

function rulesOf(said: readonly { member: string; rule: string }[], member: string): string {
  return [...new Set(said.filter((one) => one.member === member).map(({ rule }) => rule))].join(" ") || NONE;
}

function asIssued(documents: readonly PlannedDocument[]): IssuedLine[] {
  return documents.flatMap(({ member, series, lines }, index) =>
    lines.map(({ key, cents, vat, against }) => ({
      document: `${series}2026-${String(90_001 + index)}`,
      member,
      key,
      cents,
      vat,
      ...(against === undefined ? {} : { against }),
    })),
  );
}

/** A register of the case's issued invoices, priced by its lists. */
function register({ issued, lists }: Case): { text: string } {
  let { tail } = readRegister("");
  let written = "";
  for (const { document, member, key, cents, vat } of issued) {
    const plain = Number(cents);
    const lines = [{ key, cents: plain, vat }];
    const head = { number: document, date: "2026-11-25", until: "2026-11-25", member, lines };
    const next = nextRecord(tail, {
      ...head,
      net: plain,
      vat: 0,
      gross: plain,
      priceLists: listHashes(lists),
      files: {},
    });
    written += next.line;
    tail = next.tail;
  }
  return { text: written };
}

function outcome(work: () => unknown): string {
  try {
    work();
    return "accepted";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
