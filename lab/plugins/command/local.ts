import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import type { Engine } from "../protocol.ts";
import { type Captured, collector, goQuote } from "./output.ts";

export interface LocalRun {
  command: string;
  stdin: string | undefined;
  environment: Readonly<Record<string, string>>;
  dir: string | undefined;
  interpreter: readonly string[];
  logging: string | undefined;
}

/** Why a process could not be started, in the words of Go's os/exec. */
function startText(error: NodeJS.ErrnoException, run: LocalRun, program: string): string {
  if (run.dir !== undefined && !existsSync(run.dir)) return `chdir ${run.dir}: no such file or directory`;
  if (error.code === "ENOENT" && !program.includes("/"))
    return `exec: ${goQuote(program)}: executable file not found in $PATH`;
  return `fork/exec ${program}: ${error.code === "EACCES" ? "permission denied" : "no such file or directory"}`;
}

const signalTexts: Record<string, string> = {
  SIGKILL: "killed",
  SIGTERM: "terminated",
  SIGINT: "interrupt",
  SIGHUP: "hangup",
};

function exitText(code: number | null, signal: NodeJS.Signals | null): string | undefined {
  if (signal !== null) return `signal: ${signalTexts[signal] ?? `signal ${constants.signals[signal]}`}`;
  return code === 0 ? undefined : `exit status ${code}`;
}

/** Runs a command on this machine, without a time limit. Unread stdin is no failure here. */
export async function runLocal(run: LocalRun, engine: Engine, urn: string): Promise<Captured> {
  const [program, ...args] = [...(run.interpreter.length > 0 ? run.interpreter : ["/bin/sh", "-c"]), run.command];
  const output = collector(run.logging, engine, urn);
  const child = spawn(program, args, {
    env: { ...process.env, ...run.environment },
    ...(run.dir === undefined ? {} : { cwd: run.dir }),
    stdio: ["pipe", "pipe", "pipe"],
  });
  const failure = await new Promise<string | undefined>((done) => {
    child.once("error", (error) => done(startText(error, run, program)));
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].on("data", (chunk: Buffer) => {
        if (output.add(stream, chunk)) return;
        // The official plugin reads no further: the run hangs for ever.
        child.removeAllListeners("close");
        child.stdout.pause();
        child.stderr.pause();
      });
    }
    child.once("close", (code, signal) => done(exitText(code, signal)));
    child.stdin.on("error", () => {}).end(run.stdin ?? "");
  });
  output.finish();
  const captured = output.captured();
  if (failure !== undefined)
    throw new Error(`${failure}: running ${goQuote(run.command)}:\n${captured.mixed.toString("utf8")}`);
  return captured;
}
