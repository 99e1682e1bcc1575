// Time, CPU and memory of `npx cassiopea check` for 100, 1,000 and 10,000 generated members, side by side.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateMembers } from "../support/generate.ts";
import { measure } from "./measure.ts";

const project = join(import.meta.dirname, "..", "..");
const rows = [
  "| members | seconds | CPU s | peak MB (launcher included) | CPU µs a member beyond 100 |",
  "|---|---|---|---|---|",
];
let first = 0;
let sound = true;
for (const count of [100, 1000, 10_000]) {
  const folder = mkdtempSync(join(tmpdir(), "cassiopea-check-"));
  generateMembers(count, folder);
  const command = [join(project, "components", "cassiopea.js"), "check", "--members", folder];
  const found = await measure(process.execPath, command, { cwd: project, env: process.env });
  rmSync(folder, { recursive: true });
  if (count === 100) first = found.cpuSeconds;
  const each = count === 100 ? "" : (((found.cpuSeconds - first) / (count - 100)) * 1e6).toFixed(0);
  rows.push(
    `| ${count} | ${found.seconds.toFixed(2)} | ${found.cpuSeconds.toFixed(2)} | ${found.peakMegabytes.toFixed(0)} | ${each} |`,
  );
  sound &&= found.code === 0 && (count < 10_000 || (found.cpuSeconds <= 3 && found.peakMegabytes <= 300));
}
process.stdout.write(
  `${rows.join("\n")}\n\n10,000 members: at most 3 s of CPU and 300 MB: ${sound ? "kept" : "NOT kept"}\n`,
);
process.exitCode = sound ? 0 : 1;
