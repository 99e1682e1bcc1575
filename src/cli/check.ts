import type { Command } from "commander";
import { checkMembers } from "../checks.ts";
import { loadMembers, type Member } from "../load.ts";
import { checkPlaces, placesOn } from "../plan/place.ts";
import type { Host } from "../plan/types.ts";
import { sortProblems } from "../problem.ts";
import { type CommonOptions, common, count, paint, report } from "./common.ts";
import { updateRegistry } from "./update.ts";

const checkExamples = `
Exemples :
  npx cassiopea check                  les fichiers de members/
  npx cassiopea check --update         après avoir ajouté une base, un accès, une liste
  npx cassiopea check --json           pour un programme : file, line, column, path, rule, message

Code de sortie : 0 aucun problème, 1 au moins un.`;

/** Hosts of a stack and where members without a place of their own go, or why they can't be read. */
export type StackHosts = (stack: string) => Promise<{ hosts: Host[]; defaultHost: string | undefined } | string>;

/** `cassiopea check`: every problem of every file; exit 1 when there is one. */
export function registerCheck(program: Command, stackHosts: StackHosts): void {
  common(program.command("check"))
    .description("vérifie tous les fichiers des membres et dit tout ce qui ne va pas")
    .addHelpText("after", checkExamples)
    .option("--update", "inscrit d'abord au registre ce qui y manque (il n'en retire rien)")
    .option("-s, --stack <pile>", "vérifie aussi que les données de chacun restent sur leur hôte, d'après cette pile")
    .action(async (options: CommonOptions & { update?: true; stack?: string }) => {
      const on = options.stack === undefined ? undefined : await stackHosts(options.stack);
      if (typeof on === "string") {
        process.stderr.write(`${on}\n`);
        process.exitCode = 1;
        return;
      }
      let loaded = loadMembers(options.members);
      const french = options.lang === "fr";
      if (options.update === true) {
        const placed = on === undefined ? undefined : (one: Member) => placesOn(one, on.hosts, on.defaultHost);
        const written = updateRegistry(options.members, loaded, placed);
        loaded = loadMembers(options.members);
        if (options.json !== true && written.length > 0) {
          process.stdout.write(`${french ? "inscrit" : "written"} : ${written.join(", ")}\n`);
        }
      }
      const misplaced = on === undefined ? [] : checkPlaces(loaded, on.hosts, on.defaultHost);
      const problems = sortProblems([...checkMembers(loaded), ...misplaced]);
      if (options.json === true) {
        const found = problems.map((problem) => problem.json(options.lang));
        process.stdout.write(`${JSON.stringify({ members: loaded.ids.length, problems: found }, undefined, 2)}\n`);
      } else if (problems.length > 0) report(problems, options.lang);
      else {
        const members = count(loaded.members.length, french ? "membre" : "member");
        const text = french ? `${members}, aucun problème.` : `${members}, no problem.`;
        process.stdout.write(`${paint.green("✓")} ${text}\n`);
      }
      if (problems.length > 0) process.exitCode = 1;
    });
}
