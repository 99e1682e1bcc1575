import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { rootFile } from "../../lab/acme/authority.ts";
import { run } from "../../lab/run.ts";
import {
  cassiopea,
  deploy,
  documentOn,
  lab,
  labHost,
  membersFolder,
  onHost,
  type Said,
  writeMember,
} from "./support.ts";

const web1 = labHost("web1");
const from = "2026-01-01";
const to = "2026-02-01";
const said: Said = {
  number: 301,
  host: { web: "web1", database: "web1" },
  domains: [{ name: "ferme.example", from }],
  databases: [{ name: "site" }],
};
const left: Said = {
  ...said,
  packs: [{ pack: "autonomous", from, to }],
  domains: [{ name: "ferme.example", from, to }],
  status: { state: "left", on: to, retentionDays: 30 },
};
const site = "/srv/hosting/ferme/sites/ferme.example";
let folder = "";

const leave = (...args: string[]) => cassiopea([...args, "--stack", "lab", "--members", folder]);

/** What an independent reader sees of the member's files and rows. */
async function content(): Promise<string> {
  const tree = `cd /srv/hosting/ferme; find . -type f -exec sha256sum {} + | sort; find . -printf "%P %y %m %U %G %T@ %l\\n" | sort; find . ! -type l -print0 | sort -z | xargs -0 getfacl -nP`;
  return (await onHost(web1, `${tree}; mariadb -BNe "CHECKSUM TABLE ferme_site.t EXTENDED"`)).stdout;
}

async function exported(): Promise<string> {
  const to = mkdtempSync(join(tmpdir(), "cassiopea-export-"));
  const done = await leave("export", "ferme", "--to", to);
  expect(done.code, done.text).toBe(0);
  return join(to, readdirSync(to)[0] ?? "");
}

beforeAll(async () => {
  await lab(["reset", "--hosts", "2"]);
  folder = await membersFolder({ ferme: said });
  await deploy(folder);
  await onHost(
    web1,
    `cd ${site}; head -c 1000000 /dev/urandom > photo; ln -s /etc/shadow link; truncate -s 10G sparse; printf x > "$(printf 'new\\nline')"; chown -hR ferme:ferme .; mariadb ferme_site -e "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(99)); INSERT INTO t (v) VALUES ('é 🎉'), (NULL)"`,
  );
});

describe("an archive", () => {
  it("gives a member back, identical, and keeps aside what was there", async () => {
    const before = await content();
    const file = await exported();
    const refused = await leave("restore", "ferme", "--from", file);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("Rien n'est changé");
    await onHost(web1, `rm ${site}/photo; mariadb ferme_site -e "DELETE FROM t"`);
    const restored = await leave("restore", "ferme", "--from", file, "--replace");
    expect(restored.code, restored.text).toBe(0);
    expect(await content()).toBe(before);
  });

  it("gives a member back on a server that has nothing of it: the site answers the same, its files and rows are identical", async () => {
    const visit = async () => {
      const led = ["--cacert", rootFile, "--resolve", `ferme.example:443:${web1.address}`];
      return (await run("curl", ["-sS", ...led, "https://ferme.example/rows.php"])).stdout;
    };
    await onHost(web1, `cat > ${site}/rows.php; chown ferme:ferme ${site}/rows.php`, {
      input: `<?php foreach ((new mysqli(null, "ferme", "", "ferme_site", 0, "/run/mysqld/mysqld.sock"))->query("SELECT v FROM t") as $row) echo $row["v"] ?? "NULL", "\n"; echo hash_file("sha256", __DIR__ . "/photo");`,
    });
    const [before, page] = [await content(), await visit()];
    expect(page).toMatch(/^.+\nNULL\n[0-9a-f]{64}$/);
    const file = await exported();
    await lab(["reset", "--hosts", "2"]);
    await deploy(folder);
    expect((await onHost(web1, `ls ${site}`)).stdout).toBe("index.html\n");
    const restored = await leave("restore", "ferme", "--from", file, "--replace");
    expect(restored.code, restored.text).toBe(0);
    expect([await content(), await visit()]).toEqual([before, page]);
    expect(JSON.parse((await onHost(web1, "hosting-agent apply --all </dev/null")).stdout)).toMatchObject({
      changed: [],
    });
  });

  it("is not written while the database server is down, nor is a half of it left", async () => {
    const list = "ls -A /srv/hosting/.export/ferme; ls -A /srv/hosting/.export/ferme/.partial 2>/dev/null | wc -l";
    const before = (await onHost(web1, list)).stdout;
    await onHost(web1, "systemctl stop mariadb");
    const failed = await leave("export", "ferme");
    await onHost(web1, "systemctl start mariadb");
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain("MariaDB");
    expect((await onHost(web1, list)).stdout).toBe(before);
  });
});

describe("who has left", () => {
  it("is closed and keeps files and databases; a second run changes nothing", async () => {
    const before = await content();
    expect((await leave("purge", "ferme")).stderr).toContain("n'est pas parti");
    writeMember(folder, "ferme", left);
    await deploy(folder);
    expect(await documentOn(web1, "ferme")).toMatchObject({ status: "left" });
    expect((await onHost(web1, "systemctl is-active php-member@ferme.socket", { check: false })).stdout.trim()).toBe(
      "inactive",
    );
    expect(await content()).toBe(before);
    const again = await onHost(web1, "hosting-agent apply --all </dev/null");
    expect(JSON.parse(again.stdout)).toMatchObject({ changed: [] });
  });

  it("is purged only by the token of exactly this state, with the archive; the next run goes on without complaint", async () => {
    // What restoring kept aside is in no archive.
    expect((await leave("purge", "ferme")).stderr).toContain("À vérifier et retirer d'abord");
    await onHost(
      web1,
      'rm -rf /srv/hosting/.ferme.before-*; mariadb -BNe "SHOW DATABASES LIKE \'ferme_site_%\'" | while read d; do mariadb -e "DROP DATABASE $d"; done',
    );
    const file = await exported();
    const shown = await leave("purge", "ferme");
    expect(shown.code, shown.text).toBe(0);
    const token = /--confirm ([0-9a-f]{16})/.exec(shown.stdout)?.[1] ?? "";
    expect((await leave("purge", "ferme", "--confirm", token)).stderr).toContain("il manque --archive");
    const wrong = await leave("purge", "ferme", "--confirm", "0123456789abcdef", "--archive", file);
    expect(wrong.stderr).toContain("n'est pas le jeton");
    const done = await leave("purge", "ferme", "--confirm", token, "--archive", file);
    expect(done.code, done.text).toBe(0);
    expect((await onHost(web1, "ls -A /srv/hosting")).stdout.trim()).toBe(".export");
    expect((await onHost(web1, "grep -c ended /etc/hosting/purged/ferme.json")).stdout.trim()).toBe("1");
    expect((await leave("purge", "ferme", "--confirm", token, "--archive", file)).stdout).toContain("déjà retiré");
    await deploy(folder);
  });
});
