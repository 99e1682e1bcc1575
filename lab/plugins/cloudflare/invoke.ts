import { status } from "@grpc/grpc-js";
import { isObject, type Properties, RpcError } from "../wire.ts";
import { type Api, missingParameter, Problem } from "./http.ts";
import { readOutputs } from "./plan.ts";
import { type Attributes, dnsRecord, wireName, zone } from "./schema.ts";

/** Data sources show the account's name too. */
const zoneSource: Attributes = { ...zone, account: { by: "service", shape: { fields: ["id", "name"] } } };

/** Items that a list fetches at most. */
const mostItems = 1000;

function query(filter: Properties, prefix = ""): [string, string][] {
  return Object.entries(filter).flatMap(([key, value]): [string, string][] => {
    const name = `${prefix}${wireName(key)}`;
    if (isObject(value)) return query(value, `${name}.`);
    return value === undefined || value === null
      ? []
      : [[name, typeof value === "string" ? value : JSON.stringify(value)]];
  });
}

function withQuery(path: string, pairs: readonly [string, string][]): string {
  const text = new URLSearchParams(pairs as [string, string][]).toString();
  return text === "" ? path : `${path}?${text}`;
}

async function list(api: Api, path: string, pairs: readonly [string, string][]): Promise<Properties[]> {
  const { result } = await api.call("get", withQuery(path, pairs));
  return Array.isArray(result) ? (result as Properties[]) : [];
}

/** All items of a list: pages are asked for until one is empty or enough are there, whatever the totals say. */
async function all(api: Api, path: string, filter: Properties, most: number): Promise<Properties[]> {
  const items: Properties[] = [];
  for (let page = 1; ; page += 1) {
    const pairs = page === 1 ? query(filter) : [...query(filter), ["page", String(page)] as [string, string]];
    const found = await list(api, path, pairs);
    items.push(...found);
    if (found.length === 0 || items.length >= most) return items.slice(0, most);
  }
}

async function one(api: Api, path: string, filter: unknown): Promise<string> {
  const found = await list(api, path, query(isObject(filter) ? filter : {}));
  if (found.length !== 1) throw new Problem("failed to find exactly one result", `${found.length} found`);
  return String(found[0]?.["id"]);
}

async function result(api: Api, path: string): Promise<Properties> {
  const answer = (await api.call("get", path))["result"];
  return isObject(answer) ? answer : {};
}

async function getZone(api: Api, { zoneId, filter }: Properties): Promise<Properties> {
  const id = typeof zoneId === "string" ? zoneId : await one(api, "/zones", filter);
  const found = readOutputs(zoneSource, await result(api, `/zones/${id}`));
  return { ...found, id, zoneId: id, ...(filter === undefined ? {} : { filter }) };
}

async function getZones(api: Api, args: Properties): Promise<Properties> {
  const { maxItems, ...filter } = args;
  const items = await all(api, "/zones", filter, Number(maxItems ?? mostItems));
  const results = items.map((item) => ({ ...readOutputs(zoneSource, item), id: item["id"] }));
  return { ...args, id: "id", match: args["match"] ?? "all", results };
}

function recordsPath(zoneId: unknown): string {
  if (typeof zoneId !== "string" || zoneId === "") throw missingParameter("zone_id");
  return `/zones/${zoneId}/dns_records`;
}

/** Outputs of a record without the zone, which the service's answer doesn't name. */
function recordOutputs(answered: Properties): Properties {
  const { zoneId: _, ...outputs } = readOutputs(dnsRecord, answered);
  return { ...outputs, id: answered["id"] };
}

async function getDnsRecord(api: Api, { zoneId, dnsRecordId, filter }: Properties): Promise<Properties> {
  const path = recordsPath(zoneId);
  const id = typeof dnsRecordId === "string" ? dnsRecordId : await one(api, path, filter);
  const found = recordOutputs(await result(api, `${path}/${id}`));
  return { ...found, dnsRecordId: id, zoneId, ...(filter === undefined ? {} : { filter }) };
}

async function getDnsRecords(api: Api, args: Properties): Promise<Properties> {
  const { zoneId, maxItems, ...filter } = args;
  const items = await all(api, recordsPath(zoneId), filter, Number(maxItems ?? mostItems));
  const defaults = { direction: "asc", match: "all", order: "type", proxied: false, tagMatch: "all" };
  return { ...defaults, ...args, id: zoneId, results: items.map(recordOutputs) };
}

const functions: Readonly<Record<string, (api: Api, args: Properties) => Promise<Properties>>> = {
  "cloudflare:index/getZone:getZone": getZone,
  "cloudflare:index/getZones:getZones": getZones,
  "cloudflare:index/getDnsRecord:getDnsRecord": getDnsRecord,
  "cloudflare:index/getDnsRecords:getDnsRecords": getDnsRecords,
};

/** Answers a data source by its token. */
export async function invoke(api: Api, token: string, args: Properties): Promise<Properties> {
  const call = functions[token];
  if (call === undefined) throw new RpcError(status.UNKNOWN, `unknown function ${token}`);
  return call(api, args);
}
