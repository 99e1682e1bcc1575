// Time, CPU and memory of `npx cassiopea check` and `bill` for 100, 1,000 and 10,000 generated members, side by side.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateMembers } from "../support/generate.ts";
import { measure } from "./measure.ts";

const project = join(import.meta.dirname, "..", "..");
const commands = [
  { title: "check", args: ["check"], cpuSeconds: 3, megabytes: 300 },
  { title: "bill of a year", args: ["bill", "--year", "2026"], cpuSeconds: 5, megabytes: 400 },
  {
    title: "bill of a year, measured each month",
    args: ["bill", "--year", "2026"],
    measured: true,
    cpuSeconds: 5,
    megabytes: 400,
  },
];

/** A usage file for each month of 2026: one member in ten is beyond its included traffic. */
function writeUsage(ids: readonly string[], folder: string): void {
  mkdirSync(folder);
  for (let month = 1; month <= 12; month += 1) {
    const name = `2026-${String(month).padStart(2, "0")}`;
    const figures = {
      diskByteSum: 20_000_000_000,
      diskSamples: 28,
      daysInService: 28,
      trafficBytes: 4_000_000_000,
    };
    const members = Object.fromEntries(
      ids.map((id, index) => [id, index % 10 === 0 ? { ...figures, trafficBytes: 5_100_000_000 } : figures]),
    );
    writeFileSync(
      join(folder, `${name}.json`),
      JSON.stringify({ schema: 1, month: name, measured: { web1: `${name}-28T23:55:00Z` }, members }),
    );
  }
}

for (const { title, args, measured, cpuSeconds, megabytes } of commands) {
  const rows = [
    "| members | seconds | CPU s | peak MB (launcher included) | CPU µs a member beyond 100 |",
    "|---|---|---|---|---|",
  ];
  let first = 0;
  let sound = true;
  for (const count of [100, 1000, 10_000]) {
    const folder = mkdtempSync(join(tmpdir(), "cassiopea-bench-"));
    const members = join(folder, "members");
    const ids = generateMembers(count, members);
    if (measured === true) writeUsage(ids, join(folder, "usage"));
    const command = [join(project, "components", "cassiopea.js"), ...args, "--members", members];
    const found = await measure(process.execPath, command, { cwd: folder, env: process.env });
    rmSync(folder, { recursive: true });
    if (count === 100) first = found.cpuSeconds;
    const each = count === 100 ? "" : (((found.cpuSeconds - first) / (count - 100)) * 1e6).toFixed(0);
    rows.push(
      `| ${count} | ${found.seconds.toFixed(2)} | ${found.cpuSeconds.toFixed(2)} | ${found.peakMegabytes.toFixed(0)} | ${each} |`,
    );
    const within = found.cpuSeconds <= cpuSeconds && found.peakMegabytes <= megabytes;
    sound &&= found.code === 0 && (count < 10_000 || within);
  }
  const limit = `10,000 members: at most ${cpuSeconds} s of CPU and ${megabytes} MB: ${sound ? "kept" : "NOT kept"}`;
  process.stdout.write(`${title}\n\n${rows.join("\n")}\n\n${limit}\n\n`);
  if (!sound) process.exitCode = 1;
}
