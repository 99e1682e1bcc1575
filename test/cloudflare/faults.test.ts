import { APIConnectionError } from "cloudflare";
import { afterEach, beforeEach, expect, it } from "vitest";
import { account, type Bench, bench, refusal } from "./support.ts";

let test: Bench;
let zone: string;

beforeEach(async () => {
  test = await bench();
  zone = (await test.client.zones.create({ account, name: "member.be" })).id;
});
afterEach(() => test.end());

const create = () =>
  test.client.dns.records.create({ zone_id: zone, type: "A", name: "h", content: "192.0.2.1", ttl: 300 });
const records = () => test.emulator.store.zones.get(zone)?.records.length;

async function lab(method: string, path: string, body?: object) {
  const url = new URL(`/lab/${path}`, test.emulator.url);
  const answer = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return (await answer.json()) as Record<string, unknown>;
}

it("answers 429 as often as asked, then works", async () => {
  await lab("POST", "faults", { path: "/dns_records$", status: 429, times: 2, headers: { "retry-after": "3" } });
  await expect(create()).rejects.toMatchObject({ status: 429, headers: expect.any(Headers) });
  const limited = await refusal(create());
  expect(limited).toEqual([429, [971]]);
  expect(records()).toBe(0);
  await create();
  expect(records()).toBe(1);
});

it("loses an answer after the change was made", async () => {
  await lab("POST", "faults", { method: "POST", status: 502, when: "after", body: "<html>bad gateway</html>" });
  await expect(create()).rejects.toMatchObject({ status: 502 });
  expect(records()).toBe(1);
  expect(await refusal(create())).toEqual([400, [81058]]);
});

it("closes the connection before or after the change", async () => {
  await lab("POST", "faults", { method: "POST", action: "hangup" });
  await expect(create()).rejects.toBeInstanceOf(APIConnectionError);
  expect(records()).toBe(0);
  await lab("POST", "faults", { method: "POST", action: "hangup", when: "after" });
  await expect(create()).rejects.toBeInstanceOf(APIConnectionError);
  expect(records()).toBe(1);
});

it("stays silent until the client gives up", async () => {
  await lab("POST", "faults", { method: "POST", action: "silence", when: "after" });
  const body = { type: "A", name: "h", content: "192.0.2.1", ttl: 300 };
  await expect(test.client.post(`/zones/${zone}/dns_records`, { body, timeout: 200 })).rejects.toThrow(/timed out/);
  expect(records()).toBe(1);
});

it("counts calls by route and forgets them", async () => {
  await create();
  expect((await lab("GET", "status"))["calls"]).toEqual({
    "POST /client/v4/zones": 1,
    "POST /client/v4/zones/:id/dns_records": 1,
  });
  expect((await lab("POST", "reset"))["calls"]).toEqual({});
});

it("refuses calls above the rate limit and says how long to wait", async () => {
  await lab("PUT", "rate-limit", { requests: 2, seconds: 300 });
  await test.client.zones.list();
  await test.client.zones.list();
  const answer = await test.client.zones.list().then(
    () => undefined,
    (error: { status: number; headers: Headers }) => error,
  );
  expect(answer?.status).toBe(429);
  expect(Number(answer?.headers.get("retry-after"))).toBeGreaterThan(290);
  await lab("PUT", "rate-limit", {});
  await test.client.zones.list();
});
