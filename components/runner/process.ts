import { spawn } from "node:child_process";

export interface Finished {
  /** Exit code; 124 when its time was over. */
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  env: NodeJS.ProcessEnv;
  cwd?: string;
  input?: string;
  /** Open files in the place of the input and of what is collected of stdout. */
  stdin?: number | undefined;
  stdout?: number | undefined;
  /** After this the process is asked to end, and 15 s later killed. */
  timeoutMs: number;
}

const graceMs = 15_000;

/** Runs a program to its end, within a time, and collects what it printed. Never throws for its exit code. */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<Finished> {
  const { env, cwd, input = "", timeoutMs, stdin = "pipe", stdout = "pipe" } = options;
  const child = spawn(command, args, { env, stdio: [stdin, stdout, "pipe"], ...(cwd === undefined ? {} : { cwd }) });
  const printed = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]?.setEncoding("utf8").on("data", (text: string) => {
      printed[stream] += text;
    });
  }
  // The program may end without reading its input.
  child.stdin?.on("error", () => undefined).end(input);
  let late = false;
  const ask = setTimeout(() => {
    late = true;
    child.kill("SIGINT");
  }, timeoutMs);
  const force = setTimeout(() => child.kill("SIGKILL"), timeoutMs + graceMs);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      // `exit`, not `close`: a plugin that outlives the engine may hold the pipes open.
      child.once("exit", (status) => setTimeout(() => resolve(status ?? 1), status === null ? 0 : 20));
    });
    return { code: late ? 124 : code, ...printed };
  } finally {
    clearTimeout(ask);
    clearTimeout(force);
  }
}
