import { existsSync } from "node:fs";
import type { MemberDocument } from "../../src/document.ts";
import type { Drift } from "../result.ts";
import { artefactOf } from "./artefact.ts";
import { nameOf, type Place, placesOf } from "./place.ts";
import { altered, detect, install, replace } from "./spip.ts";

const listed = ({ software: { version } }: Place) => artefactOf(version);

/** Installs and upgrades a member's software where it is not the one that is wanted; gives what changed and what is to be told. */
export function applySoftware(document: MemberDocument): { changed: string[]; warnings: string[] } {
  const changed: string[] = [];
  const warnings: string[] = [];
  for (const place of placesOf(document)) {
    const found = detect(place);
    if (found === place.software.version && altered(place, listed(place)).length === 0) continue;
    if (found === undefined) install(place);
    else warnings.push(...replace(place, found));
    changed.push(`${nameOf(place)} ${place.software.version}`);
  }
  return { changed, warnings };
}

/** Software of a member that is missing, of another version, or whose program was changed by hand. */
export function driftOfSoftware(document: MemberDocument): Drift[] {
  const { member } = document;
  return placesOf(document).flatMap((place): Drift[] => {
    const key = `software.${place.software.site}`;
    const found = detect(place);
    if (found !== place.software.version)
      return [{ path: place.target, kind: found === undefined ? "hand-made" : "not-applied", key, member }];
    if (!existsSync(listed(place).list)) return [];
    return altered(place, listed(place)).map((path) => ({
      path: `${place.target}/${path}`,
      kind: "hand-made",
      key,
      member,
    }));
  });
}
