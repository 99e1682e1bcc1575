import { join } from "node:path";
import type { Command } from "commander";
import { association } from "../association.ts";
import { type BillDocument, Issuer, makeDocument, Party } from "../billing/document.ts";
import type { BillingFacts } from "../billing/facts.ts";
import { frozenLists, listHashes } from "../billing/frozen.ts";
import { type Outstanding, outstanding } from "../billing/outstanding.ts";
import type { PlannedDocument } from "../billing/plan.ts";
import { printPlan } from "../billing/print-plan.ts";
import { issuedLines, mustFollow, nextNumber, type RecordContent } from "../billing/register.ts";
import { renderings } from "../billing/render.ts";
import { texts } from "../billing/texts.ts";
import type { BillNote, BillProblem, DueLine } from "../billing/types.ts";
import { isPeppol } from "../billing/vat.ts";
import { priceLists } from "../catalogue/prices/index.ts";
import { plainCents } from "../money.ts";
import type { BillSurroundings } from "./bill.ts";
import { Ledgers } from "./bill-files.ts";
import { declaredFacts, guarded, isDate, readPrivate, readUsage } from "./bill-input.ts";
import { registerVerifyCommand } from "./bill-verify.ts";
import { InputError } from "./input-error.ts";

export interface IssueOptions {
  until?: string;
  since?: string;
  member?: string;
  members: string;
  usage: string;
  register: string;
  private: string;
  json?: boolean;
}

interface Planned extends Outstanding {
  facts: BillingFacts[];
  until: string;
}

/** Options of where the register and the private folder are. */
export function stored(command: Command): Command {
  return command
    .option("--register <fichier>", "registre des documents émis", "register.jsonl")
    .option("--private <dossier>", "dossier privé : parties et documents", "private");
}

/** Adds `plan`, `issue` and `verify` to the command `bill`. `today` is the date of what is issued. */
export function registerIssueCommands(
  bill: Command,
  common: (command: Command) => Command,
  surroundings: BillSurroundings,
): void {
  const { today } = surroundings;
  const add = (name: string, description: string): Command =>
    stored(common(bill.command(name).description(description)))
      .option("--until <date>", "ce qui est échu à cette date (par défaut, aujourd'hui)")
      .option("--since <date>", "premier jour facturé par ce registre", association.billedFrom);
  add("plan", "dit ce qui reste à émettre ; ne donne aucun numéro").action(
    guarded((options) => {
      const ledgers = Ledgers.read(options.register, join(options.private, "documents"));
      const behind = [...ledgers.incomplete(), ...ledgers.behind()];
      if (behind.length > 0) throw new InputError(behind);
      const planned = toIssue(options, ledgers, today);
      const json = options.json === true ? JSON.stringify(planned.documents, bigintsAsNumbers, 2) : undefined;
      process.stdout.write(
        json === undefined ? `${printPlan(planned.documents, planned.until)}${notesText(planned.notes)}` : `${json}\n`,
      );
      return report(planned.problems);
    }),
  );
  add("issue", "émet ce qui reste à émettre : numéros, documents, registre").action(
    guarded(async (options) => issue(options, surroundings)),
  );
  const verify = common(bill.command("verify").description("vérifie registre, documents, listes de prix et réserves"));
  registerVerifyCommand(stored(verify), surroundings);
}

async function issue(options: IssueOptions, { today, seenByGit }: BillSurroundings): Promise<number> {
  if (today === undefined) throw new InputError([texts.badDate("")]);
  // Names and addresses must not reach git, where nothing is ever removed.
  if (seenByGit?.(options.private) === true) throw new InputError([texts.register.privateInGit(options.private)]);
  const ledgers = Ledgers.open(options.register, join(options.private, "documents"));
  try {
    const { documents, problems, notes, until, lines, facts } = toIssue(options, ledgers, today);
    if (problems.length > 0) return report(problems);
    const issuer = readPrivate(join(options.private, "issuer.json"), Issuer);
    const parties = new Map(
      [...new Set(documents.map(({ member }) => member))].map((member) => [
        member,
        readPrivate(join(options.private, "parties", `${member}.json`), Party),
      ]),
    );
    const series = documents.map((planned) => planned.series);
    mustFollow(ledgers.tail, series, today);
    const dates = new Map(ledgers.records.map(({ number, date }) => [number, date]));
    for (const planned of documents) {
      const number = nextNumber(ledgers.tail, planned.series, Number(today.slice(0, 4)));
      const party = parties.get(planned.member);
      if (party === undefined) throw new InputError([texts.register.noParty(planned.member)]);
      const original = planned.refersTo === undefined ? undefined : dates.get(planned.refersTo);
      const refersTo =
        planned.refersTo === undefined || original === undefined
          ? {}
          : { refersTo: { number: planned.refersTo, date: original } };
      const document = makeDocument(planned, { number, date: today, issuer, party, ...refersTo });
      const regimes = planned.lines.map(({ vat }) => vat);
      const member = facts.find((one) => one.member === planned.member);
      const peppol = planned.series !== "COT" && isPeppol(regimes, member?.vat);
      ledgers.issue(content(planned, document, until, lines), await renderings(document, peppol));
      process.stdout.write(`${texts.issued(document)}\n`);
    }
    if (documents.length === 0) process.stdout.write(`${texts.nothingToIssue}\n`);
    process.stdout.write(notesText(notes));
    return 0;
  } finally {
    ledgers.close();
  }
}

/** What is left to issue, up to the later of the asked day and the day that earlier issues reached. */
function toIssue(options: IssueOptions, ledgers: Ledgers, today: string | undefined): Planned {
  const asked = options.until ?? today;
  if (asked === undefined || !isDate(asked)) throw new InputError([texts.badDate(asked ?? "")]);
  const since = options.since ?? association.billedFrom;
  if (!isDate(since)) throw new InputError([texts.badDate(since)]);
  const frozen = frozenLists(ledgers.records, priceLists);
  if (frozen.length > 0) throw new InputError(frozen);
  const only = ({ member }: { member: string }): boolean => options.member === undefined || member === options.member;
  const everyone = declaredFacts(options.members);
  const facts = everyone.filter(only);
  const declared = { facts, lists: priceLists, usage: readUsage(options.usage, everyone), settings: association };
  const days = { asked, reached: ledgers.tail.until, since };
  return { facts, until: asked, ...outstanding(declared, issuedLines(ledgers.records).filter(only), days) };
}

function content(
  planned: PlannedDocument,
  document: BillDocument,
  until: string,
  due: readonly DueLine[],
): Omit<RecordContent, "files"> {
  const sign = planned.series === "NC" ? -1 : 1;
  const used = new Set(due.map(({ priceList }) => priceList));
  return {
    number: document.number,
    date: document.date,
    until,
    member: planned.member,
    ...(planned.refersTo === undefined ? {} : { refersTo: planned.refersTo }),
    lines: planned.lines.map(({ key, cents, vat, against }) => ({
      key,
      cents: plainCents(cents),
      vat,
      ...(against === undefined ? {} : { against }),
    })),
    net: sign * document.net,
    vat: sign * document.vat,
    gross: sign * document.gross,
    priceLists: listHashes(priceLists.filter(({ id }) => used.has(id))),
  };
}

/** What people should know beside the documents; empty when there is nothing. */
function notesText(notes: readonly BillNote[]): string {
  return notes.length === 0
    ? ""
    : `\n${texts.page.notes} :\n${notes.map((one) => `  ${texts.problem(one)}\n`).join("")}`;
}

/** Prints what keeps members from being billed; the exit code. */
function report(problems: readonly BillProblem[]): number {
  if (problems.length === 0) return 0;
  process.stderr.write(`${texts.page.problems} :\n${problems.map((one) => `  ${texts.problem(one)}\n`).join("")}`);
  return 1;
}

function bigintsAsNumbers(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? plainCents(value) : value;
}
