import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Variable that the engine and its plugins inherit: `<pid>:<start time>` of the runner that started them. */
export const runVariable = "CASSIOPEA_RUN";

/** Ticks since boot at which a process started, undefined when there is none (proc_pid_stat(5), field 22). */
function startTime(pid: number): string | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    // A killed process stays listed until its parent has taken note of its end.
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** Value of the variable for the runs of this process. */
export function runMark(): string {
  return `${process.pid}:${startTime(process.pid) ?? ""}`;
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
  return startTime(Number(pid)) !== start;
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
