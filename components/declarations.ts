import { checkMembers } from "../src/checks.ts";
import { loadMembers } from "../src/load.ts";
import { chainsOf } from "../src/member/chain.ts";
import { checkPlaces } from "../src/plan/place.ts";
import { planAll } from "../src/plan/plan.ts";
import type { Host, MemberPlan } from "../src/plan/types.ts";

export interface Declared {
  plans: MemberPlan[];
  /** All problems of all files, located, in French; no plan when there is one. */
  problems: string[];
}

/**
 * Reads, checks and plans the members of a folder. Pure but for reading the folder.
 * @param today `yyyy-mm-dd`: what is in service on that day is planned
 */
export function declaredPlans(
  folder: string,
  hosts: readonly Host[],
  { defaultHost, today }: { defaultHost: string | undefined; today: string },
): Declared {
  const loaded = loadMembers(folder);
  const problems = [...checkMembers(loaded), ...checkPlaces(loaded, hosts, defaultHost)].map(String);
  if (problems.length > 0) return { plans: [], problems };
  const chains = chainsOf(loaded);
  return { plans: planAll(loaded.members, hosts, { defaultHost, today, chains }), problems: [] };
}
