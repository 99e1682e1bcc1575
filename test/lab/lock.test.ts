import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { project } from "../../lab/settings.ts";

const cache = mkdtempSync(join(tmpdir(), "cassiopea-lock-"));
afterAll(() => rmSync(cache, { recursive: true }));
const module = join(project, "lab", "command-lock.ts");

/** A process that runs `body` with `withLab` at hand, on a lab of its own. */
function start(body: string, environment: NodeJS.ProcessEnv = {}) {
  const { CASSIOPEA_LAB_HELD_BY: _, ...own } = process.env;
  const child = spawn(
    process.execPath,
    ["--input-type=module", "--eval", `const { withLab } = await import(${JSON.stringify(module)});\n${body}`],
    { env: { ...own, CASSIOPEA_CACHE: cache, ...environment }, stdio: ["ignore", "pipe", "pipe"] },
  );
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  let complained = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complained += text;
  });
  return {
    child,
    printed: () => printed,
    complained: () => complained,
    ended: once(child, "close"),
    line: () => once(child.stdout, "data"),
    complaint: () => once(child.stderr, "data"),
  };
}

const hold =
  'await withLab("lab up", async () => { console.log("in"); await new Promise(() => setInterval(() => {}, 1000)); });';
const enter = 'await withLab("lab down", async () => { console.log("in"); });';

describe("the lab's lock", () => {
  it("makes a second command wait and say for whom, until the first ends", async () => {
    const first = start(
      'await withLab("lab up", async () => { console.log("in"); await new Promise((go) => process.once("SIGUSR1", go)); console.log("out"); });',
    );
    await first.line();
    const second = start(enter);
    await second.complaint();
    expect(second.complained()).toContain(`lab up (process ${first.child.pid})`);
    expect(second.printed()).toBe("");
    first.child.kill("SIGUSR1");
    await Promise.all([first.ended, second.ended]);
    expect(first.printed()).toBe("in\nout\n");
    expect(second.printed()).toBe("in\n");
  });

  it("is free again when its holder was killed", async () => {
    const killed = start(hold);
    await killed.line();
    killed.child.kill("SIGKILL");
    await killed.ended;
    const next = start(enter);
    await next.ended;
    expect(next.printed()).toBe("in\n");
  });

  it("lets a command of its holder through, and nobody who only says so", async () => {
    const outer = start(`
      const { execFileSync } = await import("node:child_process");
      const inner = ${JSON.stringify(`const { withLab } = await import(${JSON.stringify(module)});${enter}`)};
      await withLab("outer", async () => {
        console.log(execFileSync(process.execPath, ["--input-type=module", "--eval", inner], { encoding: "utf8" }).trim());
      });`);
    await outer.ended;
    expect(outer.printed()).toBe("in\n");

    const holder = start(hold);
    await holder.line();
    const { pid } = JSON.parse(readFileSync(join(cache, "lab", "holder"), "utf8")) as { pid: number };
    expect(pid).toBe(holder.child.pid);
    const stranger = start(enter, { CASSIOPEA_LAB_HELD_BY: `${pid}:1` });
    await stranger.complaint();
    expect(stranger.printed()).toBe("");
    holder.child.kill("SIGKILL");
    await Promise.all([holder.ended, stranger.ended]);
    expect(stranger.printed()).toBe("in\n");
  });
});
