/** Versions of PHP that the hosts have, with the last day of their security support; the first is the hosts' own. */
export const phpVersions: readonly { version: string; until: string }[] = [{ version: "8.4", until: "2028-12-31" }];
