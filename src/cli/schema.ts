import { Argument, type Command } from "commander";
import * as z from "zod";
import { Usage } from "../billing/usage.ts";
import { Declaration } from "../schema.ts";

/** JSON Schema (draft 2020-12) of what a member file says, as written. */
export function memberJsonSchema(): object {
  return { title: "member", ...z.toJSONSchema(Declaration, { io: "input", unrepresentable: "any" }) };
}

/** JSON Schema (draft 2020-12) of a file `usage/<year>-<month>.json`. */
export function usageJsonSchema(): object {
  return { title: "usage", ...z.toJSONSchema(Usage, { io: "input" }) };
}

const schemas = { membre: memberJsonSchema, mesures: usageJsonSchema };

/** `cassiopea schema`: the JSON Schema of a file, for other tools. */
export function registerSchema(program: Command): void {
  program
    .command("schema")
    .description("imprime le schéma JSON d'un fichier de membre, ou des mesures d'un mois, pour d'autres outils")
    .addArgument(new Argument("[quoi]", "de quel fichier").choices(Object.keys(schemas)).default("membre"))
    .action((what: keyof typeof schemas) => {
      process.stdout.write(`${JSON.stringify(schemas[what](), undefined, 2)}\n`);
    });
}
