import { createHash } from "node:crypto";
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseDocument } from "yaml";
import { acmeDirectory } from "./acme/authority.ts";
import { labEnvironment, stateFolder } from "./environment.ts";
import type { Keys } from "./keys.ts";
import { run } from "./run.ts";
import { dnsAccount, type LabHost, labFolder, network, ports, project } from "./settings.ts";

/** The stack's settings file in this clone, which git ignores. */
const stackFile = join(project, "Pulumi.lab.yaml");
/** The same, for the other clones on this machine: it holds the salt of the secrets. */
const keptFile = join(labFolder, "Pulumi.lab.yaml");
/** Hash of the secrets as they were last encrypted, so that they aren't decrypted only to be compared. */
const secretsMark = join(labFolder, "stack-secrets");

/** Secrets of the stack by key of the project, plain. */
export function stackSecrets(keys: Pick<Keys, "ca" | "sqlPassword" | "dnsToken">): Record<string, string> {
  return { dnsToken: keys.dnsToken, sqlPassword: keys.sqlPassword, caKey: keys.ca.key };
}

/** Settings of the stack without secrets, by full key. */
export function stackSettings(hosts: readonly LabHost[], keys: Pick<Keys, "ca" | "hostKeys">): Record<string, unknown> {
  return {
    "cassiopea:hosts": Object.fromEntries(
      hosts.map(({ host, address, name }) => [
        host,
        {
          address,
          port: 22,
          user: "root",
          hostKey: keys.hostKeys[host],
          ipv4: address,
          name,
          roles: ["web", "database"],
        },
      ]),
    ),
    "cassiopea:defaultHost": hosts[0]?.host,
    "cassiopea:deployers": [network.address],
    "cassiopea:dns": { baseUrl: `http://127.0.0.1:${ports.dnsApi}/client/v4`, accountId: dnsAccount },
    "cassiopea:acme": { directory: acmeDirectory, email: "hostmaster@cassiopea.test", trust: keys.ca.certificate },
    "cassiopea:caCertificate": keys.ca.certificate,
    "pulumi:disable-default-providers": ["*"],
  };
}

/** A stack file with these settings in place of its own; the salt and the secrets stay. */
export function withSettings(file: string, settings: Record<string, unknown>): string {
  const document = parseDocument(file);
  for (const [key, value] of Object.entries(settings)) {
    if (value === undefined) document.deleteIn(["config", key]);
    else document.setIn(["config", key], document.createNode(value));
  }
  return document.toString({ lineWidth: 0 });
}

/** Whether the stack `lab` is in the state back end. */
export function stackExists(): boolean {
  return existsSync(join(stateFolder, ".pulumi", "stacks", "cassiopea", "lab.json"));
}

/** Makes the stack `lab` if it is absent, and its settings file in this clone. Idempotent, and without the engine when nothing changed. */
export async function ensureStack(hosts: readonly LabHost[], keys: Keys): Promise<void> {
  if (existsSync(keptFile)) copyFileSync(keptFile, stackFile);
  else rmSync(stackFile, { force: true });
  if (!stackExists()) await pulumi(["stack", "init", "lab", "--no-select", "--secrets-provider", "passphrase"]);
  await ensureSecrets(stackSecrets(keys));
  writeFileSync(stackFile, withSettings(readFileSync(stackFile, "utf8"), stackSettings(hosts, keys)));
  copyFileSync(stackFile, keptFile);
}

/** Encrypts the secrets into the settings file unless they are there; each by stdin, so that none is in a list of processes. */
async function ensureSecrets(secrets: Record<string, string>): Promise<void> {
  const mark = createHash("sha256").update(JSON.stringify(secrets)).digest("hex");
  const config = (parse(readFileSync(stackFile, "utf8")) as { config?: Record<string, unknown> }).config ?? {};
  const present = Object.keys(secrets).every((key) => config[`cassiopea:${key}`] !== undefined);
  if (present && existsSync(secretsMark) && readFileSync(secretsMark, "utf8") === mark) return;
  for (const [key, value] of Object.entries(secrets)) {
    await pulumi(["config", "set", "--secret", "--stack", "lab", key], value);
  }
  writeFileSync(secretsMark, mark);
}

/** Empties the stack's state: what was deployed is forgotten. */
export async function emptyStack(): Promise<void> {
  rmSync(join(stateFolder, ".pulumi"), { recursive: true, force: true });
}

async function pulumi(args: readonly string[], input?: string): Promise<void> {
  await run("pulumi", [...args, "--non-interactive"], {
    cwd: project,
    env: labEnvironment(),
    ...(input === undefined ? {} : { input }),
  });
}
