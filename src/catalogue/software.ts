/** Software that the association knows: level of assistance by date (B47), oldest first. */
export const software = {
  spip: { title: "SPIP", levels: [{ from: "2009-01-01", level: 1 }] },
  wikini: { title: "Wikini", levels: [{ from: "2009-01-01", level: 1 }] },
  yeswiki: { title: "YesWiki", levels: [{ from: "2009-01-01", level: 1 }] },
  casiwi: { title: "Casiwi", levels: [{ from: "2009-01-01", level: 1 }] },
  phpbb: { title: "phpBB", levels: [{ from: "2009-01-01", level: 2 }] },
  dolibarr: { title: "Dolibarr", levels: [{ from: "2009-01-01", level: 2 }] },
} as const satisfies Record<string, { title: string; levels: readonly { from: string; level: 1 | 2 }[] }>;

export type SoftwareId = keyof typeof software;

/** Level of assistance of a software on a day; 3 for anything that the association does not know. */
export function levelOn(name: string, day: string): 1 | 2 | 3 {
  const levels: readonly { from: string; level: 1 | 2 }[] = Object.hasOwn(software, name)
    ? software[name as SoftwareId].levels
    : [];
  return levels.findLast((entry) => entry.from <= day)?.level ?? 3;
}
