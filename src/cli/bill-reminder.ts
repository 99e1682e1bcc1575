import { join } from "node:path";
import { type Command, Option } from "commander";
import * as z from "zod";
import { printedCommunication } from "../billing/identifiers.ts";
import { issuedLines } from "../billing/register.ts";
import { reminderTerm } from "../billing/reminder.ts";
import { texts } from "../billing/texts.ts";
import { documentTotal } from "../billing/vat.ts";
import { frenchEuros } from "../money.ts";
import { frenchDate } from "../period.ts";
import { Ledgers } from "./bill-files.ts";
import { guarded, isDate, readPrivate } from "./bill-input.ts";
import { InputError } from "./input-error.ts";

interface Options {
  on?: string;
  by: "courriel" | "poste";
  register: string;
  private: string;
  json?: boolean;
}

/** What of a document's own file a reminder repeats. */
const Issued = z.looseObject({ number: z.string(), payBy: z.iso.date(), communication: z.string().length(12) });

/** Adds `reminder`, what to write in a first reminder of a document, to the command `bill`. `stored` adds where documents are. */
export function registerReminderCommand(
  bill: Command,
  stored: (command: Command) => Command,
  today: string | undefined,
): void {
  stored(bill.command("reminder").argument("<document>", "numéro, par exemple F2026-00001"))
    .description("dit ce qu'un premier rappel doit contenir : montant, communication, terme légal")
    .option("--on <date>", "jour de l'envoi (par défaut, aujourd'hui)")
    .addOption(new Option("--by <moyen>", "moyen de l'envoi").choices(["courriel", "poste"]).default("courriel"))
    .option("--json", "résultat en JSON")
    .action(async (number: string, options: Options, command: Command) =>
      guarded<Options>((all) => reminder(number, all, today))(options, command),
    );
}

function reminder(number: string, options: Options, today: string | undefined): number {
  const sent = options.on ?? today ?? "";
  if (!isDate(sent)) throw new InputError([texts.badDate(sent)]);
  const documents = join(options.private, "documents");
  const { records } = Ledgers.read(options.register, documents);
  const record = records.find((one) => one.number === number);
  if (record === undefined || number.startsWith("NC")) throw new InputError([texts.reminder.unknown(number)]);
  const { payBy, communication } = readPrivate(join(documents, number, `${number}.json`), Issued);
  if (sent <= payBy) throw new InputError([texts.reminder.early(number, payBy)]);
  const own = issuedLines(records).filter((line) => (line.against?.document ?? line.document) === number);
  const { gross } = documentTotal(own);
  if (gross <= 0n) throw new InputError([texts.reminder.credited(number)]);
  const { begins, penaltyFrom } = reminderTerm(sent, options.by === "poste" ? "post" : "email");
  const found = { number, member: record.member, payBy, communication, sent, begins, penaltyFrom };
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ ...found, cents: Number(gross) }, undefined, 2)}\n`
      : `${texts.reminder
          .lines({
            ...found,
            amount: frenchEuros(gross),
            communication: printedCommunication(communication),
            payBy: frenchDate(payBy),
            begins: frenchDate(begins),
            penaltyFrom: frenchDate(penaltyFrom),
          })
          .join("\n")}\n`,
  );
  return 0;
}
