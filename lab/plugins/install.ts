import { createHash } from "node:crypto";
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { build } from "esbuild";
import { officialHostResolves } from "../engine/official.ts";
import { withLock } from "../hosts/lock.ts";
import { run, step } from "../run.ts";
import { cache, versions } from "../settings.ts";

export const pluginNames = ["command", "mysql", "cloudflare"] as const;
type PluginName = (typeof pluginNames)[number];

/** Which plugins are installed; kept beside them. */
export interface PluginRecord {
  /** `CASSIOPEA_PLUGINS` when they were installed. */
  setting: string;
  kind: "official" | "stand-in" | "folder";
  /** Changes when what is installed has to change. */
  content: string;
}

type File = Record<PluginName, string>;

function recordFile(pulumiHome: string): string {
  return join(pulumiHome, "plugins", "cassiopea.json");
}

/** What is installed in this PULUMI_HOME, or undefined when nothing was installed to the end. */
export function installedPlugins(pulumiHome: string): PluginRecord | undefined {
  const file = recordFile(pulumiHome);
  const complete = existsSync(file) && pluginNames.every((name) => existsSync(pluginFile(pulumiHome, name)));
  return complete ? (JSON.parse(readFileSync(file, "utf8")) as PluginRecord) : undefined;
}

/** Where the engine looks for a plugin; the version is the one that its SDK asks for. */
function pluginFile(pulumiHome: string, name: PluginName): string {
  return join(pulumiHome, "plugins", `resource-${name}-v${versions[name]}`, `pulumi-resource-${name}`);
}

/**
 * Installs the provider plugins: Pulumi's own, the stand-ins, or those of a folder; `CASSIOPEA_PLUGINS` chooses.
 * Idempotent; another setting, or a stand-in whose source changed, installs anew.
 * @param environment with `pulumi` on its PATH
 */
export async function ensurePlugins(
  pulumiHome: string,
  environment: NodeJS.ProcessEnv,
  setting: string = process.env["CASSIOPEA_PLUGINS"] ?? "auto",
): Promise<PluginRecord> {
  const known = ["auto", "official", "stand-in"].includes(setting);
  if (!known && !existsSync(setting)) {
    throw new Error(
      `CASSIOPEA_PLUGINS is “${setting}”; it can be auto, official, stand-in or a folder with pulumi-resource-<name>.`,
    );
  }
  const env = { ...environment, PULUMI_HOME: pulumiHome };
  return withLock("plugins", async () => {
    const installed = installedPlugins(pulumiHome);
    const kept = installed?.setting === setting ? installed : undefined;
    if (!known) return fromFiles("folder", setting, folderFiles(setting), kept, env);
    // Once `auto` has had to take stand-ins it keeps them: plugins don't change under a stack by themselves.
    if (setting === "stand-in" || (setting === "auto" && kept?.kind === "stand-in")) {
      return fromFiles("stand-in", setting, await standIns(), kept, env);
    }
    if (kept?.kind === "official") return kept;
    if (setting === "official" || (await officialHostResolves())) {
      try {
        return await official(setting, env);
      } catch (error) {
        if (setting === "official") throw error;
        process.stderr.write(
          `  The official plugins can't be had (${String(error)}): stand-ins are installed instead.\n`,
        );
      }
    }
    return fromFiles("stand-in", setting, await standIns(), kept, env);
  });
}

async function official(setting: string, env: NodeJS.ProcessEnv): Promise<PluginRecord> {
  await step("downloading the official plugins", async () => {
    for (const name of pluginNames) await install(name, [], env);
  });
  return record({ setting, kind: "official", content: pluginNames.map((name) => versions[name]).join(" ") }, env);
}

async function fromFiles(
  kind: "stand-in" | "folder",
  setting: string,
  files: File,
  kept: PluginRecord | undefined,
  env: NodeJS.ProcessEnv,
): Promise<PluginRecord> {
  const marks = pluginNames.map((name) => {
    const { size, mtimeMs } = statSync(files[name]);
    return [files[name], size, mtimeMs].join(" ");
  });
  const content = createHash("sha256").update(marks.join("\n")).digest("hex").slice(0, 16);
  if (kept?.kind === kind && kept.content === content) return kept;
  await step(`installing the plugins (${kind === "folder" ? setting : kind})`, async () => {
    for (const name of pluginNames) await install(name, ["--file", files[name]], env);
  });
  return record({ setting, kind, content }, env);
}

/** Installs over what is there; until all are done nothing counts as installed. */
async function install(name: PluginName, source: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  rmSync(recordFile(env["PULUMI_HOME"] ?? ""), { force: true });
  await run("pulumi", ["plugin", "install", "resource", name, versions[name], "--exact", "--reinstall", ...source], {
    env,
  });
}

function record(entry: PluginRecord, env: NodeJS.ProcessEnv): PluginRecord {
  writeFileSync(recordFile(env["PULUMI_HOME"] ?? ""), JSON.stringify(entry));
  return entry;
}

function folderFiles(folder: string): File {
  if (!isAbsolute(folder)) throw new Error(`CASSIOPEA_PLUGINS: ${folder} must be an absolute path`);
  const file = (name: PluginName) => {
    const path = join(folder, `pulumi-resource-${name}`);
    accessSync(path, constants.X_OK);
    return path;
  };
  return { command: file("command"), mysql: file("mysql"), cloudflare: file("cloudflare") };
}

/** Bundles the stand-ins, each into one file that needs nothing beside it but Node, kept by its content. */
async function standIns(): Promise<File> {
  const folder = join(cache, "plugins");
  const file = async (name: PluginName) => {
    const { outputFiles } = await build({
      entryPoints: [join(import.meta.dirname, name, "main.ts")],
      bundle: true,
      write: false,
      platform: "node",
      format: "cjs",
      target: "node24",
      banner: { js: "#!/usr/bin/env node" },
      // ssh2 goes without its optional native parts.
      external: ["*.node", "cpu-features"],
      logLevel: "error",
    });
    const text = outputFiles[0]?.contents ?? new Uint8Array();
    const key = createHash("sha256").update(text).digest("hex").slice(0, 16);
    const path = join(folder, key, `pulumi-resource-${name}`);
    if (!existsSync(path)) {
      mkdirSync(dirname(path), { recursive: true });
      const partial = `${path}.${process.pid}`;
      writeFileSync(partial, text);
      chmodSync(partial, 0o755);
      renameSync(partial, path);
    }
    return path;
  };
  const [command, mysql, cloudflare] = await Promise.all([file("command"), file("mysql"), file("cloudflare")]);
  // Bundles of earlier sources.
  const current = new Set([command, mysql, cloudflare].map(dirname));
  for (const key of readdirSync(folder)) {
    if (!current.has(join(folder, key))) rmSync(join(folder, key), { recursive: true, force: true });
  }
  return { command, mysql, cloudflare };
}
