import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { project } from "./environment.ts";
import { processStat, runMark, runVariable } from "./orphans.ts";
import { type Finished, run } from "./process.ts";
import { serveProgram } from "./program-server.ts";

/** One event of the engine, as far as it is used; `EngineEvent` of the Automation API. */
export interface EngineEvent {
  resourcePreEvent?: { metadata: StepMetadata };
  resOutputsEvent?: { metadata: StepMetadata };
  resOpFailedEvent?: { metadata: StepMetadata };
  diagnosticEvent?: { urn?: string; message: string; severity: string };
}

export interface StepMetadata {
  op: string;
  urn: string;
  type: string;
  /** Names of changed inputs. */
  diffs?: string[] | null;
}

export interface EngineRun extends Finished {
  events: EngineEvent[];
}

const minute = 60_000;
/** Minutes: longer than what the agent allows itself for a bare host, shorter than anybody's patience. */
const runLimit = 40;

/** The engine on one stack. */
export interface Engine {
  stack: string;
  /** Runs a subcommand; a lock that a dead run left is taken away once. */
  call: (args: readonly string[], input?: string) => Promise<Finished>;
  /** Runs `preview` or `up` with a program of this process, and reads what happened from the event log. */
  update: (args: readonly string[], program: () => Promise<void>, environment: NodeJS.ProcessEnv) => Promise<EngineRun>;
}

/** How the engine is to work, whatever the stack. */
export const engineSettings = {
  // One state write at the end: a kill loses no more than what the next run adopts again.
  PULUMI_EXPERIMENTAL: "true",
  PULUMI_SKIP_CHECKPOINTS: "true",
  PULUMI_PARALLEL_DIFF: "true",
  PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
  // The event log is behind this switch; the Automation API uses it as well.
  PULUMI_DEBUG_COMMANDS: "true",
};

/**
 * Minutes after which a run is ended: nobody waits for ever for a server that took a request and says nothing.
 * @param said value of `CASSIOPEA_RUN_LIMIT`
 * @returns undefined when that is no number of minutes between a quarter and a day
 */
export function runMinutes(said = String(runLimit)): number | undefined {
  const minutes = /^\d{1,4}(\.\d{1,2})?$/.test(said) ? Number(said) : Number.NaN;
  return minutes >= 0.25 && minutes <= 24 * 60 ? minutes : undefined;
}

/**
 * The engine with the environment of a stack (see `stackEnvironment`).
 * @param minutes after which a run is ended, in order
 */
export function engineOf(stack: string, environment: NodeJS.ProcessEnv, minutes = runLimit): Engine {
  const env: NodeJS.ProcessEnv = {
    ...environment,
    [runVariable]: runMark(),
    ...engineSettings,
  };
  const once = async (args: readonly string[], more: NodeJS.ProcessEnv, input: string): Promise<Finished> =>
    run("env", ["--default-signal=INT", "pulumi", ...args, "--stack", stack, "--non-interactive", "--color", "never"], {
      env: { ...env, ...more },
      cwd: project,
      input,
      timeoutMs: minutes * minute,
    });
  const call = async (args: readonly string[], input = "", more: NodeJS.ProcessEnv = {}): Promise<Finished> => {
    const result = await once(args, more, input);
    if (result.code === 0 || !leftLocked(`${result.stdout}\n${result.stderr}`)) return result;
    await once(["cancel", "--yes"], {}, "");
    return once(args, more, input);
  };
  return {
    stack,
    call,
    update: async (args, program, more) => {
      const folder = mkdtempSync(join(tmpdir(), "cassiopea-"));
      const served = await serveProgram(program);
      // A trace per resource costs a quarter of the program's time.
      const { stackTraceLimit } = Error;
      Error.stackTraceLimit = 0;
      try {
        const log = join(folder, "events.json");
        const result = await call([...args, "--client", served.address, "--event-log", log], "", more);
        return { ...result, events: readEvents(log) };
      } finally {
        Error.stackTraceLimit = stackTraceLimit;
        served.close();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

function readEvents(file: string): EngineEvent[] {
  try {
    return readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as EngineEvent);
  } catch {
    // No log: the engine ended before its first event, and its output says why.
    return [];
  }
}

/** Owners of the locks that the engine names in its refusal. */
export function lockOwners(text: string): { host: string; pid: number }[] {
  return [...text.matchAll(/created by \S*?@(\S+) \(pid (\d+)\)/g)].map(([, host = "", pid]) => ({
    host,
    pid: Number(pid),
  }));
}

/** Whether a refusal is for locks whose owners were on this machine and are dead. */
export function leftLocked(text: string, isAlive = isRunning, here = hostname()): boolean {
  const owners = text.includes("currently locked") ? lockOwners(text) : [];
  return owners.length > 0 && owners.every(({ host, pid }) => host === here && !isAlive(pid));
}

function isRunning(pid: number): boolean {
  return processStat(pid)?.name === "pulumi";
}
