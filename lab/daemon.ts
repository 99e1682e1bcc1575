import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { processStat } from "../components/runner/orphans.ts";
import { labFolder } from "./settings.ts";

const folder = join(labFolder, "run");

/** A process of the lab, known by its id and start time, so that a reused id is never taken for it. */
interface ProcessMark {
  pid: number;
  startTime: string;
}

/** Start time of a process in clock ticks after boot, or undefined when it has ended. */
export function startTime(pid: number): string | undefined {
  return processStat(pid)?.startTime;
}

/** Id of the running process that `startDaemon` started under this name, or undefined. */
export function daemonPid(name: string): number | undefined {
  const file = join(folder, `${name}.json`);
  if (!existsSync(file)) return undefined;
  const mark = JSON.parse(readFileSync(file, "utf8")) as ProcessMark;
  return startTime(mark.pid) === mark.startTime ? mark.pid : undefined;
}

/** Starts a background process in a session of its own unless it runs; its output goes to `run/<name>.log`. */
export function startDaemon(
  name: string,
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): number {
  const running = daemonPid(name);
  if (running !== undefined) return running;
  mkdirSync(folder, { recursive: true });
  const log = openSync(join(folder, `${name}.log`), "a");
  const child = spawn(command, args, { detached: true, stdio: ["ignore", log, log], env: environment, cwd: "/" });
  child.on("error", () => {});
  if (child.pid === undefined) throw new Error(`${command} can't be started; is it installed?`);
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ pid: child.pid, startTime: startTime(child.pid) }));
  child.unref();
  return child.pid;
}

/** Ends a process that `startDaemon` started, by its id: TERM, then KILL after `graceMs`. */
export async function stopDaemon(name: string, graceMs = 10_000): Promise<void> {
  const pid = daemonPid(name);
  if (pid !== undefined) {
    process.kill(pid, "SIGTERM");
    for (const end = Date.now() + graceMs; daemonPid(name) !== undefined && Date.now() < end; ) await sleep(50);
    if (daemonPid(name) !== undefined) process.kill(pid, "SIGKILL");
    while (daemonPid(name) !== undefined) await sleep(20);
  }
  rmSync(join(folder, `${name}.json`), { force: true });
}

/** Waits until `ready` is true; throws after `timeoutMs` with `what` and where to look. */
export async function waitFor(what: string, ready: () => Promise<boolean>, timeoutMs = 30_000): Promise<void> {
  for (const end = Date.now() + timeoutMs; Date.now() < end; ) {
    if (await ready()) return;
    await sleep(100);
  }
  throw new Error(`${what} did not get ready within ${timeoutMs / 1000} s; see the logs in ${folder}`);
}
