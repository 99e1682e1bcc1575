import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type Emulator, type Exchange, startEmulator } from "../../../lab/cloudflare/server.ts";
import { isObject, type Properties, secret } from "../../../lab/plugins/wire.ts";
import {
  account,
  comparable,
  expand,
  objectOf,
  otherToken,
  type Request,
  type Scenario,
  type Step,
  shown,
  shownRequest,
  token,
  withoutDates,
} from "./cloudflare.ts";
import {
  createdZones,
  dnssecType,
  faultsOf,
  ground,
  inputsOf,
  plainOutputs,
  recordType,
  seed,
  seedLists,
  seedZones,
  settingType,
  shortened,
  zoneIn,
  zoneType,
} from "./cloudflare-ground.ts";
import type { Outcome, Plugin } from "./plugin.ts";

/** What was compared in a replay, and where it was not the same. */
export interface Verdict {
  compared: number;
  differences: { where: string; actual: unknown; expected: unknown }[];
}

const providerMethods = new Set(["CheckConfig", "DiffConfig", "Configure", "Cancel", "Invoke", "Check", "Diff"]);

/** Replays one scenario against an emulator of its own that holds what the transcript shows of the service. */
export class Player {
  readonly #recorded: Scenario;
  readonly #start: (url: string) => Promise<Plugin>;
  #plugin!: Plugin;
  #emulator!: Emulator;
  #scenario!: Scenario;
  readonly #exchanges: Exchange[] = [];
  readonly #verdict: Verdict = { compared: 0, differences: [] };
  #ids: string[] = [];

  /** @param start gives the plugin that is to work with the emulator at this URL */
  constructor(scenario: Scenario, start: (url: string) => Promise<Plugin>) {
    this.#recorded = scenario;
    this.#start = start;
  }

  async play(): Promise<Verdict> {
    const state = mkdtempSync(join(tmpdir(), "cassiopea-replay-"));
    this.#emulator = await startEmulator({
      state,
      port: 0,
      account,
      tokens: new Map([[token, "edit"]]),
      id: () => this.#ids.shift() ?? "f".repeat(32),
      observe: (exchange) => this.#exchanges.push(exchange),
    });
    try {
      this.#scenario = expand(this.#recorded, new URL(this.#emulator.url).origin);
      this.#plugin = await this.#start(this.#emulator.url);
      const logged = this.#plugin.logs.length;
      await this.#prepare();
      for (const [index, step] of this.#scenario.rpc.entries()) await this.#step(step, index);
      await this.#leftovers();
      this.#compareRequests();
      this.#compareMessages(logged);
      return this.#verdict;
    } finally {
      await this.#emulator.close();
      rmSync(state, { recursive: true, force: true });
    }
  }

  #same(what: string, actual: unknown, expected: unknown): void {
    this.#verdict.compared += 1;
    if (isDeepStrictEqual(actual, expected)) return;
    this.#verdict.differences.push({ where: `${this.#scenario.name}: ${what}`, actual, expected });
  }

  get #baseUrl(): string {
    const { url } = this.#emulator;
    return this.#scenario.name === "base-404" ? url.replace("v4", "v5") : url;
  }

  get #preview(): boolean {
    return this.#scenario.cli.command.startsWith("pulumi preview");
  }

  async #prepare(): Promise<void> {
    const { name, rpc, http } = this.#scenario;
    const { behaviour, control } = this.#emulator;
    behaviour.tagsQuota = name === "record-data-and-tags-change" ? 20 : 0;
    behaviour.txtQuotes = name === "txt-if-server-quotes";
    const signed = http.find(({ method, path }) => method === "PATCH" && path.endsWith("/dnssec"));
    behaviour.dnssecActive = objectOf(objectOf(signed?.response)["result"])["status"] === "active";
    control.faults = faultsOf(this.#scenario);
    seedZones(this.#emulator, this.#scenario);
    seedLists(this.#emulator, this.#scenario);
    if (!rpc.some(({ method }) => method === "Configure")) {
      const args = { apiToken: secret(token), baseUrl: this.#baseUrl, version: "6.17.0" };
      const { error } = await this.#plugin.call("Configure", { args, acceptSecrets: true });
      this.#same("Configure", error, undefined);
    }
    const made = rpc.some(({ method, request }) => method === "Create" && request["type"] === zoneType);
    const posted = http.find(({ method, path }) => method === "POST" && path.endsWith("/zones"));
    if (posted !== undefined && !made) await this.#derive(posted);
  }

  #olds(request: Properties, index: number): Properties {
    if (isObject(request["olds"])) return request["olds"];
    const diff = this.#scenario.rpc
      .slice(0, index)
      .findLast(({ method, request: earlier }) => method === "Diff" && earlier["id"] === request["id"]);
    return objectOf(diff?.request["olds"]);
  }

  async #step(step: Step, index: number): Promise<void> {
    if (!providerMethods.has(step.method)) {
      const made = ground(this.#emulator, this.#scenario, step, this.#olds(step.request, index));
      if (made !== undefined) this.#ids = [made];
    }
    const request: Properties = { ...step.request };
    const { name, type } = request;
    if (step.method !== "Invoke" && step.method !== "Cancel") {
      request["urn"] = `urn:pulumi:dev::replay::${String(type)}::${String(name)}`;
    }
    if (step.method === "Update") request["olds"] ??= this.#olds(request, index);
    if (this.#scenario.name === "auth-wrong" && step.method === "Configure") {
      const args = objectOf(request["args"]);
      request["args"] = { ...args, apiToken: secret(otherToken) };
    }
    // Both tokens of the transcript have the same placeholder.
    if (this.#scenario.name === "auth-token-change" && step.method === "DiffConfig") {
      request["olds"] = { ...objectOf(request["olds"]), apiToken: otherToken };
    }
    this.#compare(step, await this.#plugin.call(step.method, request));
  }

  #compare(step: Step, { response, error }: Outcome): void {
    const where = `${step.method} ${JSON.stringify(step.request["name"])}`;
    if (step.error !== undefined) {
      this.#same(`${where}: code`, error?.code, "UNKNOWN");
      this.#same(where, [`rpc error: code = Unknown desc = ${error?.message ?? ""}`], step.error);
      return;
    }
    this.#same(`${where}: error`, error, undefined);
    if (typeof step.response === "string") {
      const results = /\((?<count>\d+) results?/.exec(step.response)?.groups?.["count"];
      const answered = objectOf(response?.["return"]);
      if (results !== undefined) this.#same(where, (answered["results"] as unknown[]).length, Number(results));
      else this.#same(where, answered["id"], objectOf(step.request["args"])["zoneId"]);
      return;
    }
    const [actual, expected] = comparable(response ?? {}, objectOf(step.response));
    this.#same(where, actual, expected);
  }

  /** Requests whose RPC the transcript leaves out: the RPC is made from the body or from the `Diff` before it. */
  async #leftovers(): Promise<void> {
    if (this.#preview) return;
    // Each of them once: what doesn't lead to the recorded request is a difference, not a reason to try for ever.
    const tried = new Set<Request>();
    for (;;) {
      const done = this.#exchanges.map(shown);
      const open = this.#scenario.http.filter((request) => {
        const index = done.indexOf(shownRequest(request));
        if (index >= 0) done.splice(index, 1);
        return index < 0;
      });
      const next = open.find((request) => !tried.has(request));
      if (next === undefined) return;
      tried.add(next);
      await this.#derive(next);
    }
  }

  async #derive(request: Request): Promise<void> {
    const { method, path, response } = request;
    const id = path.split("/").at(-1) ?? "";
    const zoneId = zoneIn(path);
    const answered = objectOf(objectOf(response)["result"])["id"];
    const type = path.includes("/dns_records")
      ? recordType
      : path.endsWith("/dnssec")
        ? dnssecType
        : path.includes("/settings/")
          ? settingType
          : zoneType;
    const urn = `urn:pulumi:dev::replay::${type}::derived`;
    const target = { urn, type, name: "derived" };
    const resource = type === dnssecType ? (zoneId ?? "") : id;
    const diff = this.#scenario.rpc.findLast(
      ({ method: rpc, request: asked }) => rpc === "Diff" && asked["id"] === resource && asked["type"] === type,
    );
    const olds = objectOf(diff?.request["olds"]);
    const body = inputsOf(request);
    if (method === "GET") {
      const outputs = isObject(diff?.request["olds"]) ? olds : plainOutputs(this.#emulator, type, zoneId, id, response);
      seed(this.#emulator, type, resource, outputs);
      const inputs = objectOf(diff?.request["news"]);
      const read = await this.#send(request, "Read", { ...target, id: resource, properties: outputs, inputs });
      if (diff !== undefined) {
        const [actual, expected] = comparable(read ?? {}, { properties: olds });
        this.#same(`Read ${id}`, objectOf(actual)["properties"], objectOf(expected)["properties"]);
      }
      return;
    }
    const disabling = type === dnssecType && objectOf(request.body)["status"] === "disabled" && diff === undefined;
    if (method === "DELETE" || disabling) {
      const properties = isObject(diff?.request["olds"])
        ? olds
        : { ...plainOutputs(this.#emulator, type, zoneId, id, undefined), ...body };
      if (request.status === 200)
        seed(this.#emulator, type, resource, { ...properties, ...(disabling ? { status: "active" } : {}) });
      await this.#send(request, "Delete", { ...target, id: resource, properties });
    } else if (method === "PUT" || (method === "PATCH" && diff !== undefined)) {
      const news = isObject(diff?.request["news"]) ? objectOf(diff.request["news"]) : body;
      const before = isObject(diff?.request["olds"]) ? olds : { ...body, ttl: 123, settings: {}, tags: [] };
      seed(this.#emulator, type, resource, before);
      await this.#send(request, "Update", { ...target, id: resource, olds: before, news });
    } else {
      const made = typeof answered === "string" ? answered : [...createdZones(this.#scenario)][0];
      this.#ids = type === zoneType || typeof answered === "string" ? [made ?? ""] : [];
      await this.#send(request, "Create", { ...target, properties: body });
    }
  }

  /** Sends an RPC that was derived; it must end as the request did. */
  async #send(request: Request, method: string, fields: Properties): Promise<Properties | undefined> {
    const { response, error } = await this.#plugin.call(method, fields);
    const where = `${method} derived from ${request.method} ${request.path}`;
    if (request.status < 400 || shortened.has(this.#scenario.name)) this.#same(where, error, undefined);
    return response;
  }

  #compareRequests(): void {
    const { name, http } = this.#scenario;
    const actual = this.#exchanges.map(shown);
    const expected = http.map(shownRequest);
    // The transcript shows one of this run's requests, and its RPCs make another.
    if (name === "trap-type-lowercase") {
      this.#same(
        "requests",
        actual.filter((request) => expected.includes(request)),
        expected,
      );
      return;
    }
    this.#same("requests", actual.sort(), expected.sort());
    for (const request of http) {
      const exchange = this.#exchanges.find((one) => shown(one) === shownRequest(request) && one.answer !== undefined);
      if (exchange === undefined) continue;
      if (isObject(request.response) && request.response["success"] === (request.status === 200)) {
        const [answer, recorded] = [withoutDates(exchange.answer), withoutDates(request.response)];
        const where = `answer to ${request.method} ${request.path}`;
        this.#same(where, this.#comparableAnswer(answer), this.#comparableAnswer(recorded));
      }
      const { authorization, "accept-encoding": _, ...headers } = request.headers ?? {};
      if (authorization === undefined) continue;
      for (const [key, value] of Object.entries(headers)) {
        if (!/-(?:arch|os)$/.test(key)) this.#same(`header ${key}`, exchange.headers[key], value);
      }
    }
  }

  /** A key of a zone made here is another than the transcript's; all else of an answer must be the same. */
  #comparableAnswer(answer: unknown): unknown {
    const result = objectOf(objectOf(answer)["result"]);
    if (!("key_tag" in result) || result["key_tag"] === null || result["key_tag"] === 16_953) {
      if (createdZones(this.#scenario).size === 0 || !("key_tag" in result)) return answer;
    }
    return { ...objectOf(answer), result: { ...result, digest: "", ds: "", key_tag: 0, public_key: "" } };
  }

  /** What the plugin told beside the resources, as the CLI then showed it. */
  #compareMessages(logged: number): void {
    const severities: Record<string, number> = { warning: 2, error: 3 };
    const said = this.#plugin.logs.slice(logged).map(({ severity, message }) => [severity, message]);
    for (const line of this.#scenario.cli.messages ?? []) {
      const match = /^(?<severity>warning|error): (?<message>\[(?:WARNING|ERROR)\].*)$/s.exec(line);
      if (match?.groups === undefined) continue;
      const { severity = "", message } = match.groups;
      const told = said.find(([level, text]) => level === severities[severity] && text === message);
      this.#same("message", told, [severities[severity], message]);
    }
  }
}
