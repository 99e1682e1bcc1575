import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { DnsRecord } from "../../lab/cloudflare/store.ts";
import { judges } from "../../lab/judges.ts";
import { run } from "../../lab/run.ts";
import { plan } from "../../src/plan/plan.ts";
import { lacWith } from "../checks/support.ts";
import { account, type Bench, bench, token } from "../cloudflare/support.ts";
import { hosts } from "../golden/support/hosts.ts";

const domain = "lac.example";
/** What is declared here gives records of every type that we make. */
const member = lacWith({
  domains: [
    {
      name: domain,
      from: "2026-01-01",
      mail: true,
      records: [
        { name: "long", type: "TXT", value: `"guillemets" ${"x".repeat(300)}` },
        { name: "alias", type: "CNAME", value: "ailleurs.example", ttl: 3600 },
      ],
    },
  ],
});
// Without `key`, which is for resource names alone.
const planned = plan(member, hosts).domains.flatMap(({ records }) =>
  records.map((record) => Object.fromEntries(Object.entries(record).filter(([field]) => field !== "key"))),
);

type Listed = Pick<DnsRecord, "id" | "name" | "type" | "content" | "ttl" | "priority">;
const line = ({ name, type, content, ttl, priority }: Listed) => `${name} ${ttl} ${type} ${priority ?? ""} ${content}`;
const sorted = (records: readonly Listed[]) => records.map(line).sort();

let test: Bench;
let zone: string;
beforeEach(async () => {
  test = await bench();
  zone = (await test.client.zones.create({ account, name: domain })).id;
});
afterEach(() => test.end());

/** What the npm client reads. */
async function byNpm(): Promise<Listed[]> {
  const found: Listed[] = [];
  for await (const record of test.client.dns.records.list({ zone_id: zone, per_page: 20 }))
    found.push(record as Listed);
  return found;
}

/** What the Python client prints of what it was asked to do. */
async function python(asked: object): Promise<unknown> {
  const script = join(import.meta.dirname, "support", "api_client.py");
  const { stdout } = await run(judges.python, [script, test.emulator.url], {
    input: JSON.stringify(asked),
    env: { ...process.env, DNS_API_TOKEN: token },
  });
  return JSON.parse(stdout);
}

/** What the Python client reads, after what it was asked to do. */
const byPython = async (asked: object = {}) => (await python({ zone: domain, per_page: 20, ...asked })) as Listed[];

async function create(record: object): Promise<void> {
  await test.client.dns.records.create({ zone_id: zone, ...record } as Parameters<
    typeof test.client.dns.records.create
  >[0]);
}

/** octoDNS's configuration for the emulator, in a folder of its own, with this zone as the source. */
function configured(records: object | string): string {
  const folder = mkdtempSync(join(tmpdir(), "cassiopea-octodns-"));
  writeFileSync(join(folder, `${domain}.yaml`), typeof records === "string" ? records : stringify(records));
  const providers = {
    source: { class: "octodns.provider.yaml.YamlProvider", directory: folder, enforce_order: false },
    target: {
      class: "octodns_cloudflare.CloudflareProvider",
      token: "env/DNS_API_TOKEN",
      account_id: account.id,
      api_url: test.emulator.url,
      pagerules: false,
    },
  };
  const zones = { [`${domain}.`]: { sources: ["source"], targets: ["target"] } };
  writeFileSync(join(folder, "config"), stringify({ providers, zones }));
  return join(folder, "config");
}

/** Runs one of octoDNS's programs; gives what it printed. */
async function octodns(program: string, config: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, DNS_API_TOKEN: token };
  const { stdout, stderr } = await run(program, ["--config-file", config, ...args], { env });
  return `${stdout}${stderr}`;
}

describe("our records, written by one client", () => {
  it("are read alike by the service's npm and Python clients, over several pages", async () => {
    for (const record of planned) await create(record);
    for (let index = 0; index < 50; index += 1)
      await create({ type: "A", name: `h${index}.${domain}`, content: "192.0.2.1", ttl: 300 });
    const records = await byNpm();
    expect(records).toHaveLength(planned.length + 50);
    expect(sorted(await byPython())).toEqual(sorted(records));
    expect(new Set(records.map(({ type }) => type))).toEqual(
      new Set(["A", "AAAA", "CAA", "CNAME", "MX", "SRV", "TXT"]),
    );
  });

  it("are as octoDNS reads them: its dump, given back, plans no change", async () => {
    for (const record of planned) await create(record);
    const folder = mkdtempSync(join(tmpdir(), "cassiopea-octodns-"));
    await octodns(judges.octodnsDump, configured({}), "--output-dir", folder, "--lenient", `${domain}.`, "target");
    const dumped = readFileSync(join(folder, `${domain}.yaml`), "utf8");
    for (const name of ["_dmarc", "_imaps._tcp", "autoconfig", "long", "c202601._domainkey"])
      expect(dumped).toContain(name);
    expect(await octodns(judges.octodnsSync, configured(dumped))).toContain("No changes were planned");
  });
});

describe("zones over several pages", () => {
  it("are listed alike by the service's npm and Python clients", async () => {
    for (let index = 0; index < 59; index += 1) await test.client.zones.create({ account, name: `z${index}.example` });
    const names: string[] = [];
    for await (const { name } of test.client.zones.list({ per_page: 20 })) names.push(name);
    expect(names).toHaveLength(60);
    expect(new Set(names).size).toBe(60);
    expect(await python({ zones_per_page: 20 })).toEqual(names);
  });
});

describe("the Python client", () => {
  it("creates, changes and deletes records of every type as the npm client finds them", async () => {
    await byPython({ create: planned });
    const created = await byNpm();
    expect(sorted(await byPython())).toEqual(sorted(created));
    expect(created).toHaveLength(planned.length);
    const [alias, apex] = ["alias", ""].map((name) =>
      created.find((one) => one.name === (name === "" ? domain : `${name}.${domain}`) && one.type !== "TXT"),
    );
    const kept = await byPython({
      edit: [{ id: alias?.id, type: "CNAME", name: alias?.name, content: "autre.example", ttl: 120 }],
      delete: [apex?.id],
    });
    expect(kept).toHaveLength(planned.length - 1);
    expect(kept.map(line)).toContain(`alias.${domain} 120 CNAME  autre.example`);
    expect(sorted(await byNpm())).toEqual(sorted(kept));
  });
});

describe("octoDNS", () => {
  it("makes a zone what its files say, after which it plans nothing", async () => {
    const records = {
      "": [
        { type: "A", ttl: 300, values: ["192.0.2.1", "192.0.2.2"] },
        { type: "MX", ttl: 300, values: [{ preference: 10, exchange: "mx.example.org." }] },
        { type: "TXT", ttl: 300, values: ["v=spf1 mx -all", "essai"] },
        { type: "CAA", ttl: 300, values: [{ flags: 0, tag: "issue", value: "letsencrypt.org" }] },
      ],
      www: { type: "CNAME", ttl: 300, value: `${domain}.` },
      "_imaps._tcp": {
        type: "SRV",
        ttl: 300,
        values: [{ priority: 0, weight: 1, port: 993, target: "mx.example.org." }],
      },
    };
    const config = configured(records);
    expect(await octodns(judges.octodnsSync, config)).toContain("Creates=6, Updates=0, Deletes=0");
    await octodns(judges.octodnsSync, config, "--doit");
    expect(await octodns(judges.octodnsSync, config)).toContain("No changes were planned");
    expect(sorted(await byNpm())).toEqual([
      `_imaps._tcp.${domain} 300 SRV 0 1 993 mx.example.org`,
      `${domain} 300 A  192.0.2.1`,
      `${domain} 300 A  192.0.2.2`,
      `${domain} 300 CAA  0 issue "letsencrypt.org"`,
      `${domain} 300 MX 10 mx.example.org`,
      `${domain} 300 TXT  "essai"`,
      `${domain} 300 TXT  "v=spf1 mx -all"`,
      `www.${domain} 300 CNAME  ${domain}`,
    ]);
  });
});
