import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { project } from "../../lab/settings.ts";
import { loadMembers } from "../../src/load.ts";
import { cassiopea, deploy, dig, documentOn, lab, labHost, onHost, visit } from "./support.ts";

const web1 = labHost("web1");
const members = loadMembers(join(project, "members")).members.map((member) => member.id);

/** What a member would do after having got a place: a page of its own that reads its own database. */
async function publish(member: string, site: string): Promise<void> {
  const page = `<?php
$db = new mysqli(null, '${member}', '', '${member}_site', 0, '/run/mysqld/mysqld.sock');
$row = $db->query('SELECT text FROM greeting')->fetch_row();
echo $row[0], '|', posix_getuid();`;
  const sql = `CREATE TABLE IF NOT EXISTS greeting (text VARCHAR(80)); REPLACE INTO greeting VALUES ('bonjour de ${member}');`;
  await onHost(web1, `runuser -u ${member} -- mariadb ${member}_site -e "${sql}"`);
  await onHost(web1, `runuser -u ${member} -- tee /srv/hosting/${member}/sites/${site}/index.php >/dev/null`, {
    input: page,
  });
}

beforeAll(async () => {
  await lab(["reset", "--hosts", "1"]);
  await deploy();
});

describe("a member's site", () => {
  it.each(members)("%s answers by DNS and HTTP from its own database, as its own user", async (member) => {
    const document = await documentOn(web1, member);
    const site = document.sites?.[0]?.name ?? "";
    await publish(member, site);
    const answer = await visit(site);
    expect(answer).toEqual({
      address: web1.address,
      url: `https://${site}/`,
      status: 200,
      body: `bonjour de ${member}|${document.uid}`,
    });
    expect(await dig(`www.${site}`, "A")).toEqual([web1.address]);
  });

  it.each(members)("%s can read neither files nor database of the others", async (member) => {
    for (const other of members.filter((candidate) => candidate !== member)) {
      const files = await onHost(web1, `runuser -u ${member} -- ls /srv/hosting/${other}`, { check: false });
      expect(files.code).not.toBe(0);
      expect(files.stderr).toContain("Permission denied");
      const rows = await onHost(web1, `runuser -u ${member} -- mariadb ${other}_site -e "SELECT 1"`, { check: false });
      expect(rows.code).not.toBe(0);
      expect(rows.stderr).toContain("ERROR 1044");
      const identity = await onHost(web1, `runuser -u ${member} -- mariadb -u ${other} -e "SELECT 1"`, {
        check: false,
      });
      expect(identity.stderr).toContain("ERROR 1698");
    }
  });
});

describe("a second run", () => {
  it("changes nothing in preview and up", async () => {
    for (const verb of ["preview", "up"]) {
      const again = await cassiopea([verb, "--stack", "lab"]);
      expect(again.code, again.text).toBe(0);
      expect(again.text).toContain("rien à changer");
    }
  });

  it("changes nothing with the engine's own commands", async () => {
    const preview = await lab(["pulumi", "preview", "-s", "lab", "--expect-no-changes"]);
    expect(preview.text).toContain("unchanged");
    const up = await lab(["pulumi", "up", "-s", "lab", "--yes", "--expect-no-changes", "--skip-preview"]);
    expect(up.code, up.text).toBe(0);
  });

  it.each(members)("of the agent reports no change for %s", async (member) => {
    const { stdout } = await onHost(web1, `hosting-agent apply < /etc/hosting/members/${member}.json`);
    expect(JSON.parse(stdout)).toMatchObject({ verb: "apply", changed: [] });
  });
});

describe("a change made by hand", () => {
  const member = members[0] ?? "";

  it("is found by check, left alone by a plain run, and repaired when asked", async () => {
    const found = await onHost(web1, `grep -l ${member} /etc/nginx/members.d/*.conf`);
    const file = found.stdout.trim();
    const before = (await onHost(web1, `cat ${file}`)).stdout;
    await onHost(web1, `sed -i 's/index.php/other.php/' ${file}`);

    const check = await onHost(web1, "hosting-agent check </dev/null", { check: false });
    expect(check.code).toBe(2);
    const result = JSON.parse(check.stdout) as { drift: { path: string; kind: string; member: string }[] };
    expect(result.drift).toHaveLength(1);
    expect(result.drift[0]).toMatchObject({ path: file, kind: "hand-made", member });

    const repair = await cassiopea(["up", "--stack", "lab", "--repair"]);
    expect(repair.code, repair.text).toBe(0);
    expect(repair.text).toContain(file);
    expect((await onHost(web1, `cat ${file}`)).stdout).toBe(before);
    expect((await onHost(web1, "hosting-agent check </dev/null", { check: false })).code).toBe(0);
  });
});

describe("the bill", () => {
  it("is the same from the declarations and from the stack's state", async () => {
    const declared = await cassiopea(["bill", "--year", "2026", "--json"]);
    const deployed = await cassiopea(["bill", "--year", "2026", "--stack", "lab", "--json"]);
    expect(declared.code, declared.text).toBe(0);
    expect(deployed.code, deployed.text).toBe(0);
    expect(JSON.parse(deployed.stdout)).toEqual(JSON.parse(declared.stdout));
    expect(declared.stdout).toContain('"autonomous"');
  });
});

describe("the program", () => {
  it("runs the same for the lab and for production: only values in the stack's file differ, and secrets are encrypted", () => {
    const config = (stack: string) =>
      (parse(readFileSync(join(project, `Pulumi.${stack}.yaml`), "utf8")) as { config: Record<string, unknown> })
        .config;
    const secrets = ["cassiopea:caKey", "cassiopea:dnsToken", "cassiopea:sqlPassword"];
    const inLab = config("lab");
    const keys = (values: Record<string, unknown>) => Object.keys(values).filter((key) => !secrets.includes(key));
    expect(keys(inLab).toSorted()).toEqual(keys(config("prod")).toSorted());
    for (const secret of secrets) expect(inLab[secret]).toEqual({ secure: expect.stringMatching(/^v1:/) as unknown });
  });
});
