import { Command } from "commander";
import { type BillSurroundings, registerBillCommands } from "./bill.ts";
import { registerCheck } from "./check.ts";
import { registerLook } from "./look.ts";
import { registerNew } from "./new.ts";
import { registerSchema } from "./schema.ts";

/** What the commands need from around them: `src/` has no clock and starts nothing. */
export type Surroundings = BillSurroundings;

/** The commands that need neither Pulumi nor a server. */
export function pureProgram(surroundings: Surroundings): Command {
  const program = new Command("cassiopea")
    .description("Une association d'hébergement dans un dépôt git : membres, serveurs, DNS et facture.")
    .helpOption("-h, --help", "montre cette aide")
    .helpCommand("help [commande]", "montre l'aide d'une commande")
    .showHelpAfterError("(--help montre les commandes et leurs options)");
  registerCheck(program);
  registerLook(program, surroundings.today);
  registerNew(program);
  registerSchema(program);
  registerBillCommands(program, surroundings);
  return program;
}
