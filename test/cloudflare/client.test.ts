import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { Api, Problem, waitMs } from "../../lab/plugins/cloudflare/http.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server that gives these answers in turn; 0 closes the connection. */
async function answers(list: readonly (readonly [number, Record<string, string>?, string?])[]) {
  const retries: unknown[] = [];
  const server = createServer((request, response) => {
    retries.push(request.headers["x-stainless-retry-count"]);
    const [status, headers = {}, body = '{"result":{}}'] = list[Math.min(retries.length, list.length) - 1] ?? [200];
    if (status === 0) request.socket.destroy();
    else response.writeHead(status, headers).end(body);
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", () => done()));
  const waits: number[] = [];
  const pace = { wait: (ms: number) => Promise.resolve(waits.push(ms)), random: () => 0 };
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4`;
  return { api: new Api({ baseUrl, apiToken: "t".repeat(40) }, pace), waits, retries, baseUrl };
}

async function problem(call: Promise<unknown>): Promise<Problem> {
  const error = await call.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (error instanceof Problem) return error;
  throw new Error(`no problem but ${String(error)}`);
}

describe("waits", () => {
  it("doubles from 2 s to 30 s, less up to a quarter", () => {
    const bounds = Array.from({ length: 10 }, (_, index) => [
      waitMs(index + 1, undefined, 0, 1),
      waitMs(index + 1, undefined, 0, 0),
    ]);
    expect(bounds.slice(0, 6)).toEqual([
      [1500, 2000],
      [3000, 4000],
      [6000, 8000],
      [12_000, 16_000],
      [22_500, 30_000],
      [22_500, 30_000],
    ]);
    // The recorded run took 182 s in all.
    const [least, most] = [0, 1].map((side) => bounds.reduce((sum, pair) => sum + (pair[side] ?? 0), 0));
    expect(least).toBeLessThan(181_771);
    expect(most).toBeGreaterThan(181_771);
  });

  it("obeys what the service says, whatever its size", () => {
    expect(waitMs(1, new Headers({ "retry-after": "65" }), 0, 0)).toBe(65_000);
    expect(waitMs(1, new Headers({ "retry-after-ms": "5", "retry-after": "65" }), 0, 0)).toBe(5);
    const now = Date.parse("2026-11-24T01:00:00Z");
    expect(waitMs(1, new Headers({ "retry-after": "Tue, 24 Nov 2026 01:05:00 GMT" }), now, 0)).toBe(300_000);
  });
});

describe("attempts", () => {
  it("makes 11 of them, numbered, then tells the last answer", async () => {
    const { api, waits, retries, baseUrl } = await answers([[500, {}, '{"a":1}']]);
    expect((await problem(api.call("post", "/x", {}))).message).toBe(
      `failed to make http request: POST "${baseUrl}/x": 500 Internal Server Error {"a":1}`,
    );
    expect(retries).toEqual(Array.from({ length: 11 }, (_, index) => String(index)));
    expect(waits).toHaveLength(10);
  });

  it("works after a 429, a 503 and a closed connection", async () => {
    const { api, waits } = await answers([[429, { "retry-after": "3" }], [503], [0], [200]]);
    expect(await api.call("get", "/x")).toEqual({ result: {} });
    expect(waits).toEqual([3000, 4000, 8000]);
  });

  it("tries once where the service says so, and for a refusal", async () => {
    const once = await answers([[500, { "x-should-retry": "false" }]]);
    expect((await problem(once.api.call("get", "/x"))).status).toBe(500);
    const refused = await answers([[404]]);
    expect((await problem(refused.api.call("get", "/x"))).status).toBe(404);
    expect([once.retries, refused.retries]).toEqual([["0"], ["0"]]);
  });
});

it("drops a body that is no JSON from the text", async () => {
  const { api, baseUrl } = await answers([[400, {}, "<html>oops</html>"]]);
  const { message } = await problem(api.call("post", "/x", {}));
  expect(message).toBe(`failed to make http request: POST "${baseUrl}/x": 400 Bad Request `);
});
