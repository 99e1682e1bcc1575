import { mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { run, step } from "../run.ts";
import { type BuildRecipe, compareVersions, minimumGo } from "./recipe.ts";

/**
 * Builds programs from their Go modules and moves them into place when all are whole.
 * The engine takes some 5 minutes on 2 cores; Go's own caches (`go env GOMODCACHE GOCACHE`, 3 GB) are only needed meanwhile.
 * @param target folder that will hold the programs; it must not exist
 */
export async function buildPrograms(recipes: readonly BuildRecipe[], target: string): Promise<void> {
  await checkGo();
  // What a killed build left; the caller holds a lock.
  rmSync(dirname(target), { recursive: true, force: true });
  mkdirSync(dirname(target), { recursive: true });
  const partial = mkdtempSync(`${target}.partial-`);
  try {
    for (const recipe of recipes) {
      await step(`building ${recipe.program} from its Go modules`, () =>
        withProgress(recipe.program, () => build(recipe, join(partial, recipe.program))),
      );
    }
    renameSync(partial, target);
    process.stderr.write("  Go's own caches (go env GOMODCACHE GOCACHE, some 3 GB) are needed no more.\n");
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

async function build({ module, mainPackage, flags }: BuildRecipe, output: string): Promise<void> {
  const env = { ...process.env, CGO_ENABLED: "0", GOWORK: "off", GOFLAGS: "" };
  await run("go", ["build", ...flags, "-o", output, mainPackage], { cwd: module, env });
}

/** Throws unless a Go is there that can build them. */
async function checkGo(): Promise<void> {
  const remedy = `Go ≥ ${minimumGo} is needed to build the lab's programs (https://go.dev/doc/install); or put Pulumi's own programs on PATH.`;
  const found = await run("go", ["env", "GOVERSION"], { cwd: import.meta.dirname, check: false }).catch(
    () => undefined,
  );
  if (found === undefined) throw new Error(`There is no Go on PATH. ${remedy}`);
  const version = /^go([\d.]+)/.exec(found.stdout)?.[1];
  // A Go that may fetch a newer toolchain would still say so here, since the folder has no go.mod.
  if (version === undefined || compareVersions(version, minimumGo) < 0) {
    throw new Error(`Go ${version ?? "of an unknown version"} is too old. ${remedy}`);
  }
}

/** Says every 10 seconds that a long step still runs. */
async function withProgress<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const timer = setInterval(() => {
    process.stderr.write(`    ${what}: ${Math.round((performance.now() - start) / 1000)} s so far\n`);
  }, 10_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
