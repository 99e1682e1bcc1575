import { cpSync, mkdtempSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onHost } from "../../lab/hosts/ssh.ts";
import { type RunResult, run } from "../../lab/run.ts";
import { hosts, type LabHost, network, ports, project } from "../../lab/settings.ts";
import { generateMembers } from "../support/generate.ts";

export { onHost };

export interface Timed extends RunResult {
  seconds: number;
  /** stdout and stderr together, for what a person would have read. */
  text: string;
}

/** Runs the project's command line as a user does, and never throws for its exit code. */
export async function cassiopea(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Timed> {
  return timed(process.execPath, [join(project, "components", "cassiopea.js"), ...args], environment);
}

/** Runs a lab command (`up`, `reset`, `pulumi …`), and throws when it fails unless `check` is false. */
export async function lab(args: readonly string[], { check = true, ...environment }: { check?: boolean } & NodeJS.ProcessEnv = {}) {
  const result = await timed("sh", [join(project, "lab", "lab.sh"), ...args], environment);
  if (check && result.code !== 0) throw new Error(`lab ${args.join(" ")}: exit ${result.code}\n${result.text.slice(-3000)}`);
  return result;
}

async function timed(command: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Timed> {
  const start = performance.now();
  const result = await run(command, args, {
    check: false,
    cwd: project,
    env: { ...process.env, NO_COLOR: "1", ...environment },
  });
  return { ...result, seconds: (performance.now() - start) / 1000, text: `${result.stdout}\n${result.stderr}` };
}

/** The lab's host of this name. */
export function labHost(name: LabHost["host"]): LabHost {
  const host = hosts.find((candidate) => candidate.host === name);
  if (host === undefined) throw new Error(`the lab has no host ${name}`);
  return host;
}

/** A folder of generated members; `place` names the host of each. */
export function generated(count: number, place?: (index: number) => string): string {
  const folder = mkdtempSync(join(tmpdir(), "cassiopea-members-"));
  generateMembers(count, folder, place === undefined ? {} : { place });
  return folder;
}

/** A copy of the sample members that a test may change. */
export function samples(): string {
  const folder = mkdtempSync(join(tmpdir(), "cassiopea-members-"));
  cpSync(join(project, "members"), folder, { recursive: true });
  return folder;
}

/** Answers of the lab's authoritative DNS server, one a line. */
export async function dig(name: string, type: string): Promise<string[]> {
  const { stdout } = await run("dig", [`@${network.address}`, "-p", String(ports.dns), "+short", "+time=2", "+tries=2", name, type]);
  return stdout.split("\n").filter((line) => line !== "");
}

/** Fetches `http://name/path` at the address that the lab's DNS gives. */
export async function fetchByDns(name: string, path = "/"): Promise<{ address: string; status: number; body: string }> {
  const [address] = await dig(name, "A");
  if (address === undefined) throw new Error(`${name} has no address in the lab's DNS`);
  return new Promise((resolve, reject) => {
    get({ host: address, port: 80, path, headers: { Host: name }, timeout: 10_000 }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      response.on("end", () => resolve({ address, status: response.statusCode ?? 0, body }));
    }).on("error", reject);
  });
}

/** Faults that the emulator of the DNS API answers with, and its counters. */
export async function dnsControl(path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${ports.dnsApi}/lab/${path}`, {
    method: body === undefined ? "GET" : "POST",
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  if (!answer.ok) throw new Error(`emulator: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
