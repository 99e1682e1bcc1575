import { appendFileSync, chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ensureEngine, installedEngine } from "../../lab/engine/engine.ts";
import { checksumOf } from "../../lab/engine/official.ts";
import { compareVersions, recipeKey, recipes } from "../../lab/engine/recipe.ts";

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "cassiopea-engine-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe("the key of a build", () => {
  it("is the same for the same recipe, wherever the clone is", () => {
    const folder = temporary();
    const moved = recipes.map((recipe) => {
      const module = join(folder, recipe.program);
      cpSync(recipe.module, module, { recursive: true });
      return { ...recipe, module };
    });
    expect(recipeKey(moved)).toBe(recipeKey());
    expect(recipeKey()).toMatch(/^[0-9a-f]{16}$/);
  });

  it("changes with a module's file, a flag and the platform", () => {
    const folder = temporary();
    const keys = new Set([recipeKey(), recipeKey(recipes, "linux-riscv64")]);
    for (const file of ["go.mod", "go.sum"]) {
      const changed = recipes.map((recipe) => {
        const module = join(folder, file, recipe.program);
        cpSync(recipe.module, module, { recursive: true });
        return { ...recipe, module };
      });
      appendFileSync(join(changed[1]?.module ?? "", file), "// changed\n");
      keys.add(recipeKey(changed));
    }
    keys.add(recipeKey(recipes.map((recipe) => ({ ...recipe, flags: [...recipe.flags, "-race"] }))));
    expect(keys.size).toBe(5);
  });

  it("stamps the version that the SDK asks for", () => {
    expect(recipes[0]?.flags.join(" ")).toContain("version.Version=v3.259.0");
  });
});

describe("versions", () => {
  it("are compared by their numbers", () => {
    expect(compareVersions("1.25.9", "1.25.11")).toBeLessThan(0);
    expect(compareVersions("1.26", "1.25.11")).toBeGreaterThan(0);
    expect(compareVersions("1.25.11", "1.25.11")).toBe(0);
  });
});

describe("an engine on PATH", () => {
  /** A program that says a version, as the CLI does. */
  function program(folder: string, name: string, version: string): void {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), `#!/bin/sh\necho ${version}\n`);
    chmodSync(join(folder, name), 0o755);
  }

  it("counts when it has the right version and its language host", async () => {
    const folder = temporary();
    const [right, host, old] = [join(folder, "right"), join(folder, "host"), join(folder, "old")];
    program(right, "pulumi", "v3.259.0");
    program(host, "pulumi-language-nodejs", "v3.259.0");
    program(old, "pulumi", "v3.100.0");
    expect(await installedEngine([right, host].join(delimiter))).toEqual({
      bin: right,
      source: "installed",
      version: "3.259.0",
    });
    expect(await installedEngine(right)).toBeUndefined();
    expect(await installedEngine([old, right, host].join(delimiter))).toBeUndefined();
    expect(await installedEngine("/nowhere")).toBeUndefined();
  });

  it("may be a link", async () => {
    const folder = temporary();
    program(join(folder, "real"), "pulumi", "v3.259.0");
    program(join(folder, "real"), "pulumi-language-nodejs", "v3.259.0");
    symlinkSync(join(folder, "real"), join(folder, "linked"));
    expect((await installedEngine(join(folder, "linked")))?.bin).toBe(join(folder, "linked"));
  });
});

describe("the official download", () => {
  const list = "AB12  pulumi-v3.259.0-linux-x64.tar.gz\ncd34 *pulumi-v3.259.0-linux-arm64.tar.gz\n";

  it("is compared with the published checksum of exactly this file", () => {
    expect(checksumOf("pulumi-v3.259.0-linux-x64.tar.gz", list)).toBe("ab12");
    expect(checksumOf("pulumi-v3.259.0-linux-arm64.tar.gz", list)).toBe("cd34");
    expect(() => checksumOf("pulumi-v3.259.0-linux-x64.tar", list)).toThrow("not in its list");
  });
});

describe("the setting of the engine", () => {
  it("is refused when it is none of the three", async () => {
    await expect(ensureEngine("latest")).rejects.toThrow("auto, official or build");
  });
});
