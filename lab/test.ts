// Runs the tests project by project and adds up how they went.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withLab } from "./command-lock.ts";
import { ensureRequirements, type Purpose } from "./requirements.ts";
import { project } from "./settings.ts";
import { readCounts, type TestCounts } from "./test-counts.ts";
import { down, prepare } from "./up.ts";

/** Projects that need neither root nor the lab, with the purpose whose packages they need. */
const alone: readonly { name: string; needs: Purpose }[] = [
  { name: "unit", needs: "unit" },
  { name: "browser", needs: "browser" },
  { name: "judges", needs: "judges" },
];
const all = [...alone.map(({ name }) => name), "replay", "e2e"];
const chosen = process.argv.slice(2);
const wrong = chosen.filter((name) => !all.includes(name));
if (wrong.length > 0) {
  process.stderr.write(`There are no tests named ${wrong.join(", ")}; there are ${all.join(", ")}.\n`);
  process.exit(2);
}
const wanted = all.filter((name) => chosen.length === 0 || chosen.includes(name));
const total: TestCounts = { passed: 0, failed: 0 };
const folder = mkdtempSync(join(tmpdir(), "cassiopea-test-"));

async function runProject(name: string): Promise<void> {
  const report = join(folder, `${name}.json`);
  const options = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const vitest = join(project, "node_modules", "vitest", "vitest.mjs");
  const child = spawn(process.execPath, [vitest, "run", "--project", name, ...options], {
    cwd: project,
    stdio: "inherit",
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve(status ?? 1));
  });
  const counts = readCounts(report, code);
  total.passed += counts.passed;
  total.failed += counts.failed;
}

try {
  for (const { name, needs } of alone.filter((one) => wanted.includes(one.name))) {
    await ensureRequirements(needs);
    await runProject(name);
  }
  const onLab = wanted.filter((name) => !alone.some((one) => one.name === name));
  if (onLab.length > 0) {
    await withLab("npm test", async () => {
      await prepare();
      if (onLab.includes("e2e")) await ensureRequirements("e2e");
      try {
        for (const name of onLab) await runProject(name);
      } finally {
        await down();
      }
    });
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  total.failed += 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
