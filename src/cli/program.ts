import { Command } from "commander";
import { registerCheck } from "./check.ts";
import { registerLook } from "./look.ts";
import { registerNew } from "./new.ts";
import { registerSchema } from "./schema.ts";

/**
 * The commands about declarations and the catalogue, which need neither Pulumi nor a server; the entry adds the others.
 * `today`: `yyyy-mm-dd` at the association's place, since `src/` has no clock.
 */
export function pureProgram(today: string): Command {
  const program = new Command("cassiopea")
    .description("Une association d'hébergement dans un dépôt git : membres, serveurs, DNS et facture.")
    .helpOption("-h, --help", "montre cette aide")
    .helpCommand("help [commande]", "montre l'aide d'une commande")
    .showHelpAfterError("(--help montre les commandes et leurs options)");
  registerCheck(program);
  registerLook(program, today);
  registerNew(program);
  registerSchema(program);
  return program;
}
