import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Emulator, Exchange } from "../../../lab/cloudflare/server.ts";
import type { DnsRecord, Zone } from "../../../lab/cloudflare/store.ts";
import { wireName } from "../../../lab/plugins/cloudflare/schema.ts";
import { isObject, type Properties } from "../../../lab/plugins/wire.ts";

/** An RPC of the transcript. */
export interface Step {
  method: string;
  request: Properties;
  response?: Properties | string;
  error?: string[];
}

/** A request of the transcript; what a line leaves out is as in the line before. */
export interface Request {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: Properties;
  status: number;
  responseHeaders?: Record<string, string>;
  response?: unknown;
}

export interface Scenario {
  name: string;
  what: string;
  cli: { command: string; exit: number; messages?: string[] };
  rpc: Step[];
  http: Request[];
  rpcCounts?: Record<string, number>;
  httpCounts?: Record<string, number>;
}

export const account = { id: "a".repeat(32), name: "Cassiopea" };
export const token = "transcript-token-0123456789_0123456789abcdef";
export const otherToken = "another-token-0123456789_0123456789abcdefgh";

/** The value when it is an object, else an empty one. */
export function objectOf(value: unknown): Properties {
  return isObject(value) ? value : {};
}

/** The scenarios of the transcript. */
export function readScenarios(): Scenario[] {
  const file = join(import.meta.dirname, "..", "..", "transcripts", "cloudflare.json");
  return JSON.parse(readFileSync(file, "utf8")) as Scenario[];
}

/** The scenario with this run's addresses and token, and every request complete. */
export function expand(scenario: Scenario, origin: string): Scenario {
  const text = JSON.stringify(scenario).replaceAll("http://127.0.0.1:8971", origin).replaceAll("<token>", token);
  const whole = JSON.parse(text) as Scenario;
  let before: Request | undefined;
  whole.http = whole.http.map((request) => {
    const { method, path, body, responseHeaders, response } = { ...before, ...request };
    before = {
      ...request,
      method,
      path,
      ...(request.method === undefined && body !== undefined ? { body } : {}),
      ...(request.method === undefined && response !== undefined ? { response } : {}),
      ...(request.method === undefined && responseHeaders !== undefined ? { responseHeaders } : {}),
    };
    return before;
  });
  return whole;
}

/** Dates are the clock's: only their form is compared. */
export function withoutDates(value: unknown): unknown {
  const text = JSON.stringify(value ?? null);
  return JSON.parse(
    text
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "<date>")
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/g, "<date with fraction>"),
  ) as unknown;
}

/** What an RPC answered, in the transcript's form: names in camel case don't matter, `diffs` have no order. */
export function comparable(response: Properties, expected: Properties): [unknown, unknown] {
  const changes: Record<string, number> = { DIFF_UNKNOWN: 0, DIFF_NONE: 1, DIFF_SOME: 2 };
  const kinds: Record<string, number> = { DELETE: 2, UPDATE: 4 };
  const wanted: Properties = {};
  for (const [key, value] of Object.entries(expected)) {
    if (key === "changes") wanted[key] = changes[String(value)];
    else if (key === "detailedDiff") {
      wanted["detaileddiff"] = Object.fromEntries(
        Object.entries(value as Record<string, { kind?: string }>).map(([name, { kind = "ADD" }]) => [
          name,
          { ...(kinds[kind] === undefined ? {} : { kind: kinds[kind] }), inputdiff: true },
        ]),
      );
    } else wanted[key.toLowerCase()] = value;
  }
  const actual = { ...response };
  for (const list of [wanted, actual])
    if (Array.isArray(list["diffs"])) list["diffs"] = list["diffs"].map(String).sort();
  const properties = wanted["properties"];
  if (isObject(actual["properties"]) && isObject(properties) && !("__meta" in properties)) {
    const { __meta: _, __pulumi_raw_state_delta: __, ...outputs } = actual["properties"];
    actual["properties"] = outputs;
  }
  return [withoutDates(actual), withoutDates(wanted)];
}

/** A request and its answer as they are compared. */
export function shown({ method, target, body, status }: Exchange): string {
  return JSON.stringify([method, target, sorted(body ?? null), status]);
}

/** The same of the transcript. */
export function shownRequest({ method, path, body, status }: Request): string {
  return JSON.stringify([method, path, sorted(body ?? null), status]);
}

function sorted(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, field]) => [key, sorted(field)]),
  );
}

function wire(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [
      wireName(key),
      isObject(value) && key !== "value" ? wire(value) : value,
    ]),
  );
}

const date = "2026-11-24T01:00:00.000000Z";

/** The key with which the transcript's zones are signed. */
const key = {
  publicKey: "oXiGYrSTO+LSCJ3mohc8EP+CzF9KxBj8/ydXJ22pKuZP3VAC3/Md/k7xZfz470CoRyZJ6gV6vml07IC3d8xqhA==",
  privatePem: "",
  keyTag: 16_953,
  digest: "48E939042E82C22542CB377B580DFDC52A361CEFDC72E7F9107E2B6BD9306A45",
};

/** A zone of the emulator as the transcript shows it, or a plain one. */
export function seedZone(emulator: Emulator, id: string, name: string, outputs: Properties = {}): Zone {
  const zone: Zone = {
    id,
    name,
    account,
    status: "pending",
    paused: false,
    type: "full",
    created_on: date,
    modified_on: date,
    activated_on: null,
    name_servers: ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"],
    vanity_name_servers: [],
    settings: {},
    dnssec: {
      status: "disabled",
      dnssec_multi_signer: false,
      dnssec_presigned: false,
      dnssec_use_nsec3: false,
      modified_on: date,
      key,
    },
    serial: 0,
    records: emulator.store.zones.get(id)?.records ?? [],
  };
  const known = Object.entries(wire(outputs)).filter(([field]) => field in zone && field !== "account");
  Object.assign(zone, Object.fromEntries(known.map(([field, value]) => [field, withFraction(field, value)])));
  emulator.store.zones.set(id, zone);
  return zone;
}

function withFraction(field: string, value: unknown): unknown {
  return field.endsWith("_on") && typeof value === "string" ? value.replace(/(?:\.\d+)?Z$/, ".000000Z") : value;
}

/** A record of the emulator with these outputs. */
export function seedRecord(zone: Zone, id: string, outputs: Properties): void {
  const { zone_id: _, proxiable: __, meta: ___, ...fields } = wire(outputs);
  const dated = Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, withFraction(field, value)]));
  const record = {
    created_on: date,
    modified_on: date,
    tags: [],
    comment: null,
    proxied: false,
    settings: {},
    ...dated,
    id,
  } as unknown as DnsRecord;
  zone.records = [...zone.records.filter((other) => other.id !== id), record];
}

/** DNSSEC of a zone with these outputs. */
export function seedDnssec(zone: Zone, outputs: Properties): void {
  const { status } = outputs;
  const known = Object.entries(wire(outputs)).filter(([field]) => field.startsWith("dnssec_"));
  Object.assign(zone.dnssec, Object.fromEntries(known), { status: status ?? "disabled" });
}

/** A setting of a zone with these outputs. */
export function seedSetting(zone: Zone, outputs: Properties): void {
  zone.settings[String(outputs["settingId"])] = { value: outputs["value"], modified_on: date };
}
