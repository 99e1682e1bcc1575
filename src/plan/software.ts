import { knownSoftware } from "../catalogue/software.ts";
import type { DocumentSoftware } from "../document.ts";
import type { Member } from "../load.ts";
import { fullName } from "../member/names.ts";
import { inService } from "../member/service.ts";
import type { Declaration } from "../schema.ts";
import { hasWeb } from "./sites.ts";

/** The version that a declared software is to have: the one of its file, else the latest known; undefined where people see to it. */
export function wantedVersion(entry: Pick<NonNullable<Declaration["software"]>[number], "software" | "version">) {
  const known = knownSoftware(entry.software);
  return known?.way === "people" ? undefined : (entry.version ?? known?.releases[0]?.version);
}

/** The database of a declared software: the one of its file, else the member's only one. */
export function databaseOf(declaration: Declaration, entry: { database?: string | undefined }): string | undefined {
  const { databases = [] } = declaration;
  return entry.database ?? (databases.length === 1 ? databases[0]?.name : undefined);
}

/**
 * Software of a member that a host installs and keeps up to date, by site and folder. What is no longer in service is still there,
 * and still shut against what strangers must not read; nobody looks after it any more.
 */
export function softwareOf({ id, declaration }: Member, today: string | undefined): DocumentSoftware[] {
  if (!hasWeb(declaration, today)) return [];
  return (declaration.software ?? [])
    .flatMap((entry) => {
      const version = wantedVersion(entry);
      const database = databaseOf(declaration, entry);
      const hasBegun = today === undefined || entry.from === undefined || entry.from <= today;
      if (version === undefined || database === undefined || !hasBegun) return [];
      const { software, site, folder } = entry;
      return [
        {
          software: software as DocumentSoftware["software"],
          site,
          ...(folder === undefined ? {} : { folder }),
          database: fullName(id, database),
          version,
          ...(inService(entry, today) ? {} : { ended: true as const }),
        },
      ];
    })
    .sort((a, b) => (`${a.site}/${a.folder ?? ""}` < `${b.site}/${b.folder ?? ""}` ? -1 : 1));
}
