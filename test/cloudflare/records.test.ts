import type Cloudflare from "cloudflare";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { account, type Bench, bench, refusal } from "./support.ts";

type NewRecord = Omit<Parameters<Cloudflare["dns"]["records"]["create"]>[0], "zone_id">;

let test: Bench;
let zone: string;

beforeEach(async () => {
  test = await bench();
  zone = (await test.client.zones.create({ account, name: "member.be" })).id;
});
afterEach(() => test.end());

const create = (record: object) =>
  test.client.dns.records.create({ zone_id: zone, ttl: 300, ...record } as Parameters<
    Cloudflare["dns"]["records"]["create"]
  >[0]);

describe("canonical forms", () => {
  const forms: [string, NewRecord | object, object][] = [
    ["relative name", { type: "A", name: "WWW", content: "192.0.2.1" }, { name: "www.member.be" }],
    ["apex", { type: "A", name: "@", content: "192.0.2.1" }, { name: "member.be", proxied: false, proxiable: true }],
    [
      "final dot",
      { type: "CNAME", name: "a.member.be.", content: "X.Org." },
      { name: "a.member.be", content: "x.org" },
    ],
    ["IPv6", { type: "AAAA", name: "v6", content: "2001:0DB8:0:0:0:0:0:1" }, { content: "2001:db8::1" }],
    ["lower-case type", { type: "a", name: "t", content: "192.0.2.1" }, { type: "A" }],
    ["proxied", { type: "A", name: "p", content: "192.0.2.1", proxied: true }, { ttl: 1, proxied: true }],
    ["quoted TXT", { type: "TXT", name: "q", content: '"v=spf1 -all"' }, { content: '"v=spf1 -all"' }],
    ["TXT without quotes", { type: "TXT", name: "u", content: "v=spf1 -all" }, { content: "v=spf1 -all" }],
    [
      "TXT of 300 characters",
      { type: "TXT", name: "l", content: `"${"x".repeat(300)}"` },
      { content: `"${"x".repeat(255)}" "${"x".repeat(45)}"` },
    ],
    [
      "CAA",
      { type: "CAA", name: "@", data: { flags: "0", tag: "issue", value: "letsencrypt.org" } },
      { content: '0 issue "letsencrypt.org"', data: { flags: 0, tag: "issue", value: "letsencrypt.org" } },
    ],
    [
      "CAA as content",
      { type: "CAA", name: "@", content: '0 iodef "mailto:x@y.org"' },
      { data: { flags: 0, tag: "iodef", value: "mailto:x@y.org" } },
    ],
    [
      "SRV",
      { type: "SRV", name: "_imaps._tcp", data: { priority: 0, weight: 1, port: 993, target: "mail.x.org" } },
      { content: "1 993 mail.x.org", priority: 0 },
    ],
    [
      "HTTPS",
      { type: "HTTPS", name: "@", data: { priority: 1, target: ".", value: 'alpn="h2"' } },
      { content: '1 . alpn="h2"' },
    ],
    ["no comment", { type: "A", name: "c", content: "192.0.2.1", comment: "" }, { comment: null }],
  ];
  for (const [title, given, expected] of forms) {
    it(`answers ${title}`, async () => expect(await create(given)).toMatchObject(expected));
  }
});

describe("refusals", () => {
  const refusals: [string, object, number[]][] = [
    ["identical", { type: "A", name: "here", content: "192.0.2.1" }, [81058]],
    ["CNAME beside A", { type: "CNAME", name: "here", content: "member.be" }, [81053]],
    ["A beside CNAME", { type: "A", name: "alias", content: "192.0.2.1" }, [81053]],
    ["TXT beside CNAME", { type: "TXT", name: "alias", content: '"x"' }, [81054]],
    ["address below a delegation", { type: "A", name: "sub", content: "192.0.2.1" }, [81056]],
    ["bad IPv4", { type: "A", name: "h", content: "300.1.1.1" }, [9005]],
    ["no content", { type: "A", name: "h" }, [9005]],
    ["bad IPv6", { type: "AAAA", name: "h", content: "192.0.2.1" }, [9006]],
    ["bad target", { type: "CNAME", name: "h", content: "not a name" }, [9007]],
    ["MX without priority", { type: "MX", name: "h", content: "mail.x.be" }, [9100]],
    ["MX as data", { type: "MX", name: "h", data: { priority: 10, target: "mail.x.be" } }, [9100]],
    ["two at once", { type: "MX", name: "h", content: "mail.x.be", ttl: 30 }, [9100, 9021]],
    ["ttl too small", { type: "A", name: "h", content: "192.0.2.1", ttl: 30 }, [9021]],
    ["tags on the free plan", { type: "A", name: "h", content: "192.0.2.1", tags: ["a:b"] }, [9300]],
    ["proxied MX", { type: "MX", name: "h", content: "m.x.be", priority: 1, proxied: true }, [9004]],
    ["SRV without target", { type: "SRV", name: "_x._tcp", data: { priority: 0, weight: 1, port: 1 } }, [9101]],
    ["label of 64", { type: "A", name: "x".repeat(64), content: "192.0.2.1" }, [9000]],
    ["unknown type", { type: "ALIAS", name: "h", content: "x.org" }, [9002]],
  ];
  beforeEach(async () => {
    await create({ type: "A", name: "here", content: "192.0.2.1" });
    await create({ type: "CNAME", name: "alias", content: "member.be" });
    await create({ type: "NS", name: "sub", content: "ns.x.org" });
  });
  for (const [title, given, codes] of refusals) {
    it(`${title}: ${codes.join(", ")}`, async () => {
      expect(await refusal(create(given))).toEqual([400, codes]);
      expect(test.emulator.store.zones.get(zone)?.records).toHaveLength(3);
    });
  }
});

it("keeps more than one address of a name, and a CNAME beside MX at the apex", async () => {
  await create({ type: "A", name: "m", content: "192.0.2.1" });
  await create({ type: "A", name: "m", content: "192.0.2.2" });
  await create({ type: "MX", name: "@", content: "mail.x.org", priority: 10 });
  await create({ type: "CNAME", name: "@", content: "host.member.be" });
  expect(await refusal(create({ type: "A", name: "@", content: "192.0.2.1" }))).toEqual([400, [81053]]);
});

it("puts the whole record, patches a part, lets data win over content", async () => {
  const { id } = await create({ type: "A", name: "h", content: "192.0.2.1", comment: "mine" });
  const put = { zone_id: zone, type: "A", name: "h.member.be", content: "192.0.2.2", ttl: 60 } as const;
  expect(await test.client.dns.records.update(id, put)).toMatchObject({ id, content: "192.0.2.2", comment: null });
  const patch = { zone_id: zone, ttl: 120 } as Parameters<typeof test.client.dns.records.edit>[1];
  expect(await test.client.dns.records.edit(id, patch)).toMatchObject({ content: "192.0.2.2", ttl: 120 });
  const srv = { priority: 0, weight: 1, port: 993, target: "m.x.org" };
  const made = await create({ type: "SRV", name: "_x._tcp", data: srv });
  const both = { zone_id: zone, type: "SRV", name: "_x._tcp", ttl: 60, content: "1 993 m.x.org", priority: null };
  const answered = await test.client.put(`/zones/${zone}/dns_records/${made.id}`, {
    body: { ...both, data: { ...srv, port: 994 } },
  });
  expect(answered).toMatchObject({ result: { content: "1 994 m.x.org", priority: 0 } });
});

it("lists by filters and pages until an empty page", async () => {
  for (let index = 0; index < 120; index += 1) await create({ type: "A", name: `r${index}`, content: "192.0.2.1" });
  await create({ type: "TXT", name: "r7", content: '"x"', comment: "note" });
  const seen: string[] = [];
  for await (const record of test.client.dns.records.list({ zone_id: zone })) seen.push(record.id);
  expect(new Set(seen).size).toBe(121);
  const find = async (query: object) => (await test.client.dns.records.list({ zone_id: zone, ...query })).result;
  expect(await find({ name: { exact: "r7.member.be" }, type: "A" })).toHaveLength(1);
  expect(await find({ name: { startswith: "r7" }, match: "all" })).toHaveLength(12);
  expect(await find({ comment: { present: "true" } })).toMatchObject([{ type: "TXT" }]);
  expect(await find({ content: { exact: "192.0.2.1" }, per_page: 5, page: 2 })).toHaveLength(5);
});

it("makes a batch all or nothing", async () => {
  const old = await create({ type: "A", name: "old", content: "192.0.2.1" });
  const post = { type: "A", name: "new", content: "192.0.2.1", ttl: 1 } as const;
  const failing = { zone_id: zone, deletes: [{ id: old.id }], posts: [post, post] };
  expect(await refusal(test.client.dns.records.batch(failing))).toEqual([400, [81058]]);
  expect(test.emulator.store.zones.get(zone)?.records).toMatchObject([{ id: old.id }]);
  await test.client.dns.records.batch({ ...failing, posts: [post] });
  expect(test.emulator.store.zones.get(zone)?.records).toMatchObject([{ name: "new.member.be" }]);
});

it("answers 81044 for a record that is gone, and 10000 below a zone that isn't there", async () => {
  const gone = "0".repeat(32);
  expect(await refusal(test.client.dns.records.get(gone, { zone_id: zone }))).toEqual([404, [81044]]);
  expect(await refusal(test.client.dns.records.delete(gone, { zone_id: zone }))).toEqual([404, [81044]]);
  expect(await refusal(test.client.dns.records.get(gone, { zone_id: gone }))).toEqual([403, [10000]]);
});
