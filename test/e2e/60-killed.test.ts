import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { project } from "../../lab/settings.ts";
import { cassiopea, dnsRecords, generated, lab, labHost, onHost, recordsOfGenerated } from "./support.ts";

const web1 = labHost("web1");

/** Starts `up` and kills its whole process group, without any chance to tidy up, as soon as `reached` holds. */
async function killWhen(folder: string, reached: () => Promise<boolean>): Promise<void> {
  const child = spawn(
    process.execPath,
    [join(project, "components", "cassiopea.js"), "up", "--stack", "lab", "--members", folder],
    {
      cwd: project,
      detached: true,
      stdio: "ignore",
    },
  );
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  while (isRunning() && !(await reached())) await sleep(50);
  expect(isRunning(), "the run ended before it could be killed").toBe(true);
  process.kill(-(child.pid ?? 0), "SIGKILL");
  await closed;
}

const points: [string, () => Promise<boolean>][] = [
  [
    "a database was made",
    async () => (await onHost(web1, "mariadb -BNe 'SHOW DATABASES' | grep -c _site || true")).stdout.trim() !== "0",
  ],
  [
    "a member was applied",
    async () => (await onHost(web1, "ls /etc/hosting/members 2>/dev/null | wc -l")).stdout.trim() !== "0",
  ],
  ["a record was made", async () => (await dnsRecords()).length > 3],
];

describe.each(points)("a run killed as soon as %s", (_title, reached) => {
  let folder = "";

  beforeAll(async () => {
    await lab(["reset", "--hosts", "1"]);
    folder = generated(6);
    await killWhen(folder, reached);
  });

  it("is completed by the next one, with nothing twice and nothing left to change", async () => {
    const up = await cassiopea(["up", "--stack", "lab", "--members", folder]);
    expect(up.code, up.text).toBe(0);
    expect(await dnsRecords()).toEqual(recordsOfGenerated(6));
    const { stdout } = await onHost(web1, "mariadb -BNe 'SHOW DATABASES' | grep -c _site");
    expect(stdout.trim()).toBe("6");
    const again = await cassiopea(["preview", "--stack", "lab", "--members", folder]);
    expect(again.code, again.text).toBe(0);
    expect(again.text).toContain("rien à changer");
  });
});
