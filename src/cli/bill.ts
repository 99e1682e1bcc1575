import { type Command, Option } from "commander";
import { association } from "../association.ts";
import { assess } from "../billing/due.ts";
import type { BillingFacts } from "../billing/facts.ts";
import { billJson, printBill } from "../billing/print.ts";
import { billCsv } from "../billing/render/csv.ts";
import { journal } from "../billing/render/hledger.ts";
import { reportHtml } from "../billing/render/report.ts";
import { texts } from "../billing/texts.ts";
import { priceLists } from "../catalogue/prices/index.ts";
import { frenchDate } from "../period.ts";
import { registerExplainCommands } from "./bill-explain.ts";
import { declaredFacts, deployedFacts, type ExportStack, guarded, isDate, readUsage } from "./bill-input.ts";
import { registerIssueCommands, stored } from "./bill-issue.ts";
import { registerReminderCommand } from "./bill-reminder.ts";
import { issuedSoFar, registerStatementCommand } from "./bill-statement.ts";
import { defaultMembers } from "./common.ts";
import { InputError } from "./input-error.ts";

/** What the bill's commands need from around them: `src/` has no clock and starts nothing. */
export interface BillSurroundings {
  exportStack?: ExportStack;
  /** Runs `work` on a copy of a folder as it was at a git reference. */
  atReference?: <T>(folder: string, reference: string, work: (copy: string) => T) => T;
  /** Whether git would take what is put into a folder. */
  seenByGit?: (folder: string) => boolean;
  /** `yyyy-mm-dd` at the association's place; without it `--year` or `--until` must be given. */
  today?: string;
}

interface Options {
  year?: string;
  until?: string;
  member?: string;
  stack?: string;
  members: string;
  usage: string;
  register: string;
  json?: boolean;
  format: "texte" | "html" | "csv" | "hledger";
}

/** Adds `bill` and its subcommands to the command line. */
export function registerBillCommands(program: Command, surroundings: BillSurroundings = {}): void {
  const common = (command: Command): Command =>
    command
      .option("--member <membre>", "un seul membre")
      .option("--members <dossier>", "dossier des fichiers de membres", defaultMembers())
      .option("--usage <dossier>", "dossier des mesures d'usage", "usage")
      .option("--json", "résultat en JSON");
  const command = common(program.command("bill").description("dit ce que doit chaque membre"))
    .option("--year <année>", "année civile (par défaut, l'année en cours)")
    .option("--until <date>", "seulement ce qui est échu à cette date, aaaa-mm-jj")
    .option("-s, --stack <pile>", "d'après ce que la pile a réellement déployé")
    .addOption(
      new Option("--format <forme>", "forme du résultat").choices(["texte", "html", "csv", "hledger"]).default("texte"),
    )
    .option("--register <fichier>", "registre des documents émis, pour ce qui est rétroactif", "register.jsonl")
    .action(guarded(async (options: Options) => bill(options, surroundings)));
  registerIssueCommands(command, common, surroundings);
  registerStatementCommand(command, common, surroundings.today);
  registerReminderCommand(command, stored, surroundings.today);
  registerExplainCommands(command, common, stored, surroundings);
}

async function bill(options: Options, { exportStack, today }: BillSurroundings): Promise<number> {
  const { stack } = options;
  const { from, to, title } = span(options, today);
  const input = await factsOf(options, exportStack);
  const facts = input.facts.filter(({ member }) => options.member === undefined || member === options.member);
  if (options.member !== undefined && facts.length === 0 && input.problems.length === 0) {
    throw new InputError([texts.noSuchMember(options.member)]);
  }
  const usage = readUsage(options.usage, stack === undefined ? input.facts : undefined);
  const found = assess(facts, priceLists, usage, association, to, from);
  const problems = [...input.problems, ...found.problems.map(texts.problem)];
  if (options.json === true) {
    const plain = billJson(found, { from, to });
    process.stdout.write(`${JSON.stringify({ ...plain, errors: input.problems }, undefined, 2)}\n`);
  } else if (options.format === "csv") process.stdout.write(billCsv(found.lines));
  else if (options.format === "hledger") process.stdout.write(journal(found.lines, found.ledgers));
  else if (options.format === "html") {
    const measured = usage.map(({ month }) => month);
    const issued = issuedSoFar(options.register);
    process.stdout.write(reportHtml({ title, from, to, today, bill: found, problems, measured, issued }));
  } else process.stdout.write(printBill(found, title));
  if (problems.length > 0) {
    process.stderr.write(`${texts.page.problems} :\n${problems.map((one) => `  ${one}\n`).join("")}`);
  }
  return problems.length > 0 ? 1 : 0;
}

async function factsOf(
  { stack, members }: Options,
  exportStack: ExportStack | undefined,
): Promise<{ facts: BillingFacts[]; problems: string[] }> {
  return stack === undefined ? { facts: declaredFacts(members), problems: [] } : deployedFacts(stack, exportStack);
}

/** First and last day of the dates that count. */
function span({ year, until }: Options, today: string | undefined): { from: string; to: string; title: string } {
  const civil = year ?? (until ?? today)?.slice(0, 4);
  if (civil === undefined || !/^[12]\d{3}$/.test(civil)) throw new InputError([texts.badYear(year ?? "")]);
  const from = `${civil}-01-01`;
  if (until === undefined) {
    return { from, to: `${civil}-12-31`, title: texts.page.title(texts.page.year(Number(civil))) };
  }
  if (!isDate(until) || until < from) throw new InputError([texts.badDate(until)]);
  return { from, to: until, title: texts.page.title(texts.page.until(frenchDate(from), frenchDate(until))) };
}
