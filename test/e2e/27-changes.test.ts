import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rootFile } from "../../lab/acme/authority.ts";
import type { DnsRecord } from "../../lab/cloudflare/store.ts";
import { labEnvironment } from "../../lab/environment.ts";
import { type RunResult, run } from "../../lab/run.ts";
import { project } from "../../lab/settings.ts";
import { authority } from "../support/authority.ts";
import {
  askDnsApi,
  cassiopea,
  deploy,
  dig,
  giveRoles,
  lab,
  labHost,
  membersFolder,
  onHost,
  writeMember,
} from "./support.ts";

const web1 = labHost("web1");
const from = "2026-01-01";
const shop = authority("Boutique de certificats");
afterAll(() => shop.end());

/** Somebody else's, one of them at a name of ours that goes; as the API lists them once they are made. */
const foreign = ["ailleurs", "boutique"].map((label) => {
  return { type: "TXT", name: `${label}.pres.example`, content: '"pas à nous"', ttl: 600 };
});
let others: DnsRecord[];
const pres = {
  number: 101,
  domains: [
    { name: "pres.example", from, mail: true, records: [{ name: "essai", type: "TXT", value: "essai", ttl: 600 }] },
    { name: "passe.example", from },
  ],
  sites: [{ name: "pres.example" }, { name: "boutique.pres.example" }, { name: "passe.example" }],
};
const achat = {
  number: 102,
  options: [{ option: "certificate", from }],
  domains: [{ name: "achat.example", from }],
  sites: [{ name: "achat.example", aliases: ["www.achat.example"], certificate: "bought" }],
};
let folder: string;

/** Records of a zone by `name type`, as the DNS API lists them. */
async function recordsOf(domain: string): Promise<Map<string, DnsRecord>> {
  const [zone] = await askDnsApi<{ id: string }[]>(`/zones?name=${domain}`);
  const records = await askDnsApi<DnsRecord[]>(`/zones/${zone?.id}/dns_records?per_page=100`);
  return new Map(records.map((one) => [`${one.name} ${one.type} ${one.content}`, one]));
}

/** Debian's curl, with a name led to the host; the chain must lead to this root. */
function curl(name: string, root = rootFile): Promise<RunResult> {
  const options = ["-sS", "--cacert", root, "--resolve", `${name}:443:${web1.address}`];
  return run("curl", [...options, `https://${name}/`], { check: false });
}

async function up(): Promise<string> {
  const done = await cassiopea(["up", "--stack", "lab", "--members", folder]);
  expect(done.code, done.text).toBe(0);
  return done.text;
}

beforeAll(async () => {
  folder = await membersFolder({ pres, achat });
  await lab(["reset", "--hosts", "1"]);
  giveRoles(["web", "database", "mail"]);
  await deploy(folder);
  const [zone] = await askDnsApi<{ id: string }[]>("/zones?name=pres.example");
  others = [];
  for (const record of foreign)
    others.push(await askDnsApi<DnsRecord>(`/zones/${zone?.id}/dns_records`, "POST", record));
});

describe("a certificate that a member buys", () => {
  const chainFile = () => join(folder, "certificates", "achat.example.pem");
  const root = join(mkdtempSync(join(tmpdir(), "cassiopea-root-")), "root.pem");

  it("is asked for with the request that the host made; a free one serves until then", async () => {
    expect((await curl("achat.example")).stdout).toContain("Bienvenue sur achat.example");
    const asked = await cassiopea(["certificate", "achat.example", "--stack", "lab", "--members", folder]);
    expect(asked.code, asked.text).toBe(0);
    mkdirSync(join(folder, "certificates"));
    writeFileSync(chainFile(), `${shop.sign(asked.stdout)}${shop.certificate}`);
    writeFileSync(root, shop.certificate);
    const free = await cassiopea(["certificate", "pres.example", "--stack", "lab", "--members", folder]);
    expect([free.code, free.stderr]).toEqual([
      1,
      expect.stringContaining('Pour en acheter un, écrivez certificate: "bought" à ce site dans le fichier de pres'),
    ]);
  });

  it("is used once its chain is handed in, and a second run changes nothing", async () => {
    await up();
    // nginx's earlier workers may answer for a moment.
    await expect.poll(async () => (await curl("achat.example", root)).stdout).toContain("Bienvenue sur achat.example");
    await expect.poll(async () => (await curl("achat.example")).code).toBe(60);
    expect(await up()).toContain("rien à changer");
  });

  it("that can't be used is refused before anything is sent, and by the host what only it can see", async () => {
    const good = readFileSync(chainFile(), "utf8");
    writeFileSync(chainFile(), shop.sign(shop.request(["achat.example"])) + shop.certificate);
    const refused = await cassiopea(["check", "--members", folder]);
    expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining("ne couvre pas www.achat.example")]);
    writeFileSync(chainFile(), shop.sign(shop.request(["achat.example", "www.achat.example"])) + shop.certificate);
    expect(await up()).toContain("il n'est pas de la clé de ce serveur");
    expect((await curl("achat.example", root)).stdout).toContain("Bienvenue sur achat.example");
    writeFileSync(chainFile(), good);
    await up();
  });

  it("that lacks a name added since gives way to a free one, until the new chain is there", async () => {
    const [site] = achat.sites;
    const sites = [{ ...site, aliases: ["neuf.achat.example", "www.achat.example"] }];
    writeMember(folder, "achat", { ...achat, sites });
    rmSync(chainFile());
    await up();
    await expect.poll(async () => (await curl("neuf.achat.example")).code).toBe(0);
    expect((await curl("achat.example")).stdout).toContain("Bienvenue sur achat.example");
    const asked = await cassiopea(["certificate", "achat.example", "--stack", "lab", "--members", folder]);
    writeFileSync(chainFile(), `${shop.sign(asked.stdout)}${shop.certificate}`);
    await up();
    await expect.poll(async () => (await curl("neuf.achat.example", root)).code).toBe(0);
  });
});

describe("a subdomain", () => {
  it("that is added is served at once, with its certificate", async () => {
    writeMember(folder, "pres", { ...pres, sites: [...pres.sites, { name: "neuf.pres.example" }] });
    await up();
    expect(await dig("neuf.pres.example", "A")).toEqual([web1.address]);
    expect((await curl("neuf.pres.example")).stdout).toContain("Bienvenue sur neuf.pres.example");
  });

  it("that is removed is served until its DNS and what resolvers remember of it are gone", async () => {
    writeMember(folder, "pres", { ...pres, sites: pres.sites.filter(({ name }) => !name.startsWith("boutique")) });
    await up();
    expect(await dig("boutique.pres.example", "A")).toEqual([]);
    expect((await curl("boutique.pres.example")).stdout).toContain("Bienvenue sur boutique.pres.example");
    const leaving = "/etc/hosting/state/leaving.json";
    const noted = JSON.parse((await onHost(web1, `cat ${leaving}`)).stdout) as { name: string; ttl: number }[];
    expect(noted.map(({ name, ttl }) => [name, ttl])).toEqual([
      ["boutique.pres.example", 300],
      ["neuf.pres.example", 300],
    ]);
    const check = await onHost(web1, "hosting-agent check </dev/null");
    expect(JSON.parse(check.stdout)).toMatchObject({
      drift: [],
      warnings: expect.arrayContaining([
        "en partance : boutique.pres.example, servi jusqu'à ce que le DNS l'ait oublié",
      ]),
    });
    // As when the five minutes have passed.
    await onHost(web1, `sed -i 's/"until":[0-9]*/"until":1/' ${leaving} && hosting-agent settle </dev/null`);
    await expect.poll(async () => (await curl("boutique.pres.example")).code).toBe(35);
    expect((await onHost(web1, "hosting-agent check </dev/null")).code).toBe(0);
    expect((await onHost(web1, "ls /srv/hosting/pres/sites")).stdout).toContain("boutique.pres.example");
  });
});

describe("a time to live", () => {
  it("changes in place", async () => {
    const key = 'essai.pres.example TXT "essai"';
    const before = (await recordsOf("pres.example")).get(key);
    const [first, ...others] = pres.domains;
    const records = [{ name: "essai", type: "TXT", value: "essai", ttl: 1200 }];
    writeMember(folder, "pres", { ...pres, domains: [{ ...first, records }, ...others] });
    await up();
    expect((await recordsOf("pres.example")).get(key)).toMatchObject({ id: before?.id, ttl: 1200 });
  });
});

describe("a domain that passes from one member to another", () => {
  it("is never without MX nor site, keeps its zone and records, and takes one run", async () => {
    const before = await recordsOf("passe.example");
    const [first] = pres.domains;
    const sites = [{ name: "pres.example" }];
    writeMember(folder, "pres", {
      ...pres,
      domains: [first, { name: "passe.example", from, to: "2026-06-30" }],
      sites,
    });
    writeMember(folder, "achat", {
      ...achat,
      domains: [...achat.domains, { name: "passe.example", from: "2026-07-01" }],
      sites: [...achat.sites, { name: "passe.example" }],
    });
    const seen = new Set<string>();
    const passed = new AbortController();
    const watch = async () => {
      while (!passed.signal.aborted) {
        seen.add(`MX ${(await dig("passe.example", "MX")).join()}`);
        seen.add(`site ${(await curl("passe.example")).stdout.includes("passe.example")}`);
      }
    };
    const watching = watch();
    try {
      await up();
    } finally {
      passed.abort();
      await watching;
    }
    expect([...seen].sort()).toEqual(["MX 0 .", "site true"]);
    const after = await recordsOf("passe.example");
    const ids = (records: Map<string, DnsRecord>) => [...records].map(([key, { id }]) => `${key} ${id}`).sort();
    expect(ids(after)).toEqual(ids(before));
    expect([...after.values()].map(({ comment }) => comment)).toEqual([...after].map(() => "cassiopea achat"));
    expect((await onHost(web1, "grep -h root /etc/nginx/members.d/passe.example.conf")).stdout).toContain(
      "/srv/hosting/achat/sites/passe.example",
    );
    expect(await up()).toContain("rien à changer");
  });
});

describe("a zone that exists already", () => {
  const command = (...args: string[]) => cassiopea([...args, "--stack", "lab", "--members", folder]);

  it("is left alone until it is taken over, which shows what it holds and touches no record of others", async () => {
    const { id: account } = (await askDnsApi<{ account: { id: string } }[]>("/zones"))[0]?.account ?? { id: "" };
    const zone = await askDnsApi<{ id: string }>("/zones", "POST", {
      account: { id: account },
      name: "ancien.example",
    });
    const records = `/zones/${zone.id}/dns_records`;
    const note = { type: "TXT", name: "note.ancien.example", content: '"d\'autrui"', ttl: 600 };
    const old = { type: "A", name: "ancien.example", content: "192.0.2.80", ttl: 600 };
    await askDnsApi(records, "POST", note);
    const { id } = await askDnsApi<{ id: string }>(records, "POST", old);
    writeMember(folder, "achat", {
      ...achat,
      domains: [...achat.domains, { name: "passe.example", from: "2026-07-01" }, { name: "ancien.example", from }],
      sites: [...achat.sites, { name: "passe.example" }, { name: "ancien.example" }],
    });
    const listed = async () =>
      (await askDnsApi<DnsRecord[]>(records)).map(({ type, name, content, ttl }) => ({ type, name, content, ttl }));

    const refused = await command("up");
    expect([refused.code, refused.text]).toEqual([1, expect.stringContaining("npx cassiopea adopt ancien.example")]);
    const shown = await command("adopt", "ancien.example");
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining("Tiennent la place des nôtres (1)")]);
    const early = await command("adopt", "ancien.example", "--yes");
    expect([early.code, early.text]).toEqual([1, expect.stringContaining("ancien.example A 192.0.2.80")]);
    expect(await listed()).toEqual(expect.arrayContaining([note, old]));
    expect(await listed()).toHaveLength(2);

    await askDnsApi(`${records}/${id}`, "DELETE");
    const taken = await command("adopt", "ancien.example", "--yes");
    expect(taken.code, taken.text).toBe(0);
    expect(taken.text).toContain("ancien.example : 1 enregistrement d'autrui dans la zone, laissé tel quel");
    expect(await listed()).toContainEqual(note);
    expect(await dig("ancien.example", "A")).toEqual([web1.address]);
    expect((await askDnsApi<{ id: string }[]>("/zones?name=ancien.example")).map((one) => one.id)).toEqual([zone.id]);
    expect(await up()).toContain("rien à changer");
  });
});

describe("DKIM keys", () => {
  it("rotate by the association's settings: the new selector comes before the old one goes, nothing else moves", async () => {
    const before = await recordsOf("pres.example");
    // The project as it is after such a change.
    const changed = mkdtempSync(join(tmpdir(), "cassiopea-rotated-"));
    const parts = ["src", "components", "agent", "package.json", "tsconfig.json", "Pulumi.yaml", "Pulumi.lab.yaml"];
    for (const part of parts) cpSync(join(project, part), join(changed, part), { recursive: true });
    symlinkSync(join(project, "node_modules"), join(changed, "node_modules"));
    const settings = join(changed, "src", "association.ts");
    const text = readFileSync(settings, "utf8");
    writeFileSync(settings, text.replace('["c202601", "c202607"]', '["c202607", "c202701"]'));
    const done = await run(
      process.execPath,
      [join(changed, "components", "cassiopea.js"), "up", "--stack", "lab", "--members", folder],
      { check: false, cwd: changed, env: labEnvironment() },
    );
    expect(done.code, `${done.stdout}\n${done.stderr}`).toBe(0);
    const after = await recordsOf("pres.example");
    const key = (selector: string) => `${selector}._domainkey.pres.example CNAME ${selector}._domainkey.cassiopea.org`;
    expect([...before.keys()].filter((one) => !after.has(one))).toEqual([key("c202601")]);
    expect([...after.keys()].filter((one) => !before.has(one))).toEqual([key("c202701")]);
    expect(after.get(key("c202607"))?.id).toBe(before.get(key("c202607"))?.id);
    await up();
  });
});

describe("records of others", () => {
  it("are as they were, after all that", async () => {
    const left = [...(await recordsOf("pres.example")).values()].filter(({ comment }) => comment === null);
    expect(left.sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual(others);
  });
});
