import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { project } from "../../lab/settings.ts";
import {
  cassiopea,
  deploy,
  dnsControl,
  dnsRecords,
  generated,
  lab,
  labHost,
  onHost,
  recordsOfGenerated,
  visit,
} from "./support.ts";

const web1 = labHost("web1");
const stackFile = join(project, "Pulumi.lab.yaml");
let folder = "";

beforeAll(async () => {
  await lab(["reset", "--hosts", "1"]);
  folder = generated(3);
  await deploy(folder);
});

afterEach(async () => {
  await dnsControl("DELETE", "faults");
});

describe("a member file that is gone", () => {
  it("is an error, and nothing is deleted", async () => {
    const less = generated(3);
    rmSync(join(less, "m00002.ts"));
    const before = await dnsRecords();
    const databases = await onHost(web1, "mariadb -BNe 'SHOW DATABASES'");
    const up = await cassiopea(["up", "--stack", "lab", "--members", less]);
    expect(up.code).toBe(1);
    expect(up.text).toContain("m00002");
    expect(await dnsRecords()).toEqual(before);
    expect((await onHost(web1, "mariadb -BNe 'SHOW DATABASES'")).stdout).toBe(databases.stdout);
    expect((await visit("m00002.example")).status).toBe(200);
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
    for (const [status, headers] of [
      [429, { "retry-after": "1" }],
      [500, {}],
    ] as const) {
      await dnsControl("POST", "faults", { method: "POST", path: "/dns_records", status, headers, times: 2 });
    }
    const up = await cassiopea(["up", "--stack", "lab", "--members", more]);
    expect(up.code, up.text).toBe(0);
    expect(await dnsRecords()).toEqual(recordsOfGenerated(6));
    const again = await cassiopea(["preview", "--stack", "lab", "--members", more]);
    expect(again.text).toContain("rien à changer");
  });
});

describe("a broken vhost", () => {
  it("is rejected, and the neighbours' sites stay up", async () => {
    const more = generated(7);
    await onHost(
      web1,
      "mkdir -p /etc/hosting/local/nginx && echo 'no_such_directive on;' > /etc/hosting/local/nginx/broken.conf",
    );
    const up = await cassiopea(["up", "--stack", "lab", "--members", more]);
    await onHost(web1, "rm /etc/hosting/local/nginx/broken.conf");
    expect(up.code).toBe(1);
    expect(up.text).toContain("no_such_directive");
    for (const id of ["m00001", "m00002", "m00003", "m00006"]) {
      expect((await visit(`${id}.example`)).status).toBe(200);
    }
    const next = await cassiopea(["up", "--stack", "lab", "--members", more]);
    expect(next.code, next.text).toBe(0);
  });
});

describe("a damaged certificate", () => {
  it("stops nobody else, and is asked for anew", async () => {
    const more = generated(8);
    await onHost(web1, "echo damaged > /var/lib/hosting/acme/certs/m00001.example/fullchain.pem");
    const up = await cassiopea(["up", "--stack", "lab", "--members", more]);
    expect(up.code, up.text).toBe(0);
    for (const id of ["m00001", "m00008"]) {
      const { url, status } = await visit(`${id}.example`);
      expect([url, status]).toEqual([`https://${id}.example/`, 200]);
    }
    expect((await onHost(web1, "hosting-agent check </dev/null")).code).toBe(0);
  });
});
