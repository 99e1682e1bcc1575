// One host with 200 members: the first `apply` of all, the second, and a `check`, each through one SSH session.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSession } from "../../components/runner/session.ts";
import { onHost } from "../../lab/hosts/index.ts";
import { canonical } from "../../src/document.ts";
import { generateMembers } from "../support/generate.ts";
import { cassiopea, ensureSetUpHost, host, lab } from "./product.ts";

const count = Number(process.argv[2] ?? 200);

// Node tells its own peak at the end: the host has no other way to see it.
const peak = `process.once("exit", () => require("fs").writeSync(2, "peak " + process.resourceUsage().maxRSS + "\\n"));`;

interface Run {
  seconds: number;
  megabytes: number;
  reloads: number;
  changed: number;
  drift: number;
}

async function reloads(): Promise<number> {
  const { stdout } = await onHost(host, "journalctl -u nginx.service -o cat | grep -c '^Reloaded' || true");
  return Number(stdout);
}

/** Runs a verb of the agent and says what it took; fails with the agent's own words. */
async function agent(verb: string, input: string): Promise<Run> {
  const before = await reloads();
  const start = performance.now();
  const command = `NODE_OPTIONS=--require=/root/peak.cjs hosting-agent ${verb}`;
  const done = await onHost(host, command, { input, check: false, timeoutMs: 600_000 });
  const seconds = (performance.now() - start) / 1000;
  const kilobytes = Number(/^peak (\d+)$/m.exec(done.stderr)?.[1]);
  const result = JSON.parse(done.stdout) as { changed: unknown[]; drift: unknown[]; error?: string };
  if (result.error !== undefined) throw new Error(result.error);
  return {
    seconds,
    megabytes: Math.round(kilobytes / 1024),
    reloads: (await reloads()) - before,
    changed: result.changed.length,
    drift: result.drift.length,
  };
}

await ensureSetUpHost();
await lab("reset", "--hosts", "1");
const folder = mkdtempSync(join(tmpdir(), "cassiopea-bench-"));
generateMembers(count, folder);
await cassiopea("up", "--hosts-only", "--members", folder);
const { plans } = openSession("lab", folder);
const databases = plans.flatMap((plan) => plan.databases.map(({ name }) => `CREATE DATABASE ${name};`));
await onHost(host, "cat > /root/peak.cjs", { input: peak });
await onHost(host, "mariadb", { input: databases.join("\n") });
const documents = plans.flatMap((plan) => plan.documents.map(canonical)).join("");

const rows = [
  "| members | run | seconds | peak MB | nginx reloads | changed | drift |",
  "|---|---|---|---|---|---|---|",
];
const show = (what: string, { seconds, megabytes, reloads: times, changed, drift }: Run) =>
  rows.push(`| ${[count, what, seconds.toFixed(1), megabytes, times, changed, drift].join(" | ")} |`);
show("first apply", await agent("apply", documents));
show("second apply", await agent("apply", documents));
show("check", await agent("check", ""));
const sites = plans.flatMap((plan) => plan.documents.flatMap(({ sites: own = [] }) => own.map(({ name }) => name)));
const ask = `while read name; do curl -s -o /dev/null -w '%{http_code}\\n' -H "Host: $name" http://127.0.0.1/; done | sort | uniq -c`;
const { stdout: answers } = await onHost(host, ask, { input: `${sites.join("\n")}\n` });
process.stdout.write(`${rows.join("\n")}\n\nAnswers of ${sites.length} sites (times, status):\n${answers}`);
