// Command line of the lab: `npm run lab -- <command>`.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { Argument, Command, InvalidArgumentError } from "commander";
import { withLab } from "./command-lock.ts";
import { labEnvironment } from "./environment.ts";
import { hosts, project } from "./settings.ts";
import { status } from "./status.ts";
import { down, prepare, type UpOptions, up } from "./up.ts";

const program = new Command("npm run lab --")
  .enablePositionalOptions()
  .description("A whole hosting service on this machine.");

function hostCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > hosts.length) {
    throw new InvalidArgumentError(`It can be 1 to ${hosts.length}.`);
  }
  return count;
}

program
  .command("up")
  .description("sets up what is missing, then starts hosts, DNS and the DNS API; writes Pulumi.lab.yaml")
  .option("--hosts <number>", "how many hosts run (default: as last time)", hostCount)
  .option("--bare", "start anew, with bare Debian hosts")
  .action(async (options: UpOptions) => {
    await withLab("lab up", () => up(options));
    process.stdout.write(status());
  });
program
  .command("prepare")
  .description("sets up engine, plugins and keys, and starts no host")
  .action(() => withLab("lab prepare", prepare));
program
  .command("reset")
  .description("starts anew: fresh hosts (set-up copies where kept), no zones, nothing deployed")
  .option("--hosts <number>", "how many hosts run (default: as last time)", hostCount)
  .option("--bare", "bare Debian hosts")
  .action((options: UpOptions) => withLab("lab reset", () => up({ ...options, reset: true })));
program
  .command("down")
  .description("ends all that the lab started; what it holds stays on disk")
  .action(() => withLab("lab down", down));
program
  .command("status")
  .description("what runs, which engine and plugins, and where")
  .action(() => {
    process.stdout.write(status());
  });
program
  .command("shell")
  .description("a shell, or the command after `--`, in the lab's environment")
  .addArgument(new Argument("[command...]"))
  .passThroughOptions()
  .allowUnknownOption()
  .action(([command, ...args]: string[]) => runInLab(command ?? process.env["SHELL"] ?? "/bin/sh", args));
program
  .command("pulumi")
  .description("the engine on the lab's stack, e.g. `npm run pulumi -- up -s lab`")
  .addArgument(new Argument("[arguments...]"))
  .helpOption(false)
  .passThroughOptions()
  .allowUnknownOption()
  // The language host waits 5 s longer where SIGINT is ignored, as in background jobs.
  .action((args: string[]) => runInLab("env", ["--default-signal=INT", "pulumi", ...args]));
program
  .command("bench")
  .description(
    "time, CPU and memory of preview and up beside a bare program, calls to the DNS API, or a host full of members",
  )
  .argument("[what...]", "numbers of members; `domains`; or `host`, and how many members it has")
  .action((what: string[]) => {
    const [first = "", ...rest] = what;
    const [script, args] = first === "domains" || first === "host" ? [`${first}.ts`, rest] : ["engine.ts", what];
    return withLab("bench", () => runInLab(process.execPath, [join(project, "test", "bench", script), ...args]));
  });
program
  .command("hold", { hidden: true })
  .description("runs a command while no other uses the lab")
  .addArgument(new Argument("<command...>"))
  .passThroughOptions()
  .allowUnknownOption()
  .action(([command = "", ...args]: string[]) => withLab(command, () => runHere(command, args, process.env)));

function runInLab(command: string, args: readonly string[]): Promise<void> {
  return runHere(command, args, labEnvironment());
}

/** Runs a command on the terminal, in the project's root; ends with its exit code. */
async function runHere(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  // Ctrl-C goes to the whole group: the command decides what it means.
  const ignore = () => {};
  process.on("SIGINT", ignore);
  const child = spawn(command, args, { stdio: "inherit", cwd: project, env });
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 128)));
  });
  process.off("SIGINT", ignore);
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
