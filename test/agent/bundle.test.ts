import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { differs, restore, sha256, swapIn, takeOut, writeAtomic } from "../../agent/files.ts";
import { takeLock } from "../../agent/lock.ts";
import { driftOfFiles } from "../../agent/steps.ts";
import { purgeBundle } from "../../components/agent-bundle.ts";

const project = join(import.meta.dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "agent-"));
const bundle = join(folder, "agent.cjs");

describe("the bundled agent", () => {
  beforeAll(() => {
    buildSync({
      entryPoints: [join(project, "agent", "main.ts")],
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node20",
      outfile: bundle,
      logLevel: "error",
    });
  });

  const call = (args: readonly string[], input = "") => {
    const done = spawnSync(process.execPath, [bundle, ...args], { input, encoding: "utf8" });
    return { code: done.status, result: JSON.parse(done.stdout) as unknown };
  };

  it("needs no package beside it", () => {
    const wanted = [...readFileSync(bundle, "utf8").matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => match[1] ?? "");
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.filter((name) => !name.startsWith("node:"))).toEqual([]);
  });

  it("passes its own test", () => {
    expect(call(["self-test"])).toEqual({
      code: 0,
      result: { verb: "self-test", changed: [], drift: [], warnings: [] },
    });
  });

  it("refuses an unknown verb and an unreadable document with one JSON line", () => {
    expect(call(["purge"])).toMatchObject({ code: 4, result: { verb: "purge", changed: [] } });
    expect(call(["host"], "not json")).toMatchObject({ code: 4, result: { error: "le document n'est pas du JSON" } });
    expect(call(["apply"], '{"kind":"member","schema":9}')).toMatchObject({ code: 4, result: { changed: [] } });
    for (const verb of ["export", "restore"])
      expect(call([verb, "../etc"])).toMatchObject({
        code: 4,
        result: { verb, changed: [], error: "cet hôte n'a pas de document du membre « ../etc »" },
      });
  });

  it("leaves purging to a program of its own, which needs no package either", () => {
    const purge = purgeBundle();
    const wanted = [...readFileSync(purge, "utf8").matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => match[1] ?? "");
    expect(wanted.filter((name) => !name.startsWith("node:"))).toEqual([]);
    expect(readFileSync(purge, "utf8")).toContain("DROP DATABASE");
  });

  it("holds nothing that deletes data", () => {
    const code = readFileSync(bundle, "utf8") + readFileSync(join(project, "agent", "bootstrap.sh"), "utf8");
    expect(code).not.toMatch(/DROP\s+(DATABASE|TABLE|USER|SCHEMA)/i);
    expect(code).not.toMatch(/rm -[a-z]*r|rmSync|rmdir|userdel|groupdel|subvolume delete/);
  });
});

describe("files of the agent", () => {
  const path = join(folder, "rendered.conf");

  it.skipIf(process.getuid?.() !== 0)("are swapped in and put back, with mode", () => {
    writeAtomic(path, "old", 0o640);
    const file = { path, content: "new", mode: 0o600, key: "sites" };
    expect(differs(file)).toBe(true);
    const previous = swapIn([file]);
    expect(differs(file)).toBe(false);
    restore(previous);
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(statSync(path).mode & 0o777).toBe(0o640);
    restore(takeOut([path]));
    expect(readFileSync(path, "utf8")).toBe("old");
  });

  it.skipIf(process.getuid?.() !== 0)("that differ are told apart by who changed last", () => {
    const file = { path, content: "declared", mode: 0o644, key: "sites.a", member: "asso42" };
    writeAtomic(path, "rendered", 0o644);
    expect(driftOfFiles([file], { [path]: sha256("rendered") })).toEqual([
      { path, kind: "not-applied", key: "sites.a", member: "asso42" },
    ]);
    writeFileSync(path, "edited");
    expect(driftOfFiles([file], { [path]: sha256("rendered") })[0]?.kind).toBe("hand-made");
    writeFileSync(path, "declared");
    expect(driftOfFiles([file], { [path]: sha256("declared") })).toEqual([]);
  });
});

describe("the lock", () => {
  it("is refused to a second one, and free once the first lets go or dies", async () => {
    const file = join(folder, "lock");
    const letGo = await takeLock(1, file);
    await expect(takeLock(0, file)).rejects.toMatchObject({ code: 3 });
    letGo();
    (await takeLock(5, file))();
    const script = `import(${JSON.stringify(join(project, "agent", "lock.ts"))}).then(async (m) => { await m.takeLock(5, ${JSON.stringify(file)}); console.log("held"); setInterval(() => {}, 1000); })`;
    const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    await expect(takeLock(0, file)).rejects.toMatchObject({ code: 3 });
    child.kill("SIGKILL");
    (await takeLock(5, file))();
  });
});
