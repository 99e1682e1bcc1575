import { spawn } from "node:child_process";
import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Cloudflare from "cloudflare";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Store } from "../../lab/cloudflare/store.ts";
import { zoneFile } from "../../lab/cloudflare/zonefile.ts";
import { project } from "../../lab/settings.ts";
import { account, type Bench, bench, refusal, token } from "./support.ts";

let test: Bench;

beforeEach(async () => {
  test = await bench();
});
afterEach(() => test.end());

describe("zones", () => {
  it("makes, changes, finds and deletes", async () => {
    const { client } = test;
    const zone = await client.zones.create({ account, name: "Member.be" });
    expect(zone).toMatchObject({ name: "member.be", status: "pending", paused: false, account });
    expect(zone.name_servers).toHaveLength(2);
    expect(await client.zones.edit({ zone_id: zone.id, paused: true })).toMatchObject({ paused: true });
    expect((await client.zones.list({ name: "member.be", account: { id: account.id } })).result).toHaveLength(1);
    expect((await client.zones.list({ name: "contains:ember" })).result).toHaveLength(1);
    expect((await client.zones.list({ account: { id: "f".repeat(32) } })).result).toHaveLength(0);
    expect(await refusal(client.zones.create({ account, name: "member.be" }))).toEqual([400, [1061]]);
    expect(await client.zones.delete({ zone_id: zone.id })).toEqual({ id: zone.id });
    expect(await refusal(client.zones.get({ zone_id: zone.id }))).toEqual([404, [1001]]);
    expect(await refusal(client.dns.records.list({ zone_id: zone.id }))).toEqual([403, [10000]]);
  });

  it("pages 46 zones at 20, with the totals", async () => {
    for (let index = 0; index < 46; index += 1) await test.client.zones.create({ account, name: `m${index}.be` });
    const counts = await Promise.all(
      [1, 2, 3, 4].map(async (page) => (await test.client.zones.list({ page })).result.length),
    );
    expect(counts).toEqual([20, 20, 6, 0]);
    const { result_info } = await test.client.zones.list({ page: 3 });
    expect(result_info).toMatchObject({ page: 3, per_page: 20, count: 6, total_count: 46, total_pages: 3 });
  });

  it("of another account can't be made, seen nor changed, until they are given up", async () => {
    const { client, emulator } = test;
    const steer = (method: string) =>
      fetch(new URL("/lab/zones", emulator.url), { method, body: '{"name":"pris.be"}' });
    expect((await steer("POST")).status).toBe(200);
    const [taken] = [...emulator.store.zones.values()];
    const zone = { zone_id: taken?.id ?? "" };
    expect(taken?.name).toBe("pris.be");
    expect(await refusal(client.zones.create({ account, name: "pris.be" }))).toEqual([400, [1061]]);
    expect((await client.zones.list()).result).toEqual([]);
    expect(await refusal(client.zones.get(zone))).toEqual([404, [1001]]);
    expect(await refusal(client.zones.delete(zone))).toEqual([404, [1001]]);
    expect(await refusal(client.dns.records.list(zone))).toEqual([403, [10000]]);
    const record = { ...zone, type: "A", name: "pris.be", content: "192.0.2.1", ttl: 300 } as const;
    expect(await refusal(client.dns.records.create(record))).toEqual([403, [10000]]);
    expect((await steer("POST")).status).toBe(400);
    await steer("DELETE");
    expect((await client.zones.create({ account, name: "pris.be" })).account).toEqual(account);
    await steer("DELETE");
    expect((await client.zones.list()).result).toHaveLength(1);
  });

  it("of another account are told to who serves the zones, whatever the case of their name", async () => {
    const served: string[][] = [];
    const changed = async ({ zones }: Store) => {
      served.push([...zones.values()].map(({ name }) => name));
      await Promise.resolve();
    };
    const other = await bench({ changed });
    try {
      for (const method of ["POST", "DELETE"])
        await fetch(new URL("/lab/zones", other.emulator.url), { method, body: '{"name":"Pris.be."}' });
      expect(served).toEqual([["pris.be"], []]);
    } finally {
      await other.end();
    }
  });

  it("becomes active when asked to check", async () => {
    const { id } = await test.client.zones.create({ account, name: "member.be" });
    await test.client.zones.activationCheck.trigger({ zone_id: id });
    expect(await test.client.zones.get({ zone_id: id })).toMatchObject({ status: "active" });
  });
});

it("has the settings of a zone, and refuses unknown names and values", async () => {
  const { id } = await test.client.zones.create({ account, name: "member.be" });
  const set = (setting: string, value: unknown) => test.client.zones.settings.edit(setting, { zone_id: id, value });
  expect(await set("ssl", "strict")).toMatchObject({ id: "ssl", value: "strict", editable: true });
  expect(await test.client.zones.settings.get("ssl", { zone_id: id })).toMatchObject({ value: "strict" });
  const hsts = { strict_transport_security: { enabled: true, max_age: 86_400 } };
  expect(await set("security_header", hsts)).toMatchObject({ value: hsts });
  expect(await refusal(set("minTlsVersion", "1.2"))).toEqual([400, [1006]]);
  expect(await refusal(set("tls_1_3", "maybe"))).toEqual([400, [1007]]);
});

it("signs with a key whose tag and digest are true", async () => {
  const { id } = await test.client.zones.create({ account, name: "member.be" });
  expect(await test.client.dns.dnssec.get({ zone_id: id })).toMatchObject({ status: "disabled", ds: null });
  const made = await test.client.dns.dnssec.edit({ zone_id: id, status: "active" });
  expect(made).toMatchObject({ status: "pending", algorithm: "13", flags: 257 });
  const publicKey = Buffer.from(String(made.public_key), "base64");
  // Name in wire format, then flags, protocol, algorithm and key: RFC 4034, 5.1.4.
  const owner = Buffer.from("\u0006member\u0002be\u0000");
  const digest = createHash("sha256")
    .update(Buffer.concat([owner, Buffer.from([1, 1, 3, 13]), publicKey]))
    .digest("hex");
  expect(made.ds).toBe(`member.be. 3600 IN DS ${made.key_tag} 13 2 ${digest.toUpperCase()}`);
  const key = test.emulator.store.zones.get(id)?.dnssec.key;
  const { x = "", y = "" } = createPublicKey(createPrivateKey(key?.privatePem ?? "")).export({ format: "jwk" });
  expect(Buffer.concat([Buffer.from(x, "base64url"), Buffer.from(y, "base64url")])).toEqual(publicKey);
  expect(await test.client.dns.dnssec.edit({ zone_id: id, status: "disabled" })).toMatchObject({
    status: "pending-disabled",
  });
  await test.client.dns.dnssec.delete({ zone_id: id });
  expect(await test.client.dns.dnssec.get({ zone_id: id })).toMatchObject({ status: "disabled", public_key: null });
});

describe("tokens", () => {
  const as = (apiToken: string) => new Cloudflare({ apiToken, baseURL: test.emulator.url, maxRetries: 0 });

  it("verifies a good one", async () => {
    expect(await test.client.user.tokens.verify()).toMatchObject({ status: "active" });
  });
  it("refuses none, a malformed one, an unknown one", async () => {
    const { url } = test.emulator;
    expect(await (await fetch(`${url}/zones`)).json()).toMatchObject({ errors: [{ code: 9106 }] });
    expect(await refusal(as("short").zones.list())).toEqual([400, [6003]]);
    expect(await refusal(as("x".repeat(40)).zones.list())).toEqual([403, [9109]]);
    expect(await refusal(as("x".repeat(40)).user.tokens.verify())).toEqual([401, [1000]]);
  });
  it("lets a reading token read only", async () => {
    const reader = "r".repeat(40);
    const other = await bench({ tokens: new Map([[reader, "read"]]) });
    try {
      const client = new Cloudflare({ apiToken: reader, baseURL: other.emulator.url, maxRetries: 0 });
      expect((await client.zones.list()).result).toEqual([]);
      expect(await refusal(client.zones.create({ account, name: "member.be" }))).toEqual([403, [10000]]);
    } finally {
      await other.end();
    }
  });
});

it("has no route outside its version", async () => {
  const answer = await fetch(test.emulator.url.replace("v4", "v5/zones"), { method: "POST" });
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ errors: [{ code: 7003, error_chain: [{ code: 7000 }] }] });
});

it("writes a master file: absolute names, all strings of a TXT, a flattened apex", async () => {
  const { client, emulator } = test;
  const { id } = await client.zones.create({ account, name: "member.be" });
  const records = [
    { type: "CNAME", name: "@", content: "web.member.be", ttl: 1 },
    { type: "A", name: "web", content: "192.0.2.1", ttl: 300 },
    { type: "MX", name: "@", content: "mail.x.org", priority: 10, ttl: 300 },
    { type: "TXT", name: "t", content: `a"b\\${"x".repeat(300)}`, ttl: 300 },
    { type: "CAA", name: "@", data: { flags: 0, tag: "issue", value: "letsencrypt.org" }, ttl: 300 },
    { type: "SRV", name: "_imaps._tcp", data: { priority: 0, weight: 1, port: 993, target: "mail.x.org" }, ttl: 60 },
  ];
  for (const record of records) await client.dns.records.create({ zone_id: id, ...record } as never);
  const zone = emulator.store.zones.get(id);
  if (zone === undefined) throw new Error("no zone");
  const [soa, ...lines] = zoneFile(emulator.store, zone).trimEnd().split("\n");
  expect(soa).toBe(
    `member.be. 1800 IN SOA ada.ns.cloudflare.com. dns.cloudflare.com. ${zone.serial} 10000 2400 604800 1800`,
  );
  expect(lines).toEqual([
    "member.be. 86400 IN NS ada.ns.cloudflare.com.",
    "member.be. 86400 IN NS bob.ns.cloudflare.com.",
    "member.be. 300 IN A 192.0.2.1",
    "web.member.be. 300 IN A 192.0.2.1",
    "member.be. 300 IN MX 10 mail.x.org.",
    `t.member.be. 300 IN TXT "a\\"b\\\\${"x".repeat(251)}" "${"x".repeat(49)}"`,
    'member.be. 300 IN CAA 0 issue "letsencrypt.org"',
    "_imaps._tcp.member.be. 60 IN SRV 0 1 993 mail.x.org.",
  ]);
});

describe("as a process", () => {
  const folder = mkdtempSync(join(tmpdir(), "cassiopea-emulator-"));
  const zones = join(folder, "zones");
  const file = join(folder, "tokens");
  writeFileSync(file, `${token}\n`);

  async function start() {
    const script = join(project, "lab", "cloudflare", "main.ts");
    const args = [script, "--port", "0", "--state", join(folder, "state"), "--zones", zones, "--token-file", file];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const url = await new Promise<string>((done, fail) => {
      child.stdout.setEncoding("utf8").once("data", (text: string) => done(text.trim()));
      child.once("exit", (code) => fail(new Error(`the emulator ended (${code})`)));
    });
    return { child, client: new Cloudflare({ apiToken: token, baseURL: url, maxRetries: 0 }) };
  }

  async function stop(child: Awaited<ReturnType<typeof start>>["child"], signal: "SIGKILL" | "SIGTERM") {
    const gone = new Promise<number | null>((done) => child.once("exit", done));
    child.kill(signal);
    return gone;
  }

  it("keeps its state when killed, and the zones' files follow", async () => {
    try {
      const first = await start();
      const { id } = await first.client.zones.create({ account, name: "member.be" });
      const record = { zone_id: id, type: "A", name: "www", content: "192.0.2.1", ttl: 300 } as const;
      await first.client.dns.records.create(record);
      expect(readFileSync(join(zones, "member.be.zone"), "utf8")).toContain("www.member.be. 300 IN A 192.0.2.1\n");
      await stop(first.child, "SIGKILL");
      writeFileSync(join(folder, "state", `${id}.json.99.tmp`), "{half");
      const second = await start();
      expect((await second.client.dns.records.list({ zone_id: id })).result).toMatchObject([{ name: "www.member.be" }]);
      expect(readdirSync(join(folder, "state"))).toEqual([`${id}.json`]);
      await second.client.zones.delete({ zone_id: id });
      expect(existsSync(join(zones, "member.be.zone"))).toBe(false);
      expect(await stop(second.child, "SIGTERM")).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
