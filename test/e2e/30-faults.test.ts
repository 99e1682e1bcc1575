import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { project } from "../../lab/settings.ts";
import { cassiopea, dig, dnsControl, fetchByDns, generated, lab, labHost, onHost, samples } from "./support.ts";

const web1 = labHost("web1");
const stackFile = join(project, "Pulumi.lab.yaml");
let folder = "";

beforeAll(async () => {
  await lab(["reset"]);
  folder = generated(3);
  const up = await cassiopea(["up", "--stack", "lab", "--members", folder]);
  expect(up.code, up.text).toBe(0);
});

afterEach(async () => {
  await dnsControl("faults", []);
});

describe("a member file that is gone", () => {
  it("is an error, and nothing is deleted", async () => {
    const less = samples();
    rmSync(join(less, "lac.ts"));
    const before = (await dnsControl("records")) as unknown[];
    const up = await cassiopea(["up", "--stack", "lab", "--members", less]);
    expect(up.code).toBe(1);
    expect(up.text).toContain("lac");
    expect(await dnsControl("records")).toEqual(before);
  });
});

describe("a wrong host key", () => {
  it("is refused within 30 s, and nothing is sent", async () => {
    const original = readFileSync(stackFile, "utf8");
    const other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIK0wmN/Cr3JXqmLW7u+g9pTh+wyqDHpSQEIQczXkVx9";
    try {
      writeFileSync(stackFile, original.replace(/ssh-ed25519 [A-Za-z0-9+/=]+/g, other));
      const up = await cassiopea(["up", "--stack", "lab", "--members", folder]);
      expect(up.code).toBe(1);
      expect(up.text).toMatch(/clé d'hôte|clé de l'hôte/);
      expect(up.seconds).toBeLessThan(30);
    } finally {
      writeFileSync(stackFile, original);
    }
  });
});

describe("the database server", () => {
  it("stopped: a clear error within 30 s, and the next run completes", async () => {
    const more = generated(4);
    await onHost(web1, "systemctl stop mariadb");
    const up = await cassiopea(["up", "--stack", "lab", "--members", more]);
    await onHost(web1, "systemctl start mariadb");
    expect(up.code).toBe(1);
    expect(up.seconds).toBeLessThan(30);
    expect(up.text).toContain("MariaDB");
    const next = await cassiopea(["up", "--stack", "lab", "--members", more]);
    expect(next.code, next.text).toBe(0);
  });

  it("with another password than declared: a clear error within 30 s, repaired when asked", async () => {
    const more = generated(5);
    await onHost(web1, `mariadb -e "ALTER USER pulumi@'10.77.0.1' IDENTIFIED BY 'changed by hand'"`);
    const up = await cassiopea(["up", "--stack", "lab", "--members", more]);
    expect(up.code).toBe(1);
    expect(up.seconds).toBeLessThan(30);
    expect(up.text).toContain("mot de passe");
    const repaired = await cassiopea(["up", "--stack", "lab", "--members", more, "--repair"]);
    expect(repaired.code, repaired.text).toBe(0);
  });
});

describe("the DNS API", () => {
  it("answering 429 and 500 for a while delays, and duplicates nothing", async () => {
    const more = generated(6);
    await dnsControl("faults", [
      { method: "POST", path: "/dns_records", status: 429, retryAfter: 1, times: 2 },
      { method: "POST", path: "/dns_records", status: 500, times: 2 },
    ]);
    const up = await cassiopea(["up", "--stack", "lab", "--members", more]);
    expect(up.code, up.text).toBe(0);
    const records = (await dnsControl("records")) as { name: string; type: string; content: string }[];
    const names = records.map((record) => `${record.name} ${record.type} ${record.content}`);
    expect(new Set(names).size).toBe(names.length);
    const again = await cassiopea(["preview", "--stack", "lab", "--members", more]);
    expect(again.text).toContain("rien à changer");
  });
});

describe("a broken vhost", () => {
  it("is rejected, and the neighbours' sites stay up", async () => {
    const more = generated(7);
    await onHost(web1, "mkdir -p /etc/hosting/local/nginx && echo 'no_such_directive on;' > /etc/hosting/local/nginx/broken.conf");
    const up = await cassiopea(["up", "--stack", "lab", "--members", more]);
    await onHost(web1, "rm /etc/hosting/local/nginx/broken.conf");
    expect(up.code).toBe(1);
    expect(up.text).toContain("no_such_directive");
    const { stdout } = await onHost(web1, "ls /etc/hosting/members");
    for (const file of stdout.trim().split("\n")) {
      const document = JSON.parse((await onHost(web1, `cat /etc/hosting/members/${file}`)).stdout) as { sites?: { name: string }[] };
      const site = document.sites?.[0]?.name ?? "";
      if ((await dig(site, "A")).length > 0) expect((await fetchByDns(site)).status).toBe(200);
    }
    const next = await cassiopea(["up", "--stack", "lab", "--members", more]);
    expect(next.code, next.text).toBe(0);
  });
});
