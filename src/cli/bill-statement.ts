import { existsSync, readFileSync } from "node:fs";
import type { Command } from "commander";
import { association } from "../association.ts";
import { assess } from "../billing/due.ts";
import { plainLedger } from "../billing/print.ts";
import { issuedLines, readRegister } from "../billing/register.ts";
import { ledgerPage, statementText } from "../billing/render/ledger.ts";
import type { Report } from "../billing/render/report.ts";
import { texts } from "../billing/texts.ts";
import { priceLists } from "../catalogue/prices/index.ts";
import { declaredFacts, guarded, isDate, readUsage } from "./bill-input.ts";
import { InputError } from "./input-error.ts";

interface Options {
  until?: string;
  members: string;
  usage: string;
  json?: boolean;
  format: string;
}

/** Adds `statement`, the account of a member's prepaid disk and traffic, to the command `bill`. */
export function registerStatementCommand(
  bill: Command,
  common: (command: Command) => Command,
  today: string | undefined,
): void {
  common(bill.command("statement").argument("<membre>"))
    .description("relevé des réserves de disque et de trafic d'un membre (--until, --format texte ou html)")
    .action(async (member: string, options: Options, command: Command) =>
      guarded<Options>((all) => statement(member, all, today))(options, command),
    );
}

function statement(member: string, options: Options, today: string | undefined): number {
  const until = options.until ?? today ?? "";
  if (!isDate(until)) throw new InputError([texts.badDate(until)]);
  if (options.format !== "texte" && options.format !== "html") throw new InputError([texts.badFormat(options.format)]);
  const everyone = declaredFacts(options.members);
  const facts = everyone.filter((one) => one.member === member);
  if (facts.length === 0) throw new InputError([texts.noSuchMember(member)]);
  const usage = readUsage(options.usage, everyone);
  const { ledgers, notes, problems } = assess(facts, priceLists, usage, association, until);
  const known = notes.filter(({ rule }) => rule === "B30" || rule === "B35");
  if (options.json === true) {
    process.stdout.write(
      `${JSON.stringify({ member, until, ledgers: ledgers.map(plainLedger), notes: known }, undefined, 2)}\n`,
    );
  } else {
    const write = options.format === "html" ? ledgerPage : statementText;
    process.stdout.write(write(member, until, ledgers, known));
  }
  const own = problems.filter(({ sources }) =>
    sources.some((source) => /^(blocks|recover|overage|leavesOn)/.test(source)),
  );
  if (own.length > 0) process.stderr.write(`${own.map(texts.problem).join("\n")}\n`);
  return own.length > 0 ? 1 : 0;
}

/** What the register holds per key; undefined when nothing was issued yet. RegisterError when it is not intact. */
export function issuedSoFar(register: string): Report["issued"] {
  const { records, tail } = readRegister(existsSync(register) ? readFileSync(register, "utf8") : "");
  if (records.length === 0) return undefined;
  const cents = new Map<string, bigint>();
  for (const line of issuedLines(records)) cents.set(line.key, (cents.get(line.key) ?? 0n) + line.cents);
  return { cents, until: tail.until };
}
