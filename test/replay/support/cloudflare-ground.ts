import type { Fault } from "../../../lab/cloudflare/control.ts";
import type { Emulator } from "../../../lab/cloudflare/server.ts";
import type { Zone } from "../../../lab/cloudflare/store.ts";
import type { Properties } from "../../../lab/plugins/wire.ts";
import {
  account,
  objectOf,
  type Request,
  type Scenario,
  type Step,
  seedDnssec,
  seedRecord,
  seedSetting,
  seedZone,
} from "./cloudflare.ts";

export const recordType = "cloudflare:index/dnsRecord:DnsRecord";
export const zoneType = "cloudflare:index/zone:Zone";
export const dnssecType = "cloudflare:index/zoneDnssec:ZoneDnssec";
export const settingType = "cloudflare:index/zoneSetting:ZoneSetting";

/** Scenarios whose recorded waits are minutes: the same answers, with a header that shortens the waits. */
export const shortened = new Set(["fault-500-3", "fault-500-exhaust", "fault-429-retryafter65", "custom-timeout"]);

/** Id of the zone that a path is in. */
export function zoneIn(path: string): string | undefined {
  return /\/zones\/(?<id>[0-9a-f]{32})/.exec(path)?.groups?.["id"];
}

function camel(name: string): string {
  return name.replaceAll(/_[a-z0-9]/g, (match) => match.slice(1).toUpperCase());
}

/** The answers of the transcript that no service gives when asked properly. */
export function faultsOf({ name, http }: Scenario): Fault[] {
  const odd = ({ status, response }: Request) =>
    status === 0 ||
    status === 429 ||
    status >= 500 ||
    (typeof response === "string" && response !== "") ||
    (status === 200 && objectOf(response)["success"] === false);
  return http.filter(odd).map(({ method, path, status, responseHeaders, response }) => ({
    method,
    path: `^${path}$`,
    status,
    body: response,
    ...(status === 0 ? { action: "hangup" as const } : {}),
    ...(name === "fault-502-applied" ? { when: "after" as const } : {}),
    headers: shortened.has(name) ? { "retry-after-ms": "5" } : (responseHeaders ?? {}),
  }));
}

/** Zones that the service had: all that are spoken of, but those that are made here or that it says are gone. */
export function seedZones(emulator: Emulator, scenario: Scenario): void {
  const { rpc, http } = scenario;
  const away = ({ status, path }: Request) => status === 403 || (status === 404 && /zones\/[0-9a-f]+$/.test(path));
  // With the wrong token, everything is refused.
  const refused = scenario.name === "auth-wrong" ? [] : http.filter(away);
  const gone = new Set(refused.flatMap(({ path }) => zoneIn(path) ?? []));
  const created = createdZones(scenario);
  const names = new Map<string, string>();
  for (const { request, response } of rpc) {
    const outputs = [request["olds"], request["properties"], request["news"], objectOf(response)["properties"]];
    for (const one of outputs.map(objectOf)) {
      const { zoneId, name } = one;
      if (typeof zoneId !== "string" || !/^[0-9a-f]{32}$/.test(zoneId)) continue;
      const known = names.get(zoneId) ?? "member.be";
      names.set(zoneId, typeof name === "string" ? (/[^.]+\.[^.]+$/.exec(name)?.[0].toLowerCase() ?? known) : known);
    }
  }
  for (const { path, response } of http) {
    const id = zoneIn(path);
    const { name, ds } = objectOf(objectOf(response)["result"]);
    if (id !== undefined && typeof ds === "string") names.set(id, ds.split(". ")[0] ?? "");
    if (id !== undefined && !names.has(id)) names.set(id, "member.be");
    if (id !== undefined && path.endsWith(id) && typeof name === "string") names.set(id, name);
  }
  for (const { method, request } of rpc) {
    const { id, type } = request;
    if (type !== zoneType || typeof id !== "string" || method === "Create") continue;
    names.set(id, String(objectOf(request["olds"] ?? request["properties"])["name"]));
  }
  for (const [id, name] of names) if (!gone.has(id) && !created.has(id)) seedZone(emulator, id, name);
  const taken = rpc.find(({ error }) => error?.[0]?.includes('"code":1061') === true);
  if (taken !== undefined) seedZone(emulator, "e".repeat(32), String(objectOf(taken.request["properties"])["name"]));
}

/** Ids of the zones that a scenario makes, in the transcript's own words. */
export function createdZones({ rpc, http }: Scenario): Set<string> {
  const ids = http
    .filter(({ method, path, status }) => method === "POST" && path.endsWith("/zones") && status === 200)
    .map(({ response }) => {
      const answered = objectOf(objectOf(response)["result"])["id"];
      if (typeof answered === "string") return answered;
      const moved = rpc.find(({ request }) => {
        const [olds, news] = [objectOf(request["olds"]), objectOf(request["news"])];
        return typeof news["zoneId"] === "string" && olds["zoneId"] !== news["zoneId"];
      });
      return String(objectOf(moved?.request["news"])["zoneId"]);
    });
  return new Set(ids);
}

/** What lists must show, by the number of results that the transcript tells. */
export function seedLists(emulator: Emulator, scenario: Scenario): void {
  for (const { method, request, response } of scenario.rpc) {
    if (method !== "Invoke") continue;
    const token = String(request["tok"]);
    const zone = [...emulator.store.zones.values()][0];
    if (token.endsWith("getZones") || token.endsWith("getZone")) {
      const known = objectOf(objectOf(response)["return"]);
      if (scenario.name !== "fn-getzone-missing") {
        const id = typeof known["id"] === "string" ? known["id"] : "8816a9b80f5c254271cbcf7cfe1e12de";
        seedZone(emulator, id, "m07.be", {});
      }
      while (emulator.store.zones.size < 46) {
        const index = emulator.store.zones.size;
        seedZone(emulator, String(index).padStart(32, "0"), `m${100 + index}.be`);
      }
    } else if (zone !== undefined) {
      for (let index = 0; index < 120; index += 1) {
        const outputs = { name: `r${index}.member.be`, type: "A", content: "192.0.2.1", ttl: 300 };
        const id = index === 7 ? "e5c2b8b933ef9e91d1cd6b924c2f0b67" : String(index).padStart(32, "0");
        seedRecord(zone, id, outputs);
      }
    }
  }
}

function zoneOf(emulator: Emulator, id: unknown): Zone | undefined {
  return emulator.store.zones.get(String(id));
}

/** Puts a resource into the emulator as these outputs show it. */
export function seed(emulator: Emulator, type: unknown, id: string, outputs: Properties): void {
  if (type === zoneType) {
    if (zoneOf(emulator, id) !== undefined) seedZone(emulator, id, String(outputs["name"]), outputs);
    return;
  }
  const zone = zoneOf(emulator, outputs["zoneId"]);
  if (zone === undefined) return;
  if (type === recordType) seedRecord(zone, id, outputs);
  else if (type === dnssecType) seedDnssec(zone, outputs);
  else if (type === settingType) seedSetting(zone, outputs);
}

/** What the service must hold before an RPC is sent, so that the recorded answer can be the true one. */
export function ground(emulator: Emulator, { name }: Scenario, step: Step, olds: Properties): string | undefined {
  const { method, request, response, error } = step;
  const { type } = request;
  const answered = objectOf(response);
  const outputs = objectOf(answered["properties"]);
  if (method === "Read" && typeof answered["id"] === "string") seed(emulator, type, answered["id"], outputs);
  const absent = error?.[0]?.includes("404 Not Found") === true || error?.[0]?.includes("403 Forbidden") === true;
  if (method === "Update" && !absent) seed(emulator, type, String(request["id"]), olds);
  if (method === "Delete" && !absent) {
    const before = objectOf(request["properties"]);
    const off = type === dnssecType && before["status"] === "disabled" ? { status: "pending-disabled" } : {};
    seed(emulator, type, String(request["id"]), { ...before, ...off });
  }
  if (method !== "Create") return undefined;
  const made = typeof answered["id"] === "string" ? answered["id"] : undefined;
  const inputs = objectOf(request["properties"]);
  const zone = zoneOf(emulator, inputs["zoneId"]);
  const other = { ...inputs, ...(String(inputs["type"]) === "a" ? { type: "A" } : {}) };
  const beside = zone?.records.some(({ name }) => name === inputs["name"]) === true;
  if (zone === undefined || beside || name === "fault-502-applied") return made;
  if (error?.[0]?.includes('"code":81058') === true) seedRecord(zone, "d".repeat(32), other);
  if (error?.[0]?.includes('"code":81053') === true) {
    seedRecord(zone, "d".repeat(32), { ...other, type: "A", content: "192.0.2.1" });
  }
  return made;
}

/** Inputs that lead to a request's body. */
export function inputsOf({ path, body }: Request): Properties {
  const zoneId = zoneIn(path);
  const inputs = Object.fromEntries(Object.entries(body ?? {}).map(([key, value]) => [camel(key), value]));
  if (path.endsWith("/zones")) return { account: inputs["account"], name: inputs["name"] };
  if (path.includes("/settings/")) return { ...inputs, zoneId, settingId: path.split("/").at(-1) };
  const { proxied, settings: _, tags: __, ...rest } = inputs;
  return { ...rest, ...(proxied === true ? { proxied } : {}), zoneId };
}

export function plainOutputs(
  emulator: Emulator,
  type: string,
  zoneId: string | undefined,
  id: string,
  response: unknown,
): Properties {
  const answered = objectOf(objectOf(response)["result"]);
  const known = Object.fromEntries(Object.entries(answered).map(([key, value]) => [camel(key), value]));
  if (type === zoneType) return { name: zoneOf(emulator, id)?.name ?? "member.be", account, ...known };
  if (type === settingType) return { settingId: id, zoneId, ...known };
  if (type === dnssecType) return { zoneId, ...known };
  return { name: "h.member.be", type: "A", content: "192.0.2.1", ttl: 300, ...known, zoneId };
}
