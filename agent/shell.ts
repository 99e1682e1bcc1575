import { spawnSync } from "node:child_process";
import { Rejection } from "./result.ts";

/** Environment of every command. */
export const environment = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C.UTF-8",
  HOME: "/root",
  DEBIAN_FRONTEND: "noninteractive",
};

let deadline = Number.POSITIVE_INFINITY;

/** Sets the time (milliseconds from now) after which no command is let run on. */
export function limitTime(milliseconds: number): void {
  deadline = Date.now() + milliseconds;
}

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  input?: string;
  /** Runs as this user, without root's groups: everything inside a folder that a member can write is done so. */
  as?: { uid: number; gid: number };
}

/** Runs a command to its end within the time that is left, and gives its exit code and output. */
export function tryRun(command: string, args: readonly string[], options: RunOptions = {}): Outcome {
  const left = deadline - Date.now();
  if (left <= 0) throw new Rejection(`délai dépassé avant ${command}`);
  const done = spawnSync(command, args, {
    encoding: "utf8",
    env: environment,
    cwd: "/",
    input: options.input ?? "",
    maxBuffer: 64 * 1024 * 1024,
    ...(Number.isFinite(left) ? { timeout: left, killSignal: "SIGKILL" as const } : {}),
    ...options.as,
  });
  if (done.error !== undefined && done.status === null && done.signal === null) {
    return { code: 127, stdout: "", stderr: done.error.message };
  }
  if (done.signal !== null) throw new Rejection(`${command} interrompu (${done.signal}), délai dépassé`);
  return { code: done.status ?? 1, stdout: done.stdout, stderr: done.stderr };
}

/** Like `tryRun`, but refuses a failure with the end of what the command said. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): string {
  const done = tryRun(command, args, options);
  if (done.code !== 0) throw new Rejection(`${command} ${args[0] ?? ""} : code ${done.code} : ${lastWords(done)}`);
  return done.stdout;
}

/** The end of a failed command's output, bounded, on one line. */
export function lastWords(done: Outcome): string {
  const text = done.stderr.trim() === "" ? done.stdout : done.stderr;
  return text.trim().split("\n").slice(-4).join(" | ").slice(-600);
}
