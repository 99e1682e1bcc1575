import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { EngineProgram } from "./engine/engine.ts";
import { labFolder, project } from "./settings.ts";

/** What `lab up` found or made, as far as the environment of the engine depends on it. */
export interface LabRecord {
  /** How many hosts run. */
  hosts: number;
  engine: EngineProgram;
  sshAuthSock: string;
  passphraseFile: string;
  /** Roots that the plugins trust, PEM. */
  trustFile: string;
}

/** The lab's own PULUMI_HOME: plugins and nothing of the user's. */
export const pulumiHome = join(labFolder, "pulumi-home");

/** Folder of the lab's state back end. */
export const stateFolder = join(labFolder, "state");

const recordFile = join(labFolder, "lab.json");

/** Settings of a user's cloud and SQL clients, and engine settings that would win over the lab's. */
const noise =
  /^(AWS|AZURE|ARM|GOOGLE|CLOUDSDK|CLOUDFLARE|MYSQL)_|^PULUMI_(ACCESS_TOKEN|CONFIG_PASSPHRASE|HOME|BACKEND_URL|STACK)$/;

/** What `lab up` recorded, or undefined before the first one. */
export function labRecord(): LabRecord | undefined {
  return existsSync(recordFile) ? (JSON.parse(readFileSync(recordFile, "utf8")) as LabRecord) : undefined;
}

/** Variables that lead the engine to the lab, without PATH. */
function labVariables({ sshAuthSock, passphraseFile, trustFile }: LabRecord): Record<string, string> {
  return {
    PULUMI_HOME: pulumiHome,
    PULUMI_BACKEND_URL: `file://${stateFolder}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    NODE_COMPILE_CACHE: join(labFolder, "compile-cache"),
    SSH_AUTH_SOCK: sshAuthSock,
    SSL_CERT_FILE: trustFile,
  };
}

/**
 * Environment in which `pulumi` works on the lab: the process's own without the user's cloud settings, then the lab's.
 * @throws before the first `lab up`
 */
export function labEnvironment(record: LabRecord | undefined = labRecord()): NodeJS.ProcessEnv {
  if (record === undefined) throw new Error("The lab has not been set up on this machine: npm run lab -- up");
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !noise.test(name)));
  // This Node first: the language host and the stand-in plugins take the first `node` of PATH.
  const path = [dirname(process.execPath), join(project, "node_modules", ".bin"), record.engine.bin, own["PATH"]];
  return { ...own, ...labVariables(record), PATH: path.filter((part) => part !== undefined).join(delimiter) };
}

/** Keeps the record, and writes `.cassiopea/lab.env`, from which `npx cassiopea … --stack lab` takes the same environment. */
export function writeLabRecord(record: LabRecord): void {
  mkdirSync(pulumiHome, { recursive: true });
  mkdirSync(stateFolder, { recursive: true });
  writeFileSync(recordFile, JSON.stringify(record, null, 2));
  const variables = { PATH_PREPEND: record.engine.bin, ...labVariables(record) };
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  mkdirSync(join(project, ".cassiopea"), { recursive: true });
  writeFileSync(join(project, ".cassiopea", ".gitignore"), "*\n");
  writeFileSync(
    join(project, ".cassiopea", "lab.env"),
    `# Written by \`npm run lab -- up\`: where the stack \`lab\` lives on this machine.\n${lines.join("")}`,
  );
}
