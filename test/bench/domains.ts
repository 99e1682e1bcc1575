// Calls to the DNS API and time of `npx cassiopea up | preview`: 50 domains, and a stack at its bound of 500 resources.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { labEnvironment } from "../../lab/environment.ts";
import { run } from "../../lab/run.ts";
import { project } from "../../lab/settings.ts";
import { dnsControl } from "../e2e/support.ts";
import { generateMembers } from "../support/generate.ts";
import { cassiopea, ensureSetUpHost, lab } from "./product.ts";

/** The service's limit: calls of a user in so many seconds (https://developers.cloudflare.com/fundamentals/api/reference/limits/). */
const limit = { requests: 1200, seconds: 300 };

/** Resources in the stack's state. */
async function resources(): Promise<number> {
  const options = { cwd: project, env: labEnvironment() };
  const { stdout } = await run("pulumi", ["stack", "export", "--stack", "lab"], options);
  return (JSON.parse(stdout) as { deployment: { resources: unknown[] } }).deployment.resources.length;
}

await ensureSetUpHost();
const rows = ["| domains | resources | run | seconds | calls | of them |", "|---|---|---|---|---|---|"];
for (const count of [35, 50]) {
  const folder = mkdtempSync(join(tmpdir(), "cassiopea-bench-"));
  generateMembers(count, folder);
  await lab("reset", "--hosts", "1");
  await dnsControl("PUT", "rate-limit", limit);
  for (const verb of ["up", "preview", "up"]) {
    await dnsControl("DELETE", "calls");
    const { seconds } = await cassiopea(verb, "--members", folder);
    const { calls } = (await dnsControl("GET", "status")) as { calls: Record<string, number> };
    const total = Object.values(calls).reduce((sum, times) => sum + times, 0);
    const kinds = Object.entries(calls).map(([kind, times]) => `${times} ${kind.replace("/client/v4", "")}`);
    rows.push(`| ${[count, await resources(), verb, seconds.toFixed(1), total, kinds.join(", ")].join(" | ")} |`);
  }
  await dnsControl("PUT", "rate-limit", {});
}
process.stdout.write(
  `${rows.join("\n")}\n\nThe service allows ${limit.requests} calls in ${limit.seconds} s; so did the lab.\n`,
);
