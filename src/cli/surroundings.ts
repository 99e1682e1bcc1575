import type { AskDns } from "../dns/value.ts";
import type { StackHosts } from "./check.ts";

/** What commands need from around them: `src/` has no clock and no network, and starts nothing. */
export interface Surroundings {
  /** `yyyy-mm-dd` at the association's place. */
  today: string;
  stackHosts: StackHosts;
  /** The value of `pulumi stack export` of a stack. @throws InputError when there is none */
  exportStack: (stack: string) => Promise<unknown>;
  askDns: AskDns;
}
