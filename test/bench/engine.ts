// Time, CPU and memory of `npx cassiopea preview | up`, beside a bare Pulumi program with the same resources, in the same run.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agentBundle } from "../../components/agent-bundle.ts";
import { engineSettings } from "../../components/runner/engine.ts";
import { labEnvironment } from "../../lab/environment.ts";
import { onHost } from "../../lab/hosts/index.ts";
import { ensureKeys } from "../../lab/keys.ts";
import { run } from "../../lab/run.ts";
import { dnsAccount, ports, project } from "../../lab/settings.ts";
import { canonical } from "../../src/document.ts";
import { loadMembers } from "../../src/load.ts";
import { plan } from "../../src/plan/plan.ts";
import { generateMembers } from "../support/generate.ts";
import { type Measure, measure } from "./measure.ts";
import { cassiopea, ensureSetUpHost, host, lab, succeeded } from "./product.ts";

const counts = process.argv
  .slice(2)
  .map(Number)
  .filter((count) => count > 0);
/** Rounds by number of members: a long run's noise is small beside it. */
const roundsOf = (count: number) => (count > 5 ? 1 : 3);
const operations = ["first up", "preview, no change", "up, no change"] as const;
type Results = Record<(typeof operations)[number], Measure>;

/** The product's command line, and the seconds of its first run that are the host's. */
async function ours(folder: string): Promise<{ results: Results; onServer: number }> {
  const command = (verb: string) => cassiopea(verb, "--members", folder);
  const start = Date.now();
  const first = await command("up");
  const onServer = await hostSeconds(start, Date.now());
  const results = {
    "first up": first,
    "preview, no change": await command("preview"),
    "up, no change": await command("up"),
  };
  return { results, onServer };
}

/** The yardstick, with the engine settings that the product's command line uses. */
async function bare(folder: string): Promise<Results> {
  const keys = await ensureKeys();
  const work = mkdtempSync(join(tmpdir(), "cassiopea-bare-"));
  const { members } = loadMembers(folder);
  const placed = [
    {
      ...host,
      port: 22,
      user: "root",
      hostKey: keys.hostKeys[host.host] ?? "",
      ipv4: host.address,
      roles: ["web" as const, "database" as const],
    },
  ];
  const input = {
    connection: { host: host.address, port: 22, user: "root", hostKey: keys.hostKeys[host.host], dialErrorLimit: 2 },
    agent: agentBundle().file,
    sqlPassword: keys.sqlPassword,
    dns: { token: keys.dnsToken, baseUrl: `http://127.0.0.1:${ports.dnsApi}/client/v4`, account: dnsAccount },
    members: members.map((member) => {
      const made = plan(member, placed);
      const [domain] = made.domains;
      return {
        member: made.member,
        document: canonical(made.documents[0]),
        database: made.databases[0]?.name,
        domain: domain?.domain,
        records: domain?.records,
      };
    }),
  };
  writeFileSync(join(work, "input.json"), JSON.stringify(input), { mode: 0o600 });
  const env = {
    ...labEnvironment(),
    BARE_INPUT: join(work, "input.json"),
    PULUMI_BACKEND_URL: `file://${work}`,
    ...engineSettings,
  };
  const cwd = join(project, "test", "bench", "bare");
  await run("pulumi", ["stack", "init", "bare", "--no-select"], { cwd, env });
  const pulumi = async (...args: string[]) =>
    succeeded(
      `bare ${args[0]}`,
      await measure(
        "env",
        ["--default-signal=INT", "pulumi", ...args, "--stack", "bare", "--non-interactive", "--parallel", "8"],
        { cwd, env },
      ),
    );
  return {
    "first up": await pulumi("up", "--yes", "--skip-preview"),
    "preview, no change": await pulumi("preview"),
    "up, no change": await pulumi("up", "--yes", "--skip-preview"),
  };
}

/** Seconds between two moments (epoch ms) during which at least one run of the agent was under way on the host. */
async function hostSeconds(from: number, to: number): Promise<number> {
  // A run is in the journal when it has ended: certificates may take longer than anybody waits for.
  await onHost(host, "flock /run/hosting-settle.lock true");
  const { stdout } = await onHost(host, "journalctl -t hosting-agent -o cat --no-pager");
  const spans = [...stdout.matchAll(/start=(\d+) end=(\d+)/g)]
    .map(([, start, end]) => [Math.max(from, Number(start)), Math.min(to, Number(end))] as const)
    .toSorted(([a], [b]) => a - b);
  let total = 0;
  let reached = 0;
  for (const [start, end] of spans) {
    total += Math.max(0, end - Math.max(start, reached));
    reached = Math.max(reached, end);
  }
  return total / 1000;
}

/** The middle one: a machine that others use gives outliers. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Runs product and yardstick in turns, each on a lab that was reset. */
async function rounds(
  folder: string,
  roundCount: number,
): Promise<{ product: Results; onServer: number; yardstick: Results }[]> {
  const results = [];
  for (let round = 0; round < roundCount; round += 1) {
    await lab("reset", "--hosts", "1");
    const { results: product, onServer } = await ours(folder);
    await lab("reset", "--hosts", "1");
    results.push({ product, onServer, yardstick: await bare(folder) });
  }
  return results;
}

const table = [
  "| members | run | ours s | of it host s | bare s | ratio without host | ours CPU s | bare CPU s | ratio | ours MB | bare MB | ratio |",
  "|---|---|---|---|---|---|---|---|---|---|---|---|",
];
let worst = 0;
await ensureSetUpHost();
for (const count of counts.length > 0 ? counts : [1, 10, 50]) {
  const folder = mkdtempSync(join(tmpdir(), "cassiopea-bench-"));
  generateMembers(count, folder);
  const measured = await rounds(folder, roundsOf(count));
  for (const operation of operations) {
    const of = (side: "product" | "yardstick", what: "seconds" | "cpuSeconds" | "peakMegabytes") =>
      median(measured.map((round) => round[side][operation][what]));
    const server = operation === "first up" ? median(measured.map(({ onServer }) => onServer)) : 0;
    const ratio = (of("product", "seconds") - server) / of("yardstick", "seconds");
    worst = Math.max(worst, ratio);
    const pair = (what: "cpuSeconds" | "peakMegabytes") => {
      const [a, b] = [of("product", what), of("yardstick", what)];
      return [a, b, a / b];
    };
    const cells = [of("product", "seconds"), server, of("yardstick", "seconds"), ratio, ...pair("cpuSeconds")];
    const figures = [...cells, ...pair("peakMegabytes")].map((cell) => cell.toFixed(cell > 100 ? 0 : 2));
    table.push(`| ${[count, operation, ...figures].join(" | ")} |`);
    process.stdout.write(`${table.at(-1)}\n`);
  }
}
process.stdout.write(
  `\n${table.join("\n")}\n\nmedians of 3 rounds, above 5 members of one; worst ratio of wall time: ${worst.toFixed(2)} (at most 1.5)\n`,
);
process.exitCode = worst <= 1.5 ? 0 : 1;
