import { equal } from "../diff.ts";
import { isObject, type Properties } from "../wire.ts";
import { checks } from "./checks.ts";
import { type Api, type Method, missingParameter, Problem } from "./http.ts";
import { type Adapt, adaptRecord, bodyOf, changesOf, removedOf } from "./plan.ts";
import * as schema from "./schema.ts";

/** A kind of resource: its attributes, and how the service makes, changes, reads and deletes it. */
export interface Resource {
  attributes: schema.Attributes;
  adapt?: Adapt;
  check(where: string, inputs: Properties): { reason: string }[];
  /** said when the resource is planned for the first time */
  warning?: string;
  /** form of the id for an import */
  importForm: string;
  /** id and path parameters of an import's segments */
  imported(segments: readonly string[]): { id: string; properties: Properties };
  create(api: Api, planned: Properties): Promise<Properties>;
  update(api: Api, id: string, olds: Properties, planned: Properties): Promise<Properties>;
  read(api: Api, id: string, properties: Properties): Promise<Properties>;
  delete(api: Api, id: string, properties: Properties): Promise<void>;
  /** id of what the service answered */
  idOf(planned: Properties, answered: Properties): string;
  /** fills what the official plugin fills where an answer says nothing */
  complete?(outputs: Properties): void;
  /** adapts what was read to the former outputs, where the official plugin knows the two for the same */
  reconcile?(outputs: Properties, olds: Properties): void;
}

/** Id that the official plugin keeps when an answer has none. */
export const noId = "{<nil>}";

function segment(properties: Properties, name: string, parameter: string): string {
  const value = properties[name];
  if (typeof value !== "string" || value === "") throw missingParameter(parameter);
  return encodeURIComponent(value);
}

function below(properties: Properties): string {
  return `/zones/${segment(properties, "zoneId", "zone_id")}`;
}

async function call(api: Api, method: Method, path: string, body?: unknown): Promise<Properties> {
  const { result } = await api.call(method, path, body);
  return isObject(result) ? result : {};
}

function answeredId(answered: Properties): string {
  return typeof answered["id"] === "string" ? answered["id"] : noId;
}

function recordPath(id: string, properties: Properties): string {
  if (id === noId) throw missingParameter("dns_record_id");
  return `${below(properties)}/dns_records/${encodeURIComponent(id)}`;
}

function completeRecord(outputs: Properties): void {
  if (outputs["type"] !== "CNAME" || outputs["createdOn"] === undefined) return;
  const none = Object.fromEntries(schema.settingsFields.map((field) => [field, false]));
  outputs["settings"] = { ...none, ...(isObject(outputs["settings"]) ? outputs["settings"] : {}) };
}

/** What the service answers in another form than it was given, but the official plugin takes for the same. */
function reconcileRecord(outputs: Properties, olds: Properties): void {
  const { data } = outputs;
  if (outputs["comment"] === undefined && olds["comment"] === "") outputs["comment"] = "";
  const before = olds["data"];
  if (isObject(data) && isObject(before) && String(data["flags"]) === String(before["flags"]) && "flags" in before) {
    outputs["data"] = { ...data, flags: before["flags"] };
  }
}

const record: Resource = {
  attributes: schema.dnsRecord,
  adapt: adaptRecord,
  check: checks.record,
  importForm: "<zone_id>/<dns_record_id>",
  imported: ([zoneId = "", id = ""]) => ({ id, properties: { zoneId } }),
  create: async (api, planned) => {
    if (planned["proxied"] === true && planned["ttl"] !== 1) {
      throw new Problem(
        "ttl must be set to 1 when `proxied` is true",
        "When a DNS record is marked as `proxied` the TTL must be 1 as Cloudflare will control the TTL internally.",
      );
    }
    return call(api, "post", `${below(planned)}/dns_records`, bodyOf(schema.dnsRecord, planned));
  },
  update: (api, id, olds, planned) => {
    const body = { ...removedOf(schema.dnsRecord, olds, planned), ...bodyOf(schema.dnsRecord, planned) };
    return call(api, "put", recordPath(id, planned), body);
  },
  read: (api, id, properties) => call(api, "get", recordPath(id, properties)),
  delete: async (api, id, properties) => {
    // The official plugin asks for a record called "id" when it never learnt the record's own.
    await call(api, "delete", recordPath(id === noId ? "id" : id, properties));
  },
  idOf: (_, answered) => answeredId(answered),
  complete: completeRecord,
  reconcile: reconcileRecord,
};

const zone: Resource = {
  attributes: schema.zone,
  check: checks.zone,
  importForm: "<zone_id>",
  imported: ([id = ""]) => ({ id, properties: {} }),
  create: (api, planned) => call(api, "post", "/zones", bodyOf(schema.zone, planned)),
  update: (api, id, olds, planned) => call(api, "patch", `/zones/${id}`, changesOf(schema.zone, olds, planned)),
  read: (api, id) => call(api, "get", `/zones/${encodeURIComponent(id)}`),
  delete: async (api, id) => {
    await call(api, "delete", `/zones/${encodeURIComponent(id)}`);
  },
  idOf: (_, answered) => answeredId(answered),
};

const dnssec: Resource = {
  attributes: schema.zoneDnssec,
  check: checks.dnssec,
  importForm: "<zone_id>",
  imported: ([zoneId = ""]) => ({ id: zoneId, properties: { zoneId } }),
  create: (api, planned) => call(api, "patch", `${below(planned)}/dnssec`, bodyOf(schema.zoneDnssec, planned)),
  update: (api, _, olds, planned) =>
    call(api, "patch", `${below(planned)}/dnssec`, changesOf(schema.zoneDnssec, olds, planned)),
  read: (api, id, properties) => call(api, "get", `${below({ zoneId: id, ...properties })}/dnssec`),
  delete: async (api, _, properties) => {
    await call(api, "patch", `${below(properties)}/dnssec`, { status: "disabled" });
    await call(api, "delete", `${below(properties)}/dnssec`);
  },
  idOf: (planned) => String(planned["zoneId"]),
};

function settingPath(properties: Properties): string {
  return `${below(properties)}/settings/${segment(properties, "settingId", "setting_id")}`;
}

const setting: Resource = {
  attributes: schema.zoneSetting,
  check: checks.setting,
  warning:
    "[WARNING] This resource cannot be destroyed from Terraform. If you create this resource, it will be present in the API until manually deleted.: Resource Destruction Considerations",
  importForm: "<zone_id>/<setting_id>",
  imported: ([zoneId = "", id = ""]) => ({ id, properties: { zoneId, settingId: id } }),
  create: (api, planned) => call(api, "patch", settingPath(planned), bodyOf(schema.zoneSetting, planned)),
  update: (api, _, olds, planned) => {
    const body = equal(olds, planned) ? {} : changesOf(schema.zoneSetting, olds, planned);
    return call(api, "patch", settingPath(planned), body);
  },
  read: (api, _, properties) => call(api, "get", settingPath(properties)),
  delete: () => Promise.resolve(),
  idOf: (planned) => String(planned["settingId"]),
};

/** Resources by type token. */
export const resources: Readonly<Record<string, Resource>> = {
  "cloudflare:index/dnsRecord:DnsRecord": record,
  "cloudflare:index/zone:Zone": zone,
  "cloudflare:index/zoneDnssec:ZoneDnssec": dnssec,
  "cloudflare:index/zoneSetting:ZoneSetting": setting,
};
