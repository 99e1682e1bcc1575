import type { Command } from "commander";
import { checkMembers } from "../checks.ts";
import { loadMembers } from "../load.ts";
import { type CommonOptions, common, paint, report } from "./common.ts";

/** `cassiopea check`: every problem of every file; exit 1 when there is one. */
export function registerCheck(program: Command): void {
  common(program.command("check"))
    .description("vérifie tous les fichiers des membres et dit tout ce qui ne va pas")
    .action((options: CommonOptions) => {
      const loaded = loadMembers(options.members);
      const problems = checkMembers(loaded);
      if (options.json === true) {
        const found = problems.map((problem) => problem.json(options.lang));
        process.stdout.write(`${JSON.stringify({ members: loaded.ids.length, problems: found }, undefined, 2)}\n`);
      } else if (problems.length > 0) report(problems, options.lang);
      else {
        const count = loaded.members.length;
        const text = options.lang === "fr" ? `${count} membre(s), aucun problème.` : `${count} member(s), no problem.`;
        process.stdout.write(`${paint.green("✓")} ${text}\n`);
      }
      if (problems.length > 0) process.exitCode = 1;
    });
}
