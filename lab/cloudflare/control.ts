/** What the next requests that match get instead of their answer. */
export interface Fault {
  /** HTTP method; any when absent */
  method?: string;
  /** regular expression for path and query; any when absent */
  path?: string;
  /** how many requests; 1 unless said */
  times?: number;
  /** an answer with `status`, a connection closed without an answer, or no answer at all; "status" unless said */
  action?: "status" | "hangup" | "silence" | "delay";
  /** whether the change is made before the fault (a lost answer); "before" = the request changes nothing */
  when?: "before" | "after";
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** waited before anything else */
  delayMs?: number;
}

export interface RateLimit {
  requests: number;
  seconds: number;
}

interface Window {
  start: number;
  used: number;
}

const bodies: Readonly<Record<number, unknown>> = {
  429: {
    success: false,
    errors: [{ code: 971, message: "Please wait and consider throttling your request speed" }],
    messages: [],
    result: null,
  },
  500: { success: false, errors: [{ code: 10_000, message: "Internal error" }], messages: [], result: null },
};

/** Body of an answer that is only a status. */
export function bodyOf(status: number): unknown {
  return bodies[status] ?? bodies[500];
}

/** Faults to come, counters of calls and the rate limit: what tests steer and read. */
export class Control {
  faults: Fault[] = [];
  /** calls by `METHOD /path` with ids as `:id` */
  calls: Record<string, number> = {};
  rateLimit: RateLimit | undefined;
  #windows = new Map<string, Window>();

  /** Counts a call. */
  count(method: string, path: string): void {
    const key = `${method} ${path.replaceAll(/\/[0-9a-f]{32}(?=\/|$)/g, "/:id")}`;
    this.calls[key] = (this.calls[key] ?? 0) + 1;
  }

  /** The fault that is next for this request, used up by it. */
  take(method: string, target: string): Fault | undefined {
    const index = this.faults.findIndex(
      (fault) =>
        (fault.method ?? method) === method && (fault.path === undefined || new RegExp(fault.path).test(target)),
    );
    const fault = this.faults[index];
    if (fault === undefined) return undefined;
    fault.times = (fault.times ?? 1) - 1;
    if (fault.times <= 0) this.faults.splice(index, 1);
    return fault;
  }

  /** Seconds to wait when this user has spent the window's calls, else undefined. Calls refused count too. */
  exceeded(user: string, nowMs: number): number | undefined {
    const limit = this.rateLimit;
    if (limit === undefined) return undefined;
    const open = this.#windows.get(user);
    const window = open === undefined || nowMs >= open.start + limit.seconds * 1000 ? { start: nowMs, used: 0 } : open;
    window.used += 1;
    this.#windows.set(user, window);
    return window.used > limit.requests ? Math.ceil((window.start + limit.seconds * 1000 - nowMs) / 1000) : undefined;
  }

  /** Forgets faults, counters and windows. */
  reset(): void {
    this.faults = [];
    this.calls = {};
    this.#windows.clear();
  }
}
