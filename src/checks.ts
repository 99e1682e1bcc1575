import type { Check } from "./checks/context.ts";
import * as registry from "./checks/registry.ts";
import type { Loaded } from "./load.ts";
import { type Problem, sortProblems } from "./problem.ts";

/** The rules across members and within one, each a function with one sentence. */
export const checks: readonly Check[] = [
  registry.noFileIsLost,
  registry.oneNumberAnId,
  registry.numberIsRegistered,
  registry.namesAreRegistered,
  registry.namesAreNeverReused,
];

/** Everything wrong in what was loaded, the problems of reading included; sorted. Empty: it may be planned. */
export function checkMembers(loaded: Loaded): Problem[] {
  return sortProblems([...loaded.problems, ...checks.flatMap((check) => check(loaded))]);
}
