import { Command } from "commander";
import { registerCheck, type StackHosts } from "./check.ts";
import { registerLook } from "./look.ts";
import { registerNew } from "./new.ts";
import { registerSchema } from "./schema.ts";

/**
 * The commands about declarations and the catalogue, which need neither Pulumi nor a server; the entry adds the others.
 * `today`: `yyyy-mm-dd` at the association's place, since `src/` has no clock. `stackHosts` reads a stack's configuration.
 */
export function pureProgram(today: string, stackHosts: StackHosts): Command {
  const program = new Command("cassiopea")
    .description("Une association d'hébergement dans un dépôt git : membres, serveurs, DNS et facture.")
    .helpOption("-h, --help", "montre cette aide")
    .helpCommand("help [commande]", "montre l'aide d'une commande")
    .showHelpAfterError("(--help montre les commandes et leurs options)");
  registerCheck(program, stackHosts);
  registerLook(program, today);
  registerNew(program);
  registerSchema(program);
  return program;
}
