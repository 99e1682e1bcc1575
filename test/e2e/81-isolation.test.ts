import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { rootFile } from "../../lab/acme/authority.ts";
import { run } from "../../lab/run.ts";
import { FileClient, handOver, makeKey } from "./file-access-support.ts";
import { deploy, lab, labHost, membersFolder, onHost, type Said } from "./support.ts";

const web1 = labHost("web1");
const from = "2026-01-01";
const scratch = mkdtempSync(join(tmpdir(), "cassiopea-isolation-"));
const client = new FileClient(web1, scratch);
const keys = new Map<string, string>();
const passwords = new Map<string, string>();
/** Names of which one begins another, and of which one in a grant would reach another's database. */
const members = ["lac", "lac2", "lacs", "mer"];
const siteOf = (member: string) => `${member}.example`;
const treeOf = (member: string) => `/srv/hosting/${member}/sites/${siteOf(member)}`;
const secretOf = (member: string) => `secret of ${member}.`;

/** Runs what it is sent: a member, or who broke into their site, can run any PHP there. */
const script = "<?php error_reporting(0); eval(base64_decode($_POST['code']));";

/** What the host answers to a request for a path of a member's site, as it was written. */
async function fetchFrom(member: string, path: string, ...options: string[]): Promise<string> {
  const name = siteOf(member);
  const led = ["--resolve", `${name}:443:${web1.address}`];
  const args = ["-sS", "--path-as-is", "--cacert", rootFile, ...led, ...options];
  return (await run("curl", [...args, `https://${name}${path}`])).stdout;
}

/** Runs PHP in a member's site; what it printed. */
const php = (member: string, code: string) =>
  fetchFrom(member, "/run.php", "--data-urlencode", `code=${Buffer.from(code).toString("base64")}`);

/** Runs a line of shell with a member's rights, outside of what holds their PHP; what it printed. */
const asUser = async (member: string, line: string) =>
  (await onHost(web1, `runuser -u ${member} -- sh`, { input: line, check: false })).stdout;

/** Who gets at whose: for each attempt `member > neighbour`, of all pairs, a member and itself among them. */
async function reached(attempt: (member: string, neighbour: string) => Promise<boolean>): Promise<string[]> {
  const found: string[] = [];
  for (const member of members)
    for (const neighbour of members) if (await attempt(member, neighbour)) found.push(`${member} > ${neighbour}`);
  return found;
}
const onlyTheirOwn = members.map((member) => `${member} > ${member}`);
const finds = async (said: Promise<string>, neighbour: string) => (await said).includes(secretOf(neighbour));
const read = (path: string) => `echo file_get_contents('${path}');`;

beforeAll(async () => {
  await lab(["reset", "--hosts", "1"]);
  const said: Record<string, Said> = {};
  for (const [index, member] of members.entries()) {
    const { file, publicKey } = await makeKey(join(scratch, member));
    keys.set(member, file);
    said[member] = {
      number: 501 + index,
      domains: [{ name: siteOf(member), from }],
      databases: [{ name: "site" }],
      options: [{ option: "ftpAccount", from }],
      accounts: [
        { kind: "sftp", keys: [publicKey] },
        { name: "files", kind: "ftps" },
      ],
    };
  }
  const folder = await membersFolder(said);
  await deploy(folder);
  for (const member of members)
    passwords.set(member, (await handOver(member, folder)).passwords.get(`${member}_files`) ?? "");
  for (const member of members) {
    const home = `/srv/hosting/${member}`;
    const files = ["private/note", "sessions/sess_1", "tmp/upload", `sites/${siteOf(member)}/note.txt`];
    const lines = files.map((file) => `echo '${secretOf(member)}' > ${home}/${file}`);
    await asUser(member, `umask 027; ${lines.join("\n")}\ncat > ${treeOf(member)}/run.php <<'END'\n${script}\nEND\n`);
    const table = `CREATE TABLE note (text VARCHAR(50)); INSERT INTO note VALUES ('${secretOf(member)}');`;
    await onHost(web1, `runuser -u ${member} -- mariadb ${member}_site`, { input: table });
    await php(member, `file_put_contents('/tmp/note', '${secretOf(member)}'); error_log('${secretOf(member)}');`);
  }
});

describe("by PHP, each member gets at their own and at no neighbour's", () => {
  it.each([
    ["file of a site", (neighbour: string) => `${treeOf(neighbour)}/note.txt`],
    ["private file", (neighbour: string) => `/srv/hosting/${neighbour}/private/note`],
    ["session", (neighbour: string) => `/srv/hosting/${neighbour}/sessions/sess_1`],
    ["upload", (neighbour: string) => `/srv/hosting/${neighbour}/tmp/upload`],
    ["log", (neighbour: string) => `/var/log/hosting/${neighbour}/php-error.log`],
  ])("%s", async (_, path) => {
    const attempt = (member: string, neighbour: string) => finds(php(member, read(path(neighbour))), neighbour);
    expect(await reached(attempt)).toEqual(onlyTheirOwn);
  });

  it("temporary files", async () => {
    const attempt = (member: string, neighbour: string) => finds(php(member, read("/tmp/note")), neighbour);
    expect(await reached(attempt)).toEqual(onlyTheirOwn);
  });

  it("folders to write in", async () => {
    const attempt = async (member: string, neighbour: string) => {
      const file = `${treeOf(neighbour)}/by-${member}.txt`;
      await php(member, `file_put_contents('${file}', 'x');`);
      return (await onHost(web1, `test -e ${file}`, { check: false })).code === 0;
    };
    expect(await reached(attempt)).toEqual(onlyTheirOwn);
  });

  it.each(["symlink", "link"])("what a %s of theirs leads to, through the web server", async (call) => {
    const attempt = async (member: string, neighbour: string) => {
      const link = `${treeOf(member)}/leads-to-${neighbour}.txt`;
      // Whatever holds PHP may hide the target: a user's own link is made as well.
      await php(member, `${call}('${treeOf(neighbour)}/note.txt', '${link}');`);
      await asUser(member, `ln ${call === "symlink" ? "-s" : ""} ${treeOf(neighbour)}/note.txt ${link}`);
      return finds(fetchFrom(member, `/leads-to-${neighbour}.txt`), neighbour);
    };
    expect(await reached(attempt)).toEqual(onlyTheirOwn);
  });

  it("a site that a link stands in place of", async () => {
    const attempt = async (member: string, neighbour: string) => {
      const folder = `/srv/hosting/${member}/sites/${siteOf(member)}`;
      const target = member === neighbour ? `${folder}.aside` : treeOf(neighbour);
      await asUser(member, `mv ${folder} ${folder}.aside && ln -s ${target} ${folder}`);
      try {
        return await finds(fetchFrom(member, "/note.txt"), neighbour);
      } finally {
        await asUser(member, `rm ${folder} && mv ${folder}.aside ${folder}`);
      }
    };
    expect(await reached(attempt)).toEqual(onlyTheirOwn);
  });

  it("processes, to see and to signal", async () => {
    const [seen, signalled]: string[][] = [[], []];
    for (const member of members)
      for (const neighbour of members) {
        const { stdout } = await onHost(web1, `systemctl show -P MainPID php-member@${neighbour}`);
        const pid = stdout.trim();
        expect(Number(pid)).toBeGreaterThan(1);
        if ((await php(member, read(`/proc/${pid}/cmdline`))).includes("php-fpm"))
          seen?.push(`${member} > ${neighbour}`);
        const signal = `echo posix_kill(${pid}, 0) ? 'sent' : posix_strerror(posix_get_last_error());`;
        if ((await php(member, signal)) === "sent") signalled?.push(`${member} > ${neighbour}`);
      }
    expect([seen, signalled]).toEqual([onlyTheirOwn, onlyTheirOwn]);
  });
});

describe("by SQL, each member gets at their own and at no neighbour's", () => {
  const query = (
    user: string,
    database: string,
  ) => `try { $db = new mysqli(null, '${user}', '', '${database}', 0, '/run/mysqld/mysqld.sock');
foreach ($db->query('SELECT text FROM note') as $row) echo $row['text']; } catch (Throwable $error) { echo $error->getMessage(); }`;

  it("database", async () => {
    const attempt = (member: string, neighbour: string) =>
      finds(php(member, query(member, `${neighbour}_site`)), neighbour);
    expect(await reached(attempt)).toEqual(onlyTheirOwn);
  });

  it("account", async () => {
    const attempt = (member: string, neighbour: string) =>
      finds(php(member, query(neighbour, `${neighbour}_site`)), neighbour);
    expect(await reached(attempt)).toEqual(onlyTheirOwn);
  });

  it("name of a database", async () => {
    const list = (member: string) =>
      `foreach ((new mysqli(null, '${member}', '', '', 0, '/run/mysqld/mysqld.sock'))->query('SHOW DATABASES') as $row) echo $row['Database'], ' ';`;
    for (const member of members) expect(await php(member, list(member))).toBe(`information_schema ${member}_site `);
  });
});

describe("with a member's rights, outside of what holds their PHP, they get at their own and at no neighbour's", () => {
  it.each([
    ["file of a site", (neighbour: string) => `${treeOf(neighbour)}/note.txt`],
    ["private file", (neighbour: string) => `/srv/hosting/${neighbour}/private/note`],
    ["session", (neighbour: string) => `/srv/hosting/${neighbour}/sessions/sess_1`],
    ["log", (neighbour: string) => `/var/log/hosting/${neighbour}/php-error.log`],
  ])("%s", async (_, path) => {
    const attempt = (member: string, neighbour: string) => finds(asUser(member, `cat ${path(neighbour)}`), neighbour);
    expect(await reached(attempt)).toEqual(onlyTheirOwn);
  });
});

describe("by file transfer, each member gets at their own and at no neighbour's", () => {
  const link = (neighbour: string) => `sites/by-link-${neighbour}`;
  /** As the neighbour would, from the root of all, climbing, and by a link of the member's own. */
  const ways = (neighbour: string) => [
    `/sites/${siteOf(neighbour)}/note.txt`,
    `${treeOf(neighbour)}/note.txt`,
    `../../../../../..${treeOf(neighbour)}/note.txt`,
    `../${neighbour}/sites/${siteOf(neighbour)}/note.txt`,
    `${link(neighbour)}/note.txt`,
  ];
  const linked = (member: string, neighbour: string) =>
    asUser(member, `ln -sfn ${treeOf(neighbour)} /srv/hosting/${member}/${link(neighbour)}`);

  it("SFTP, with the member's key", async () => {
    const attempt = async (member: string, neighbour: string) => {
      await linked(member, neighbour);
      for (const login of [member, ...(member === neighbour ? [] : [neighbour, `${neighbour}_files`])]) {
        const found = mkdtempSync(join(scratch, "found-"));
        const lines = ways(neighbour).map((way, index) => `-get ${way} ${found}/${index}`);
        await client.sftp(login, keys.get(member) ?? "", lines);
        const got = readdirSync(found).map((name) => readFileSync(join(found, name), "utf8"));
        if (got.some((text) => text.includes(secretOf(neighbour)))) return true;
      }
      return false;
    };
    expect(await reached(attempt)).toEqual(onlyTheirOwn);
  });

  it("FTPS, with the member's password", async () => {
    const attempt = async (member: string, neighbour: string) => {
      await linked(member, neighbour);
      for (const login of [`${member}_files`, ...(member === neighbour ? [] : [neighbour, `${neighbour}_files`])]) {
        for (const way of ways(neighbour)) {
          const path = `/${way.replace(/^\//, "%2F")}`;
          const { stdout } = await client.ftps(login, passwords.get(member) ?? "", path);
          if (stdout.includes(secretOf(neighbour))) return true;
          // The first refusal of a login is that of all its ways.
          if (login !== `${member}_files`) break;
        }
      }
      return false;
    };
    expect(await reached(attempt)).toEqual(onlyTheirOwn);
  });

  it("folders to write in", async () => {
    const attempt = async (member: string, neighbour: string) => {
      await linked(member, neighbour);
      const name = `sent-by-${member}.txt`;
      const file = keys.get(member) ?? "";
      const folders = [`/sites/${siteOf(neighbour)}`, treeOf(neighbour), link(neighbour)];
      await client.sftp(
        member,
        file,
        folders.map((folder) => `-put ${file}.pub ${folder}/${name}`),
      );
      return (await onHost(web1, `test -e ${treeOf(neighbour)}/${name}`, { check: false })).code === 0;
    };
    expect(await reached(attempt)).toEqual(onlyTheirOwn);
  });
});

describe("nobody gets at", () => {
  it("the socket of a site's PHP, their own not either, but by the web server", async () => {
    const connect = (neighbour: string) =>
      `echo fsockopen('unix:///run/php-member/${neighbour}.sock', -1) === false ? 'refused' : '${secretOf(neighbour)}';`;
    const attempt = (member: string, neighbour: string) => finds(php(member, connect(neighbour)), neighbour);
    expect(await reached(attempt)).toEqual([]);
    expect((await php("lac", connect("lac"))).trim()).toBe("refused");
  });

  it("what the host keeps for itself", async () => {
    const files = ["/etc/hosting/members/lac.json", "/etc/hosting/host.json", "/etc/shadow", "/root/.bashrc"];
    const keys = (await onHost(web1, "find /etc /var/lib -name '*.key' -o -name 'privkey*.pem'")).stdout.trim();
    expect(keys).toContain("lac.example");
    for (const file of [...files, ...keys.split("\n")]) {
      expect((await onHost(web1, `wc -c < ${file}`)).stdout.trim(), file).not.toBe("0");
      expect(await php("lac", read(file)), file).toBe("");
      expect(await asUser("lac", `cat ${file}`), file).toBe("");
    }
  });

  it("a file beside a site, by a path that climbs out of it", async () => {
    expect(await fetchFrom("lac", "/note.txt")).toContain(secretOf("lac"));
    const up = ["../..", "%2e%2e/%2e%2e", "..%2f..", "x/../../.."];
    for (const climb of up)
      for (const rest of ["private/note", `../mer/sites/${siteOf("mer")}/note.txt`])
        expect(await fetchFrom("lac", `/${climb}/${rest}`), climb).not.toContain("secret");
  });

  it("a database over the network without a password", async () => {
    for (const neighbour of members) {
      const connect = `try { new mysqli('${web1.address}', '${neighbour}', ''); echo 'in'; } catch (Throwable $error) { echo $error->getCode(); }`;
      expect(await php("lac", connect)).toBe("1130");
    }
  });
});
