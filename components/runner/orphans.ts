import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type ProcessStat, parseProcessStat } from "../../src/process-stat.ts";

/** Variable that the engine and its plugins inherit: `<pid>:<start time>` of the runner that started them. */
export const runVariable = "CASSIOPEA_RUN";

/** A process of this machine, undefined when it has ended. */
export function processStat(pid: number): ProcessStat | undefined {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return undefined;
  }
}

/** Value of the variable for the runs of this process. */
export function runMark(): string {
  return `${process.pid}:${processStat(process.pid)?.startTime ?? ""}`;
}

function processesWithMark(): { pid: number; mark: string }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const entry = readFileSync(`/proc/${name}/environ`, "latin1")
          .split("\0")
          .find((one) => one.startsWith(`${runVariable}=`));
        return entry === undefined ? [] : [{ pid: Number(name), mark: entry.slice(runVariable.length + 1) }];
      } catch {
        // Another user's, or ended between the listing and the reading.
        return [];
      }
    });
}

function isOver(mark: string): boolean {
  const [pid = "", start] = mark.split(":");
  return processStat(Number(pid))?.startTime !== start;
}

/**
 * Ends engines and plugins that a runner left behind: those of runners that are dead, and, once this runner's engine has ended, its own.
 * A plugin of a killed run would go on trying, beside the next run.
 * @returns how many were ended
 */
export async function endOrphans(own: "own too" | "of dead runs only"): Promise<number> {
  const mine = runMark();
  const orphans = processesWithMark().filter(({ mark }) => (mark === mine ? own === "own too" : isOver(mark)));
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    const alive = orphans.filter(({ pid, mark }) => processesWithMarkHas(pid, mark));
    for (const { pid } of alive) {
      try {
        process.kill(pid, signal);
      } catch {
        // Ended by itself.
      }
    }
    for (let tries = 0; tries < 20 && alive.some(({ pid, mark }) => processesWithMarkHas(pid, mark)); tries += 1)
      await sleep(50);
  }
  return orphans.length;
}

function processesWithMarkHas(pid: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1").includes(`${runVariable}=${mark}\0`);
  } catch {
    return false;
  }
}
