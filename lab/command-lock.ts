import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startTime } from "./daemon.ts";
import { withLock } from "./hosts/lock.ts";
import { labFolder } from "./settings.ts";

/** Names the holder to the lab commands that it runs itself. */
const variable = "CASSIOPEA_LAB_HELD_BY";
const holderFile = join(labFolder, "holder");

interface Holder {
  pid: number;
  startTime: string | undefined;
  what: string;
}

function holder(): Holder | undefined {
  try {
    return JSON.parse(readFileSync(holderFile, "utf8")) as Holder;
  } catch {
    // Nobody holds it, or the file is just being written.
    return undefined;
  }
}

/**
 * Runs `work` while no other command works on this machine's lab; says for whom it waits.
 * A lab command that `work` starts runs at once. A killed holder frees the lab.
 * @param what the command, as the ones that wait will read it
 */
export async function withLab<T>(what: string, work: () => Promise<T>): Promise<T> {
  const above = process.env[variable];
  const current = holder();
  if (above !== undefined && current !== undefined && above === mark(current) && isAlive(current)) return work();
  const waiting = setTimeout(() => {
    const other = holder();
    process.stderr.write(
      `  waiting for the lab${other === undefined ? "" : `: ${other.what} (process ${other.pid})`} …\n`,
    );
  }, 1000);
  return withLock("lab", async () => {
    clearTimeout(waiting);
    const own: Holder = { pid: process.pid, startTime: startTime(process.pid), what };
    writeFileSync(holderFile, JSON.stringify(own));
    process.env[variable] = mark(own);
    try {
      return await work();
    } finally {
      delete process.env[variable];
      rmSync(holderFile, { force: true });
    }
  }).finally(() => clearTimeout(waiting));
}

function mark({ pid, startTime }: Holder): string {
  return `${pid}:${startTime ?? ""}`;
}

function isAlive({ pid, startTime: since }: Holder): boolean {
  return startTime(pid) === since;
}
