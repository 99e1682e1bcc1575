import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { rootFile } from "../../lab/acme/authority.ts";
import { run } from "../../lab/run.ts";
import { FileClient, handOver, makeKey } from "./file-access-support.ts";
import { cassiopea, deploy, lab, labHost, membersFolder, onHost, type Said, writeMember } from "./support.ts";

const web1 = labHost("web1");
const [from, to] = ["2026-01-01", "2026-02-01"];
const site = "/srv/hosting/ferme/sites/ferme.example";
const scratch = mkdtempSync(join(tmpdir(), "cassiopea-files-"));
const [own, other] = [await makeKey(join(scratch, "own")), await makeKey(join(scratch, "other"))];
const main = { kind: "sftp", keys: [own.publicKey] };
const photos = { name: "photos", kind: "ftps", folder: "ferme.example/photos" };
const databaseUsers = [
  { name: "stats", access: "read" },
  { name: "app", access: "write" },
];
const said: Said = {
  number: 301,
  domains: [{ name: "ferme.example", from }],
  options: [
    { option: "ftpAccount", from },
    { option: "databaseUser", quantity: 2, from },
  ],
  databases: [{ name: "site", users: databaseUsers }],
  accounts: [main, photos],
};
let folder = "";
const client = new FileClient(web1, scratch);
const passwords = new Map<string, string>();

async function handedOver(...args: string[]): Promise<string> {
  const handover = await handOver("ferme", folder, ...args);
  for (const [login, password] of handover.passwords) passwords.set(login, password);
  return handover.said;
}

const declare = async (parts: Partial<Said>) => {
  writeMember(folder, "ferme", { ...said, ...parts });
  await deploy(folder);
};

const page = async (path: string) =>
  (
    await run("curl", [
      "-sS",
      "--cacert",
      rootFile,
      "--resolve",
      `ferme.example:443:${web1.address}`,
      `https://ferme.example${path}`,
    ])
  ).stdout;

const asSql = async (login: string, statement: string) => {
  const done = await onHost(
    web1,
    `mariadb --defaults-extra-file=/dev/stdin -u ${login} ferme_site -BNe "${statement}" 2>&1`,
    {
      input: `[client]\npassword=${passwords.get(login) ?? ""}\n`,
      check: false,
    },
  );
  return done.stdout.trim();
};

beforeAll(async () => {
  await lab(["reset", "--hosts", "1"]);
  folder = await membersFolder({ ferme: said, lac: { number: 302, domains: [{ name: "lac.example", from }] } });
  await deploy(folder);
  await onHost(web1, `mariadb ferme_site -e "CREATE TABLE t (v INT); INSERT INTO t VALUES (7)"`);
});

describe("passwords", () => {
  it("are made on the call that hands them over, shown once, and kept nowhere", async () => {
    const first = await handedOver();
    expect([...passwords.keys()].toSorted()).toEqual(["ferme_app", "ferme_photos", "ferme_stats"]);
    expect(first).toContain("SFTP : web1.cassiopea.test, port 2222, empreinte SHA256:");
    expect(first).toContain("FTPS (TLS explicite) : web1.cassiopea.test, port 21 : ferme_photos");
    const again = await handedOver();
    expect(again).toContain("aucun nouveau mot de passe");
    for (const password of passwords.values()) {
      const found = `grep -rlF -e '${password}' /etc /var/log /var/lib/hosting /root /tmp /srv/hosting; journalctl --no-pager | grep -cF -e '${password}'`;
      expect((await onHost(web1, found, { check: false })).stdout.trim()).toBe("0");
    }
  });

  it("of a database's users let in to what was said: reading, or writing", async () => {
    expect(await asSql("ferme_stats", "SELECT v FROM t")).toBe("7");
    expect(await asSql("ferme_stats", "INSERT INTO t VALUES (8)")).toMatch(/ERROR 1142 .*INSERT command denied/);
    expect(await asSql("ferme_app", "INSERT INTO t VALUES (8); SELECT SUM(v) FROM t")).toBe("15");
    passwords.set("ferme_none", "");
    expect(await asSql("ferme_none", "SELECT 1")).toContain("ERROR 1698");
  });
});

describe("SFTP", () => {
  it("lets in by a declared key, to the member's whole tree and no higher", async () => {
    writeFileSync(join(scratch, "page.html"), "by sftp");
    const done = await client.sftp("ferme", own.file, [
      `put ${scratch}/page.html sites/ferme.example/by-sftp.html`,
      `get sites/ferme.example/by-sftp.html ${scratch}/back.html`,
      "ls -1 ../../..",
      "ls -1 /",
    ]);
    expect(done.code, done.stderr).toBe(0);
    expect(readFileSync(join(scratch, "back.html"), "utf8")).toBe("by sftp");
    expect(done.stdout.match(/^(\.\.\/\.\.\/\.\.\/|\/)?(private|sessions|sites|tmp)$/gm)).toHaveLength(8);
    expect(await page("/by-sftp.html")).toBe("by sftp");
    const stat = await onHost(web1, `stat -c "%U %a" ${site}/by-sftp.html`);
    expect(stat.stdout.trim()).toBe("ferme 640");
  });

  it("refuses another key, an unknown login, a password, and a shell", async () => {
    for (const [login, key] of [
      ["ferme", other.file],
      ["lac", own.file],
      ["ferme_photos", own.file],
      ["root", own.file],
    ] as const)
      expect((await client.sftp(login, key, ["ls"])).code, login).not.toBe(0);
    expect(await client.sftpMethods("ferme")).toBe("publickey");
    expect((await client.ssh("ferme", own.file, "id")).stdout).toBe("");
  });
});

describe("FTPS", () => {
  const password = () => passwords.get("ferme_photos") ?? "";

  it("lets in by the password, under the certificate of the host's name, to its folder and no higher", async () => {
    writeFileSync(join(scratch, "photo.txt"), "by ftps");
    const stored = await client.ftps("ferme_photos", password(), "/photo.txt", ["-T", join(scratch, "photo.txt")]);
    expect(stored.code, stored.stderr).toBe(0);
    expect(await page("/photos/photo.txt")).toBe("by ftps");
    expect((await client.ftps("ferme_photos", password(), "/photo.txt")).stdout).toBe("by ftps");
    for (const path of ["/../by-sftp.html", "/%2Fsrv/hosting/ferme/sites/ferme.example/by-sftp.html", "/%2Fetc/passwd"])
      expect((await client.ftps("ferme_photos", password(), path)).code, path).not.toBe(0);
    expect((await client.ftps("ferme_photos", password(), "/", ["-l"])).stdout.trim()).toBe("photo.txt");
  });

  it("refuses what is not encrypted, a wrong password, and logins that have none", async () => {
    const clear = await client.ftp("ferme_photos", password(), "/photo.txt");
    expect([clear.code, clear.stdout]).toEqual([67, ""]);
    for (const [login, word] of [
      ["ferme_photos", "wrong"],
      ["ferme", "!"],
      ["ferme", ""],
      ["root", "root"],
      ["lac", ""],
    ] as const)
      expect((await client.ftps(login, word, "/")).code, login).toBe(67);
  });

  it("has the certificate of the host's name from the next connection on, once it was renewed", async () => {
    const before = await client.certificate();
    const state = "/var/lib/hosting/acme";
    await onHost(web1, `rm -r ${state}/certs/web1.cassiopea.test && hosting-agent settle </dev/null`);
    const after = await client.certificate();
    expect(after).not.toBe(before);
    expect(
      (await onHost(web1, `openssl x509 -in ${state}/live/web1.cassiopea.test/fullchain.pem -noout -serial`)).stdout,
    ).toBe(after);
  });

  it("does not follow a link that the member put in the place of the folder", async () => {
    await onHost(
      web1,
      `cd ${site}; runuser -u ferme -- mv photos aside; runuser -u ferme -- ln -s /srv/hosting/lac photos`,
    );
    expect((await client.ftps("ferme_photos", password(), "/")).code).not.toBe(0);
    await onHost(web1, `cd ${site}; runuser -u ferme -- rm photos; runuser -u ferme -- mv aside photos`);
    expect((await client.ftps("ferme_photos", password(), "/photo.txt")).stdout).toBe("by ftps");
  });
});

describe("what is declared", () => {
  it("is applied once: a second run changes nothing, and nothing is found changed by hand", async () => {
    const again = await onHost(web1, "hosting-agent apply --all </dev/null");
    expect(JSON.parse(again.stdout)).toMatchObject({ changed: [] });
    expect(JSON.parse((await onHost(web1, "hosting-agent check </dev/null")).stdout)).toMatchObject({ drift: [] });
    expect((await onHost(web1, "ss -Hltn 'sport = :21 or sport = :2222' | awk '{print $4}' | sort")).stdout).toBe(
      `${web1.address}:21\n${web1.address}:2222\n`,
    );
  });

  it("renews a password on request, and the old one is refused", async () => {
    const old = passwords.get("ferme_photos") ?? "";
    await handedOver("--renew", "ferme_photos");
    expect((await client.ftps("ferme_photos", old, "/")).code).toBe(67);
    expect((await client.ftps("ferme_photos", passwords.get("ferme_photos") ?? "", "/", ["-l"])).code).toBe(0);
    const unknown = await cassiopea(["handover", "ferme", "--stack", "lab", "--members", folder, "--renew", "ferme"]);
    expect([unknown.code, unknown.stderr]).toEqual([
      1,
      expect.stringContaining("n'a pas d'identifiant à mot de passe « ferme »"),
    ]);
  });

  it("stays open while the site is suspended, and closes with a suspension in full", async () => {
    const suspended = (level: string) => ({ status: { state: "suspended", since: from, reason: "facture", level } });
    await declare(suspended("web"));
    expect((await client.sftp("ferme", own.file, ["ls"])).code).toBe(0);
    expect(await asSql("ferme_app", "SELECT 1")).toContain("ERROR 4151");
    await declare(suspended("full"));
    expect((await client.sftp("ferme", own.file, ["ls"])).code).not.toBe(0);
    expect((await client.ftps("ferme_photos", passwords.get("ferme_photos") ?? "", "/")).code).toBe(67);
    await declare({});
    expect((await client.sftp("ferme", own.file, ["ls"])).code).toBe(0);
    expect((await client.ftps("ferme_photos", passwords.get("ferme_photos") ?? "", "/", ["-l"])).stdout.trim()).toBe(
      "photo.txt",
    );
  });

  it("ends what was opened by a key or an account that is gone, and keeps its files and what belongs to its user", async () => {
    const session = client.hold("ferme", own.file);
    await session.ready;
    const both = client.hold("ferme", own.file);
    await both.ready;
    await declare({ accounts: [{ ...main, keys: [own.publicKey, other.publicKey] }, photos] });
    expect(session.isOpen()).toBe(true);
    await declare({
      accounts: [
        { ...main, keys: [other.publicKey] },
        { ...photos, to },
      ],
      databases: [{ name: "site", users: databaseUsers.map((user) => (user.name === "app" ? { ...user, to } : user)) }],
    });
    await Promise.all([session.ended, both.ended]);
    expect((await client.sftp("ferme", own.file, ["ls"])).code).not.toBe(0);
    expect((await client.sftp("ferme", other.file, ["ls"])).code).toBe(0);
    expect((await client.ftps("ferme_photos", passwords.get("ferme_photos") ?? "", "/")).code).toBe(67);
    expect(await asSql("ferme_app", "SELECT 1")).toContain("ERROR 4151");
    expect(await page("/photos/photo.txt")).toBe("by ftps");
    const check = await onHost(web1, "hosting-agent check </dev/null");
    expect(JSON.parse(check.stdout)).toMatchObject({ drift: [] });
  });
});
