import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startEmulator } from "../../lab/cloudflare/server.ts";
import { Api } from "../../lab/plugins/cloudflare/http.ts";
import { resources } from "../../lab/plugins/cloudflare/resources.ts";
import type { Properties } from "../../lab/plugins/wire.ts";
import { account, readScenarios, type Scenario, seedZone, token } from "./support/cloudflare.ts";
import { Player } from "./support/cloudflare-player.ts";
import { bundle, Plugin } from "./support/plugin.ts";

const scenarios = readScenarios();

/** The environment of a run where no provider is configured, and of all others. */
function environment(baseUrl?: string): NodeJS.ProcessEnv {
  const { PATH } = process.env;
  return {
    PATH,
    ...(baseUrl === undefined ? {} : { CLOUDFLARE_API_TOKEN: token, CLOUDFLARE_BASE_URL: baseUrl }),
  };
}

let file: string;
let plugin: Plugin;

beforeAll(async () => {
  file = await bundle("cloudflare");
  plugin = await Plugin.start(file, environment());
});
afterAll(async () => {
  await plugin.stop();
  rmSync(join(file, ".."), { recursive: true, force: true });
});

/** Scenarios that are nothing but three minutes of waits: the same client works through them by a clock of its own. */
const onlyWaits = new Set(["base-not-a-url-up", "api-unreachable"]);
const of = (wanted: (scenario: Scenario) => boolean) =>
  scenarios.filter(wanted).map((scenario) => [`${scenario.name}: ${scenario.what}`, scenario] as const);

describe("recorded runs of the official plugin", () => {
  const counts = (scenario: Scenario) => scenario.rpcCounts !== undefined;
  const waits = ({ name }: Scenario) => onlyWaits.has(name);

  it.each(of((scenario) => !counts(scenario) && !waits(scenario)))("%s", async (_, scenario) => {
    const start = scenario.name === "auth-env" ? startFromEnvironment : () => Promise.resolve(plugin);
    const { differences, compared } = await new Player(scenario, start).play();
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(0);
  });

  it.each(of(counts))("%s", async (_, scenario) => {
    expect(await counted(scenario)).toEqual(scenario.httpCounts);
  });

  it.each(of(waits))("%s", async (_, scenario) => {
    const create = scenario.rpc.find(({ method }) => method === "Create");
    const url = /Post "(?<url>http.*\/client\/v4)/.exec(create?.error?.[0] ?? "")?.groups?.["url"];
    const pauses: number[] = [];
    const pace = { wait: (ms: number) => Promise.resolve(pauses.push(ms)), random: () => 0.5 };
    const api = new Api({ baseUrl: url ?? "not a url", apiToken: token }, pace);
    const record = resources["cloudflare:index/dnsRecord:DnsRecord"];
    const made = record?.create(api, create?.request["properties"] as Properties);
    const error = await made?.then(
      () => undefined,
      (problem: Error) => problem,
    );
    expect([`rpc error: code = Unknown desc = ${error?.message ?? ""}`]).toEqual(create?.error);
    expect(pauses).toEqual([1750, 3500, 7000, 14_000, 26_250, 26_250, 26_250, 26_250, 26_250, 26_250]);
  });
});

let own: Plugin | undefined;
afterEach(async () => {
  await own?.stop();
  own = undefined;
});

/** A plugin whose provider has no inputs: the service's address and the token are in its environment. */
async function startFromEnvironment(url: string): Promise<Plugin> {
  own = await Plugin.start(file, environment(url));
  return own;
}

/** A scenario of which only the numbers of RPCs and requests were kept: 50 records of one zone. */
async function counted({ rpcCounts = {}, name }: Scenario): Promise<Record<string, number>> {
  const state = mkdtempSync(join(tmpdir(), "cassiopea-replay-"));
  const requests: Record<string, number> = {};
  const emulator = await startEmulator({
    state,
    account,
    port: 0,
    observe: ({ method }) => {
      requests[method] = (requests[method] ?? 0) + 1;
    },
  });
  try {
    const zoneId = "a".repeat(32);
    seedZone(emulator, zoneId, "member.be");
    await plugin.call("Configure", { args: { apiToken: token, baseUrl: emulator.url } });
    const preview = name.includes("preview");
    const target = { urn: "urn:pulumi:dev::replay::cloudflare:index/dnsRecord:DnsRecord::r" };
    const each = async (method: string, fields: (index: number) => object) => {
      const answers = Array.from({ length: Math.min(rpcCounts[method] ?? 0, 50) }, (_, index) =>
        plugin.call(method, { ...target, ...fields(index) }),
      );
      return Promise.all(answers);
    };
    const inputs = (index: number, content = "192.0.2.1") => {
      return { zoneId, name: `r${index}.member.be`, type: "A", content, ttl: 300 };
    };
    const made = await Promise.all(
      Array.from({ length: rpcCounts["Create"] === undefined ? 50 : 0 }, (_, index) =>
        plugin.call("Create", { ...target, properties: inputs(index) }),
      ),
    );
    for (const method of Object.keys(requests)) delete requests[method];
    const state50 = (index: number) => {
      const { id, properties } = made[index]?.response ?? {};
      return { id, properties, inputs: inputs(index) };
    };
    await each("Create", (index) => ({ properties: inputs(index), preview }));
    await each("Read", state50);
    await each("Diff", (index) => ({ id: state50(index).id, olds: state50(index).properties, news: inputs(index) }));
    const changed = (index: number) => inputs(index, "192.0.2.2");
    await each("Update", (index) => ({ id: state50(index).id, olds: state50(index).properties, news: changed(index) }));
    await each("Delete", (index) => ({ id: state50(index).id, properties: state50(index).properties }));
    return requests;
  } finally {
    await emulator.close();
    rmSync(state, { recursive: true, force: true });
  }
}
