import { join } from "node:path";
import { hasSetUpHost, keepSetUpHost } from "../../lab/hosts/index.ts";
import { run } from "../../lab/run.ts";
import { hosts, project } from "../../lab/settings.ts";
import { type Measure, measure } from "./measure.ts";

/** The host that the benchmarks use. */
export const [host] = hosts;

/** Runs a lab command, and throws when it fails. */
export async function lab(...args: string[]): Promise<void> {
  await run("sh", [join(project, "lab", "lab.sh"), ...args]);
}

/** What was measured of a command that has to succeed. */
export function succeeded(what: string, result: Measure): Measure {
  if (result.code !== 0) throw new Error(`${what}: exit ${result.code}\n${result.text.slice(-4000)}`);
  return result;
}

/** The product's command line on the lab's stack, measured. */
export async function cassiopea(verb: string, ...options: string[]): Promise<Measure> {
  const command = [join(project, "components", "cassiopea.js"), verb, "--stack", "lab", ...options];
  return succeeded(`cassiopea ${verb}`, await measure(process.execPath, command, { cwd: project, env: process.env }));
}

/** Has a set-up host kept, from which every measure starts. */
export async function ensureSetUpHost(): Promise<void> {
  if (await hasSetUpHost(host)) return;
  await lab("reset", "--hosts", "1");
  await cassiopea("up", "--hosts-only");
  await keepSetUpHost(host);
}
