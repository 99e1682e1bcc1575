import { setTimeout as sleep } from "node:timers/promises";

/**
 * Calls `attempt` until it returns, or throws with `giveUp` true for the number of failures so far (from 1).
 * The pauses are those of the official plugin (sdk/go/common/util/retry): 100 ms, then 1.5 times longer, at most 5 s.
 */
export async function retryUntil<T>(
  attempt: () => Promise<T>,
  giveUp: (failures: number, error: unknown) => boolean,
  failed: (failures: number) => void,
): Promise<T> {
  let pauseMs = 100;
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (giveUp(failures, error)) throw error;
      failed(failures);
    }
    await sleep(pauseMs);
    pauseMs = Math.min(pauseMs * 1.5, 5000);
  }
}
