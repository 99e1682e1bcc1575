import type { Command } from "commander";
import { knownSoftware, newerReleases, type Release } from "../catalogue/software.ts";
import type { Member } from "../load.ts";
import { displayName } from "../member/fields.ts";
import { inService } from "../member/service.ts";
import { frenchDate } from "../period.ts";
import { wantedVersion } from "../plan/software.ts";
import { type CommonOptions, common } from "./common.ts";
import { refusing } from "./input-error.ts";
import { checkedMembers } from "./members.ts";

interface SoftwareRow {
  member: string;
  software: string;
  /** Site and folder. */
  place: string;
  /** Left out where people install it. */
  version?: string;
  /** Versions that came out since, oldest first. */
  newer: Release[];
}

/** Adds `software`: who has which software in which version, and which versions came out since, with their days. */
export function registerSoftware(program: Command, today: string): void {
  common(program.command("software"))
    .description("liste les logiciels des membres, leur version, et ce qui est paru depuis")
    .action((options: CommonOptions) =>
      refusing(async () => {
        const loaded = checkedMembers(options);
        if (loaded === undefined) return;
        const rows = loaded.members.flatMap((member) => softwareRows(member, today));
        process.stdout.write(
          options.json === true ? `${JSON.stringify(rows, undefined, 2)}\n` : `${softwareText(rows)}\n`,
        );
      }),
    );
}

/** What a member has in service. */
export function softwareRows({ id, declaration }: Member, today: string): SoftwareRow[] {
  return (declaration.software ?? [])
    .filter((entry) => inService(entry, today))
    .map((entry) => {
      const version = wantedVersion(entry);
      return {
        member: id,
        software: entry.software,
        place: [displayName(entry.site), ...(entry.folder === undefined ? [] : [entry.folder])].join("/"),
        ...(version === undefined ? {} : { version }),
        newer: version === undefined ? [] : newerReleases(entry.software, version),
      };
    });
}

/** The list in French, a line each, and what is late. */
export function softwareText(rows: readonly SoftwareRow[]): string {
  if (rows.length === 0) return "Aucun logiciel déclaré.";
  const late = rows.filter(({ newer }) => newer.length > 0).length;
  return [
    ...rows.map(({ member, software, place, version, newer }) => {
      const name = `${member} : ${knownSoftware(software)?.title ?? software}`;
      const has = version === undefined ? "installé et suivi à la main" : version;
      const since = newer.map((release) => `${release.version} (${frenchDate(release.on)})`).join(", ");
      const state = version === undefined ? "" : newer.length === 0 ? ", à jour" : `, en retard : paru depuis ${since}`;
      return `${name}, ${place} : ${has}${state}`;
    }),
    late === 0
      ? "Rien n'est en retard."
      : `${late} en retard : écrivez la nouvelle version (version), ou retirez-la, pour suivre la dernière.`,
  ].join("\n");
}
