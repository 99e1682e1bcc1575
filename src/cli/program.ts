import { Command } from "commander";
import { registerCheck } from "./check.ts";
import { registerDns } from "./dns.ts";
import { registerDomains } from "./domains.ts";
import { inFrench } from "./french.ts";
import { registerLook } from "./look.ts";
import { registerNew } from "./new.ts";
import { registerSchema } from "./schema.ts";
import { registerSoftware } from "./software.ts";
import type { Surroundings } from "./surroundings.ts";

/** A command whose subcommands speak French too. */
class SpokenCommand extends Command {
  override createCommand(name?: string): Command {
    return inFrench(new SpokenCommand(name));
  }
}

const examples = `
Exemples :
  npx cassiopea check                  tout est-il juste ?
  npx cassiopea new                    un membre nouveau, par quelques questions
  npx cassiopea show jardins           ce qu'a le membre jardins
  npx cassiopea explain jardins www.jardins.example
  npx cassiopea bill --year 2026       ce que doit chacun

Code de sortie : 0 tout va bien, 1 il y a un problème (il est imprimé).`;

/**
 * The commands about declarations and the catalogue; the entry adds those that need Pulumi or a server.
 */
export function pureProgram(surroundings: Surroundings): Command {
  const { today, stackHosts } = surroundings;
  const program = inFrench(new SpokenCommand("cassiopea"))
    .usage("<commande> [options]")
    .description("Une association d'hébergement dans un dépôt git : membres, serveurs, DNS et facture.")
    .helpCommand("help [commande]", "montre l'aide d'une commande")
    .showHelpAfterError("(--help montre les commandes et leurs options)")
    .addHelpText("after", examples);
  registerCheck(program, stackHosts);
  registerLook(program, today);
  registerDomains(program, surroundings);
  registerDns(program, surroundings);
  registerSoftware(program, today);
  registerNew(program);
  registerSchema(program);
  return program;
}
