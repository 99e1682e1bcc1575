import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { type ProcessStat, parseProcessStat } from "../../src/process-stat.ts";

export interface Measure {
  seconds: number;
  /** CPU of the whole process tree. */
  cpuSeconds: number;
  /** Highest sum of the tree's resident sets, in MB. */
  peakMegabytes: number;
  code: number;
  text: string;
}

const pageBytes = 4096;

function sampleAll(): Map<number, ProcessStat> {
  const samples = new Map<number, ProcessStat>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = parseProcessStat(readFileSync(`/proc/${name}/stat`, "utf8"));
      if (stat !== undefined) samples.set(Number(name), stat);
    } catch {
      // Ended between the listing and the reading.
    }
  }
  return samples;
}

/** Runs a command and measures its whole process tree: wall time, CPU, peak of resident memory (sampled every 40 ms). */
export async function measure(
  command: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<Measure> {
  const start = performance.now();
  // The shell waits for the command, so that its `times` (user and system time of ended children) covers the whole tree.
  const child = spawn("bash", ["-c", '"$@"; code=$?; times >&3; exit $code', "bash", command, ...args], {
    ...options,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  let text = "";
  let times = "";
  child.stdout?.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  child.stderr?.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  (child.stdio[3] as Readable).setEncoding("utf8").on("data", (part: string) => {
    times += part;
  });
  let peakPages = 0;
  const root = child.pid ?? 0;
  const timer = setInterval(() => {
    const samples = sampleAll();
    const inTree = (pid: number): boolean => pid === root || (pid > 1 && inTree(samples.get(pid)?.parent ?? 0));
    let pages = 0;
    for (const [pid, sample] of samples) {
      if (!inTree(pid)) continue;
      pages += sample.residentPages;
    }
    peakPages = Math.max(peakPages, pages);
  }, 40);
  const code = await new Promise<number>((resolve) => child.once("close", (status) => resolve(status ?? 1)));
  clearInterval(timer);
  const seconds = (performance.now() - start) / 1000;
  const cpuSeconds = [...(times.split("\n")[1] ?? "").matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest),
    0,
  );
  return { seconds, cpuSeconds, peakMegabytes: (peakPages * pageBytes) / 1e6, code, text };
}
