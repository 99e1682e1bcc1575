/** Who keeps a software up to date, and how. */
type Way =
  /** Its driver installs and upgrades it from Debian's package, which these versions came by. */
  | "debian"
  /** People do: its driver is only a contract. */
  | "people";

/** A version with the day that it came out; newest first. */
export interface Release {
  version: string;
  on: string;
}

interface Software {
  title: string;
  /** Level of assistance by date (B47), oldest first. */
  levels: readonly { from: string; level: 1 | 2 }[];
  way: Way;
  releases: readonly Release[];
}

/** Versions of SPIP's branch 4.4 that are known here (https://www.spip.net/fr_rubrique91.html, Debian's changelog). */
const spip: readonly Release[] = [
  { version: "4.4.30", on: "2026-11-05" },
  { version: "4.4.28", on: "2026-10-08" },
  { version: "4.4.23", on: "2026-09-03" },
  { version: "4.4.21", on: "2026-08-20" },
  { version: "4.4.20", on: "2026-08-18" },
  { version: "4.4.19", on: "2026-08-12" },
  { version: "4.4.16", on: "2026-07-09" },
  { version: "4.4.15", on: "2026-05-23" },
  { version: "4.4.13", on: "2026-03-08" },
  { version: "4.4.11", on: "2026-03-02" },
  { version: "4.4.3", on: "2025-09-09" },
];

/** Software that the association knows. */
export const software = {
  spip: { title: "SPIP", levels: [{ from: "2009-01-01", level: 1 }], way: "debian", releases: spip },
  wikini: { title: "Wikini", levels: [{ from: "2009-01-01", level: 1 }], way: "people", releases: [] },
  yeswiki: { title: "YesWiki", levels: [{ from: "2009-01-01", level: 1 }], way: "people", releases: [] },
  casiwi: { title: "Casiwi", levels: [{ from: "2009-01-01", level: 1 }], way: "people", releases: [] },
  phpbb: { title: "phpBB", levels: [{ from: "2009-01-01", level: 2 }], way: "people", releases: [] },
  dolibarr: { title: "Dolibarr", levels: [{ from: "2009-01-01", level: 2 }], way: "people", releases: [] },
} as const satisfies Record<string, Software>;

export type SoftwareId = keyof typeof software;

/** What the association knows of a software; undefined when it is any other. */
export function knownSoftware(name: string): Software | undefined {
  return Object.hasOwn(software, name) ? software[name as SoftwareId] : undefined;
}

/** Level of assistance of a software on a day; 3 for anything that the association does not know. */
export function levelOn(name: string, day: string): 1 | 2 | 3 {
  return knownSoftware(name)?.levels.findLast((entry) => entry.from <= day)?.level ?? 3;
}

/** Versions that came out after this one, oldest first; of one that is not known, those that are greater. */
export function newerReleases(name: string, version: string): Release[] {
  const isNewer = (one: Release) => compareVersions(one.version, version) > 0;
  return (knownSoftware(name)?.releases ?? []).filter(isNewer).toReversed();
}

/** Order of two versions by their numbers: negative when the first is the older. */
export function compareVersions(a: string, b: string): number {
  const [one, other] = [a, b].map((text) => text.split(".").map(Number));
  for (let index = 0; index < Math.max(one?.length ?? 0, other?.length ?? 0); index += 1) {
    const difference = (one?.[index] ?? 0) - (other?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
