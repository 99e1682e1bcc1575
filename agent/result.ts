import type { HostUsage } from "../src/billing/host-usage.ts";
import type { Handover } from "../src/handover.ts";

/** Exit codes of every verb; the runner tells its user what to do by them. */
export const EXIT = { ok: 0, bug: 1, drift: 2, locked: 3, rejected: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** One difference between what the documents say and what the host is. */
export interface Drift {
  /** A file's path, or the thing's name (`user asso42`, `socket php-member@asso42`). */
  path: string;
  /** `hand-made`: changed on the host since the agent wrote it; `not-applied`: the documents or the agent changed since. */
  kind: "hand-made" | "not-applied";
  /** Left out for what is the host's own. */
  member?: string;
  /** Key in the document that the thing comes from, e.g. `sites.asso42.be`. */
  key: string;
}

/** What a verb prints on stdout, as one line of JSON. It may land in Pulumi's state: no secret (but in `handover`), no time. */
export interface Result {
  verb: string;
  changed: string[];
  drift: Drift[];
  warnings: string[];
  /** PEM, of the verb `request`. */
  request?: string;
  /** Public DKIM keys by selector, of the verb `keys`. */
  keys?: Record<string, string>;
  /** Figures of a month, of the verb `measure`. */
  usage?: HostUsage;
  /** What the verb `export` wrote: the id, and the bytes of all parts. */
  export?: { id: string; bytes: number };
  /** Of the verb `handover`, which no engine runs: the only answer with passwords in it. */
  handover?: Handover;
  error?: string;
}

/** A result with nothing in it yet. */
export function emptyResult(verb: string): Result {
  return { verb, changed: [], drift: [], warnings: [] };
}

/** A refusal that its reader can act on; everything else that is thrown counts as a bug. */
export class Rejection extends Error {
  readonly code: ExitCode;
  constructor(message: string, code: ExitCode = EXIT.rejected) {
    super(message);
    this.name = "Rejection";
    this.code = code;
  }
}

/** The exit code that stands for whatever was thrown. */
export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof Rejection ? error.code : EXIT.bug;
}
