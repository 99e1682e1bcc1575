import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { onHost } from "../../lab/hosts/ssh.ts";
import { ensureKeys } from "../../lab/keys.ts";
import { type RunResult, run } from "../../lab/run.ts";
import { hosts, type LabHost, ports, project } from "../../lab/settings.ts";
import { withSettings } from "../../lab/stack.ts";
import { dig, visit } from "../../lab/visit.ts";
import type { MemberDocument } from "../../src/document.ts";
import { fileText } from "../checks/support.ts";
import { generateMembers } from "../support/generate.ts";

export { dig, onHost, visit };

export interface Timed extends RunResult {
  seconds: number;
  /** stdout and stderr together, for what a person would have read. */
  text: string;
}

/** Runs the project's command line as a user does, and never throws for its exit code. */
export async function cassiopea(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Timed> {
  return timed(process.execPath, [join(project, "components", "cassiopea.js"), ...args], environment);
}

/** Brings the stack to what is declared; throws what was printed when that fails. */
export async function deploy(folder?: string): Promise<void> {
  const up = await cassiopea(["up", "--stack", "lab", ...(folder === undefined ? [] : ["--members", folder])]);
  if (up.code !== 0) throw new Error(`up: exit ${up.code}\n${up.text}`);
}

/** Runs a lab command (`up`, `reset`, `pulumi …`), and throws when it fails unless `check` is false. */
export async function lab(args: readonly string[], check = true, environment: NodeJS.ProcessEnv = {}) {
  const result = await timed("sh", [join(project, "lab", "lab.sh"), ...args], environment);
  if (check && result.code !== 0)
    throw new Error(`lab ${args.join(" ")}: exit ${result.code}\n${result.text.slice(-3000)}`);
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

/** DNS records of the first generated members, as `dnsRecords` gives them: site, no mail, whose certificates. */
export function recordsOfGenerated(count: number): string[] {
  const ids = Array.from({ length: count }, (_, index) => `m${String(index + 1).padStart(5, "0")}`);
  const { address } = labHost("web1");
  return ids
    .flatMap((id) => [
      `${id}.example A ${address}`,
      `www.${id}.example A ${address}`,
      `${id}.example MX .`,
      `${id}.example TXT "v=spf1 -all"`,
      `_dmarc.${id}.example TXT "v=DMARC1; p=reject"`,
      `${id}.example CAA 0 issue "letsencrypt.org"`,
      `${id}.example CAA 0 iodef "mailto:hostmaster@cassiopea.org"`,
    ])
    .sort();
}

/** A folder of generated members; `place` names the host of each. */
export function generated(count: number, place?: (index: number) => string): string {
  const folder = mkdtempSync(join(tmpdir(), "cassiopea-members-"));
  generateMembers(count, folder, place === undefined ? {} : { place });
  return folder;
}

/** What a declaration says beside the usual; `name`, membership and a web pack since 2026 are given. */
export type Said = { number: number } & Record<string, unknown>;

/** A folder with these declarations by id; their numbers are registered. */
export async function membersFolder(members: Record<string, Said>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "cassiopea-members-"));
  for (const [id, said] of Object.entries(members)) writeMember(folder, id, said);
  const registered = await cassiopea(["check", "--update", "--members", folder]);
  if (registered.code !== 0) throw new Error(`check --update: exit ${registered.code}\n${registered.text}`);
  return folder;
}

/** Writes or replaces a member's file. */
export function writeMember(folder: string, id: string, said: Said): void {
  const from = "2026-01-01";
  const usual = { name: `Association ${id}`, kind: "association", membership: { since: from } };
  writeFileSync(join(folder, `${id}.ts`), fileText({ ...usual, packs: [{ pack: "autonomous", from }], ...said }));
}

/**
 * Gives the lab's first host these roles, until the lab is brought up or reset again.
 * @param ownZone whether the stack has the association's own zone too
 */
export function giveRoles(roles: readonly string[], ownZone = false): void {
  const file = join(project, "Pulumi.lab.yaml");
  const text = readFileSync(file, "utf8");
  const { config } = parse(text) as { config: Record<"cassiopea:hosts" | "cassiopea:dns", Record<string, object>> };
  const hostsOf = config["cassiopea:hosts"];
  const settings = {
    "cassiopea:hosts": { ...hostsOf, web1: { ...hostsOf["web1"], roles } },
    "cassiopea:dns": { ...config["cassiopea:dns"], ownZone },
  };
  writeFileSync(file, withSettings(text, settings));
}

/** Steers the emulator of the DNS API: faults of the next requests, counters. */
export async function dnsControl(
  method: "POST" | "PUT" | "PATCH" | "DELETE" | "GET",
  path: string,
  body?: unknown,
): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${ports.dnsApi}/lab/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  if (!answer.ok) throw new Error(`emulator: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** The result of a question to the DNS API, with the stack's token. */
export async function askDnsApi<T>(path: string, method = "GET", body?: unknown): Promise<T> {
  const { dnsToken } = await ensureKeys();
  const answer = await fetch(`http://127.0.0.1:${ports.dnsApi}/client/v4${path}`, {
    method,
    headers: { authorization: `Bearer ${dnsToken}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return ((await answer.json()) as { result: T }).result;
}

/** A file of trust anchors for delv(1): the zone's DS as the DNS API gives it for the registrar. */
export async function dsAnchors(domain: string): Promise<string> {
  const [zone] = await askDnsApi<{ id: string }[]>(`/zones?name=${domain}`);
  const { ds } = await askDnsApi<{ ds: string }>(`/zones/${zone?.id}/dnssec`);
  const [, tag = "", algorithm = "", kind = "", digest = ""] = /IN DS (\d+) (\d+) (\d+) ([0-9A-F]+)$/.exec(ds) ?? [];
  const file = join(mkdtempSync(join(tmpdir(), "cassiopea-anchor-")), "anchors");
  writeFileSync(file, `trust-anchors { ${domain}. static-ds ${tag} ${algorithm} ${kind} "${digest}"; };\n`);
  return file;
}

/** All records of all zones, as the DNS API lists them: `name type content`, sorted. */
export async function dnsRecords(): Promise<string[]> {
  const zones = await askDnsApi<{ id: string }[]>("/zones?per_page=50");
  const records = await Promise.all(
    zones.map(({ id }) =>
      askDnsApi<{ name: string; type: string; content: string }[]>(`/zones/${id}/dns_records?per_page=100`),
    ),
  );
  return records
    .flat()
    .map(({ name, type, content }) => `${name} ${type} ${content}`)
    .sort();
}

/** The document of a member, as its host holds it. */
export async function documentOn(host: LabHost, member: string): Promise<MemberDocument> {
  return JSON.parse((await onHost(host, `cat /etc/hosting/members/${member}.json`)).stdout) as MemberDocument;
}
