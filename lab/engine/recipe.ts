import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cache, versions } from "../settings.ts";

/** One program and how Go builds it; each has a module of its own, as they pin different versions of what they share. */
export interface BuildRecipe {
  program: "pulumi" | "pulumi-language-nodejs" | "pebble";
  /** Folder with go.mod and go.sum. */
  module: string;
  mainPackage: string;
  flags: readonly string[];
}

/** The oldest Go that both modules accept. */
export const minimumGo = "1.25.11";

/** Without the stamp, the engine's clients can't tell which version they talk to. */
function stamp(version: string): string {
  return `-ldflags=-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
}

/** How the engine's two programs are built. */
export const recipes: readonly BuildRecipe[] = [
  {
    program: "pulumi",
    module: join(import.meta.dirname, "cli"),
    mainPackage: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    flags: ["-mod=readonly", "-trimpath", "-tags=osusergo,grpcnotrace", stamp(versions.pulumi)],
  },
  {
    program: "pulumi-language-nodejs",
    module: join(import.meta.dirname, "language-host"),
    mainPackage: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    flags: ["-mod=readonly", "-trimpath", stamp(versions.languageHost)],
  },
];

/**
 * Key of a build: any change of a module's files, a flag, a version or the platform gives another one.
 * @returns 16 hexadecimal digits
 */
export function recipeKey(
  list: readonly BuildRecipe[] = recipes,
  platform = `${process.platform}-${process.arch}`,
): string {
  const hash = createHash("sha256").update(platform);
  for (const { program, module, mainPackage, flags } of list) {
    hash.update(JSON.stringify([program, mainPackage, flags]));
    for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(module, file)));
  }
  return hash.digest("hex").slice(0, 16);
}

/** Where programs that were built by recipes of this key are kept. */
export function programsFolder(kind: "engine" | "acme", key: string): string {
  return join(cache, kind, key, "bin");
}

/** Compares two dotted versions by their numbers: negative when `a` is older. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split("."), b.split(".")];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = Number(left[index] ?? 0) - Number(right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
