import { checkMembers } from "../src/checks.ts";
import { loadMembers } from "../src/load.ts";
import { plan } from "../src/plan/plan.ts";
import type { Host, MemberPlan } from "../src/plan/types.ts";

export interface Declared {
  plans: MemberPlan[];
  /** All problems of all files, located, in French; no plan when there is one. */
  problems: string[];
}

/** Reads, checks and plans the members of a folder. Pure but for reading the folder. */
export function declaredPlans(folder: string, hosts: readonly Host[], defaultHost: string | undefined): Declared {
  void defaultHost;
  const { members, problems } = loadMembers(folder);
  const all = [...problems, ...checkMembers(members)];
  return all.length > 0
    ? { plans: [], problems: all.map(String) }
    : { plans: members.map((member) => plan(member, [...hosts])), problems: [] };
}
