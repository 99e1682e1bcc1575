import { beforeAll, describe, expect, it } from "vitest";
import { rootFile } from "../../lab/acme/authority.ts";
import { run } from "../../lab/run.ts";
import { cassiopea, deploy, lab, labHost, membersFolder, onHost, writeMember } from "./support.ts";

const web1 = labHost("web1");
const from = "2026-01-01";
const envoi = {
  number: 101,
  limits: { memory: "256 MB", processes: 30, processor: 50 },
  domains: [{ name: "envoi.example", from }],
  sites: [
    { name: "envoi.example" },
    { name: "vieux.envoi.example", redirect: "https://envoi.example/histoire" },
    { name: "essai.envoi.example", staging: true },
  ],
};
const lac = {
  number: 102,
  domains: [{ name: "lac.example", from }],
  databases: [{ name: "site" }],
};
const suspended = { ...lac, status: { state: "suspended", since: from, reason: "cotisation impayée", level: "web" } };
let folder: string;

/** Status, headers (lower case) and body of a page over HTTPS, the chain verified. */
async function page(name: string, path = "/"): Promise<{ status: string; headers: string; body: string }> {
  const options = ["-sS", "-i", "--cacert", rootFile, "--resolve", `${name}:443:${web1.address}`];
  const { stdout } = await run("curl", [...options, "--http1.1", `https://${name}${path}`]);
  const [head = "", body = ""] = stdout.split("\r\n\r\n");
  return { status: head.split(" ")[1] ?? "", headers: head.toLowerCase(), body };
}

async function up(): Promise<string> {
  const done = await cassiopea(["up", "--stack", "lab", "--members", folder]);
  expect(done.code, done.text).toBe(0);
  return done.text;
}

/** A PHP page of the member's that shows the rows of its table. */
const php = `<?php
$db = @new mysqli(null, 'lac', '', 'lac_site', 0, '/run/mysqld/mysqld.sock');
echo $db->query('SELECT text FROM greeting')->fetch_row()[0];
`;

beforeAll(async () => {
  folder = await membersFolder({ envoi, lac });
  await lab(["reset", "--hosts", "1"]);
  await deploy(folder);
  const table = "CREATE TABLE greeting (text VARCHAR(50)); INSERT INTO greeting VALUES ('bonjour du lac');";
  await onHost(web1, "runuser -u lac -- mariadb lac_site", { input: table });
  await onHost(web1, "runuser -u lac -- sh -c 'cat > /srv/hosting/lac/sites/lac.example/page.php'", { input: php });
});

describe("a site that only sends its visitors elsewhere", () => {
  it("sends all of them, whatever they asked for", async () => {
    for (const path of ["/", "/a/b?c=d", "/index.php"]) {
      const { status, headers } = await page("vieux.envoi.example", path);
      expect([status, headers]).toEqual([
        "301",
        expect.stringContaining("location: https://envoi.example/histoire\r\n"),
      ]);
    }
  });
});

describe("a copy to try things on", () => {
  it("is shown, and kept from search engines", async () => {
    const copy = await page("essai.envoi.example");
    expect([copy.status, copy.body]).toEqual(["200", expect.stringContaining("Bienvenue sur essai.envoi.example")]);
    expect(copy.headers).toContain("x-robots-tag: noindex, nofollow");
    expect((await page("envoi.example")).headers).not.toContain("x-robots-tag");
  });
});

describe("a member's own limits", () => {
  it("are what systemd reads; others keep everybody's", async () => {
    const read = async (member: string) =>
      (await onHost(web1, `systemctl show php-member@${member}.service -p MemoryMax,TasksMax,CPUQuotaPerSecUSec`))
        .stdout;
    expect(await read("envoi")).toBe("CPUQuotaPerSecUSec=500ms\nMemoryMax=256000000\nTasksMax=30\n");
    expect(await read("lac")).toBe("CPUQuotaPerSecUSec=infinity\nMemoryMax=536870912\nTasksMax=64\n");
  });
});

describe("a member who is suspended", () => {
  it("has sites that say so and whom to write to, no PHP and no login to the database; files and rows stay", async () => {
    expect((await page("lac.example", "/page.php")).body).toBe("bonjour du lac");
    writeMember(folder, "lac", suspended);
    await up();
    for (const path of ["/", "/page.php"]) {
      const { status, headers, body } = await page("lac.example", path);
      expect([status, headers]).toEqual(["503", expect.stringContaining("retry-after: 86400")]);
      expect(body).toContain("mailto:secretariat@cassiopea.org");
      expect(body).not.toContain("bonjour");
    }
    const login = await onHost(web1, "runuser -u lac -- mariadb lac_site -e 'SELECT 1' 2>&1 || true");
    expect(login.stdout).toContain("4151");
    expect((await onHost(web1, "systemctl is-active php-member@lac.socket || true")).stdout).toBe("inactive\n");
    expect((await onHost(web1, "mariadb -N lac_site -e 'SELECT text FROM greeting'")).stdout).toBe("bonjour du lac\n");
    expect((await page("envoi.example")).status).toBe("200");
    expect(await up()).toContain("rien à changer");
  });

  it("is back by one edit, with everything as it was", async () => {
    writeMember(folder, "lac", lac);
    await up();
    expect((await page("lac.example", "/page.php")).body).toBe("bonjour du lac");
    expect((await onHost(web1, "hosting-agent check </dev/null")).code).toBe(0);
  });
});
