import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { withLock } from "../hosts/lock.ts";
import { run } from "../run.ts";
import { cache, versions } from "../settings.ts";
import { buildPrograms } from "./build.ts";
import { downloadEngine, officialHostResolves } from "./official.ts";
import { programsFolder, recipeKey, recipes } from "./recipe.ts";

type EngineSource = "installed" | "official" | "build";

export interface EngineProgram {
  /** Folder with `pulumi` and `pulumi-language-nodejs`. */
  bin: string;
  source: EngineSource;
  /** Of the CLI, without `v`. */
  version: string;
}

/**
 * Finds or makes the engine: one on PATH, Pulumi's own download, or a build; `CASSIOPEA_ENGINE` narrows the choice.
 * Made once and kept in the cache; two runs at a time wait for each other.
 */
export async function ensureEngine(
  setting: string = process.env["CASSIOPEA_ENGINE"] ?? "auto",
): Promise<EngineProgram> {
  if (!["auto", "official", "build"].includes(setting)) {
    throw new Error(`CASSIOPEA_ENGINE is “${setting}”; it can be auto, official or build.`);
  }
  if (setting === "auto") {
    const installed = await installedEngine(process.env["PATH"] ?? "");
    if (installed !== undefined) return installed;
  }
  return withLock("engine", () => keptEngine(setting));
}

async function keptEngine(setting: string): Promise<EngineProgram> {
  const official: EngineProgram = {
    bin: programsFolder("engine", `official-${versions.pulumi}-${process.arch}`),
    source: "official",
    version: versions.pulumi,
  };
  const built: EngineProgram = {
    bin: programsFolder("engine", recipeKey()),
    source: "build",
    version: versions.pulumi,
  };

  if (setting !== "build" && isWhole(official.bin)) return official;
  if (setting !== "official" && isWhole(built.bin)) return built;
  if (setting === "official" || (setting === "auto" && (await officialHostResolves()))) {
    try {
      await downloadEngine(official.bin);
      return official;
    } catch (error) {
      if (setting === "official") throw error;
      process.stderr.write(`  The official engine can't be had (${String(error)}): it is built instead.\n`);
    }
  }
  await buildPrograms(recipes, built.bin);
  const { stdout } = await run(join(built.bin, "pulumi"), ["version"], { env: quiet() });
  if (stdout.trim() !== `v${versions.pulumi}`) throw new Error(`the built engine says that it is ${stdout.trim()}`);
  return built;
}

function isWhole(bin: string): boolean {
  return existsSync(join(bin, "pulumi")) && existsSync(join(bin, "pulumi-language-nodejs"));
}

function quiet(): NodeJS.ProcessEnv {
  return { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
}

/** The engine on PATH when it is of the right version and complete; what the lab itself made doesn't count. */
export async function installedEngine(path: string): Promise<EngineProgram | undefined> {
  const folders = path.split(delimiter).filter((folder) => folder !== "" && !folder.startsWith(join(cache, "engine")));
  const find = (program: string) => folders.map((folder) => join(folder, program)).find(isExecutable);
  const pulumi = find("pulumi");
  if (pulumi === undefined || find("pulumi-language-nodejs") === undefined) return undefined;
  const { stdout } = await run(pulumi, ["version"], { check: false, env: quiet() });
  return stdout.trim() === `v${versions.pulumi}`
    ? { bin: dirname(pulumi), source: "installed", version: versions.pulumi }
    : undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
