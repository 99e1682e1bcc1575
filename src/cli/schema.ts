import type { Command } from "commander";
import * as z from "zod";
import { Declaration } from "../schema.ts";

/** JSON Schema (draft 2020-12) of what a member file says, as written. */
export function memberJsonSchema(): object {
  return { title: "member", ...z.toJSONSchema(Declaration, { io: "input", unrepresentable: "any" }) };
}

/** `cassiopea schema`: the JSON Schema of a member file, for other tools. */
export function registerSchema(program: Command): void {
  program
    .command("schema")
    .description("imprime le schéma JSON d'un fichier de membre, pour d'autres outils")
    .action(() => {
      process.stdout.write(`${JSON.stringify(memberJsonSchema(), undefined, 2)}\n`);
    });
}
