import { type SpawnOptions, spawn } from "node:child_process";

export interface RunResult {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program to its end and collects what it printed.
 * @param input text for its stdin, closed afterwards
 * @param onOutput gets each piece of stdout as it comes
 * @throws when it ends with another code than 0, unless `check` is false; the message holds the end of stderr
 */
export async function run(
  command: string,
  args: readonly string[],
  options: SpawnOptions & {
    input?: string;
    check?: boolean;
    timeoutMs?: number;
    onOutput?: (text: string) => void;
  } = {},
): Promise<RunResult> {
  const { input, check = true, timeoutMs, onOutput, ...spawnOptions } = options;
  const child = spawn(command, args, { ...spawnOptions, stdio: ["pipe", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    onOutput?.(text);
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdin?.on("error", () => {}).end(input ?? "");
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), timeoutMs);
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status, signal) => resolve(status ?? (signal === null ? 1 : 128)));
  }).finally(() => clearTimeout(timer));
  if (check && code !== 0) {
    throw new Error(`${command} ${args.join(" ")}: exit ${code}\n${(stderr || stdout).slice(-2000)}`);
  }
  return { code, stdout, stderr };
}

/** Runs a step, says what it does and how long it took. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  process.stderr.write(`• ${title} …\n`);
  const result = await work();
  process.stderr.write(`  ${title}: ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  return result;
}
