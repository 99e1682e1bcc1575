import type { Command } from "commander";
import { checkMembers } from "../checks.ts";
import { loadMembers } from "../load.ts";
import { type CommonOptions, common, paint, report } from "./common.ts";
import { updateRegistry } from "./update.ts";

/** `cassiopea check`: every problem of every file; exit 1 when there is one. */
export function registerCheck(program: Command): void {
  common(program.command("check"))
    .description("vérifie tous les fichiers des membres et dit tout ce qui ne va pas")
    .option("--update", "inscrit d'abord au registre ce qui y manque (il n'en retire rien)")
    .action((options: CommonOptions & { update?: true }) => {
      let loaded = loadMembers(options.members);
      const french = options.lang === "fr";
      if (options.update === true) {
        const written = updateRegistry(options.members, loaded);
        loaded = loadMembers(options.members);
        if (options.json !== true && written.length > 0) {
          process.stdout.write(`${french ? "inscrit" : "written"} : ${written.join(", ")}\n`);
        }
      }
      const problems = checkMembers(loaded);
      if (options.json === true) {
        const found = problems.map((problem) => problem.json(options.lang));
        process.stdout.write(`${JSON.stringify({ members: loaded.ids.length, problems: found }, undefined, 2)}\n`);
      } else if (problems.length > 0) report(problems, options.lang);
      else {
        const count = loaded.members.length;
        const text = french ? `${count} membre(s), aucun problème.` : `${count} member(s), no problem.`;
        process.stdout.write(`${paint.green("✓")} ${text}\n`);
      }
      if (problems.length > 0) process.exitCode = 1;
    });
}
