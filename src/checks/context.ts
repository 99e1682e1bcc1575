import { placeOf } from "../load/place.ts";
import type { Loaded, Member } from "../load.ts";
import type { Details, Rule } from "../messages/index.ts";
import { Problem } from "../problem.ts";

/** What a check may look at: everything that was read. It never throws; it returns what is wrong. */
export type Check = (loaded: Loaded) => Problem[];

/** Members who are in the registry before those who are not, so that of two who claim a name the newcomer is told. */
export function bySeniority({ members, registry }: Loaded): Member[] {
  const known = new Set(registry.map(({ entry }) => entry.id));
  const [old, recent] = [members.filter(({ id }) => known.has(id)), members.filter(({ id }) => !known.has(id))];
  return [...old, ...recent];
}

/** A problem at a path of a member's file. */
export function at<R extends Rule>(
  member: Member,
  keys: readonly PropertyKey[],
  rule: R,
  details: Details<R>,
): Problem {
  return new Problem(placeOf(member, keys), rule, details);
}

/** A problem of a whole file. */
export function atFile<R extends Rule>(file: string, rule: R, details: Details<R>): Problem {
  return new Problem({ file, line: 1, column: 1, path: "" }, rule, details);
}
