import { createHash } from "node:crypto";
import * as z from "zod";
import { HostDocument, MEMBER_ID } from "./document.ts";

const place = HostDocument.shape.host.optional();

/**
 * What was ever given to a member: never renamed, never given to another, also after the member has left.
 * One small file per number, `members/registry/<number>`, so that two pull requests that take one number conflict in git.
 */
export const RegistryEntry = z.strictObject({
  id: z.string().regex(MEMBER_ID),
  /** Full names of databases. */
  databases: z.array(z.string()),
  /** Logins of files and of databases: the id and `<id>_<name>`. */
  logins: z.array(z.string()),
  /** Domains of robots. */
  robots: z.array(z.string()),
  /** Addresses of lists. */
  lists: z.array(z.string()),
  /** Short name of the host that has the data of each role. Only a move, which copies the data, changes it. */
  places: z.strictObject({ web: place, database: place, mail: place, lists: place }).optional(),
});
export type RegistryEntry = z.output<typeof RegistryEntry>;

/** Names in an entry, by kind. */
export const registeredKinds = ["databases", "logins", "robots", "lists"] as const;
export type RegisteredKind = (typeof registeredKinds)[number];

/** Hosts of a member's data, by role. */
export type Places = NonNullable<RegistryEntry["places"]>;

/** Roles that hold data of members. */
export const placedRoles = ["web", "database", "mail", "lists"] as const satisfies readonly (keyof Places)[];

/** Highest number: uid 20000 + number stays below 60000. */
export const MAX_NUMBER = 39_999;

/** The number of a new member: a hash of the id, then the next free one. Throws when none is left. */
export function freeNumber(id: string, taken: ReadonlySet<number>): number {
  const start = createHash("sha256").update(id).digest().readUInt32BE(0) % MAX_NUMBER;
  for (let step = 0; step < MAX_NUMBER; step++) {
    const number = ((start + step) % MAX_NUMBER) + 1;
    if (!taken.has(number)) return number;
  }
  throw new Error("All numbers of members are taken.");
}

/** Text of an entry's file. */
export function registryText(entry: RegistryEntry): string {
  const sorted = {
    id: entry.id,
    databases: entry.databases.toSorted(),
    logins: entry.logins.toSorted(),
    robots: entry.robots.toSorted(),
    lists: entry.lists.toSorted(),
    ...placesOf(placedRoles.map((role) => [role, entry.places?.[role]])),
  };
  return `${JSON.stringify(sorted, undefined, 2)}\n`;
}

/** The key `places` of an entry, in the order of the roles; nothing when no role has a place. */
function placesOf(pairs: readonly (readonly [keyof Places, string | undefined])[]): { places?: Places } {
  const known = pairs.filter(([, host]) => host !== undefined);
  return known.length === 0 ? {} : { places: Object.fromEntries(known) };
}

/** An entry that holds everything of both; a place that the first one knows stays. */
export function mergedEntry(a: RegistryEntry, b: RegistryEntry): RegistryEntry {
  const union = (kind: RegisteredKind) => [...new Set([...a[kind], ...b[kind]])];
  return {
    id: a.id,
    databases: union("databases"),
    logins: union("logins"),
    robots: union("robots"),
    lists: union("lists"),
    ...placesOf(placedRoles.map((role) => [role, a.places?.[role] ?? b.places?.[role]])),
  };
}
