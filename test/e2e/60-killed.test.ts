import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { project } from "../../lab/settings.ts";
import { cassiopea, dnsControl, generated, lab, labHost, onHost } from "./support.ts";

const web1 = labHost("web1");

interface ZoneRecord {
  name: string;
  type: string;
  content: string;
}

/** Starts `up` and kills its whole process group, without any chance to tidy up, as soon as `reached` holds. */
async function killWhen(folder: string, reached: () => Promise<boolean>): Promise<void> {
  const child = spawn(process.execPath, [join(project, "components", "cassiopea.js"), "up", "--stack", "lab", "--members", folder], {
    cwd: project,
    detached: true,
    stdio: "ignore",
  });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let ended = false;
  void closed.then(() => {
    ended = true;
  });
  while (!ended && !(await reached())) await sleep(50);
  expect(ended, "the run ended before it could be killed").toBe(false);
  process.kill(-(child.pid ?? 0), "SIGKILL");
  await closed;
}

const points: [string, () => Promise<boolean>][] = [
  ["a database was made", async () => (await onHost(web1, "mariadb -BNe 'SHOW DATABASES' | grep -c _")).stdout.trim() !== "0"],
  ["a member was applied", async () => (await onHost(web1, "ls /etc/hosting/members 2>/dev/null | wc -l")).stdout.trim() !== "0"],
  ["a record was made", async () => ((await dnsControl("records")) as ZoneRecord[]).length > 3],
];

describe.each(points)("a run killed as soon as %s", (_title, reached) => {
  let folder = "";

  beforeAll(async () => {
    await lab(["reset"]);
    folder = generated(6);
    await killWhen(folder, reached);
  });

  it("is completed by the next one, with nothing twice and nothing left to change", async () => {
    const up = await cassiopea(["up", "--stack", "lab", "--members", folder]);
    expect(up.code, up.text).toBe(0);
    const records = (await dnsControl("records")) as ZoneRecord[];
    const lines = records.map((record) => `${record.name} ${record.type} ${record.content}`);
    expect(new Set(lines).size).toBe(lines.length);
    expect(lines).toHaveLength(12);
    const { stdout } = await onHost(web1, "mariadb -BNe 'SHOW DATABASES' | grep -c _site");
    expect(stdout.trim()).toBe("6");
    const again = await cassiopea(["preview", "--stack", "lab", "--members", folder]);
    expect(again.code, again.text).toBe(0);
    expect(again.text).toContain("rien à changer");
  });
});
