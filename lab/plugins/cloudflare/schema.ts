import { isObject, type Properties, secret } from "../wire.ts";

/** Form of a value: how the service's answer becomes an output. */
export type Shape =
  | "plain"
  | "date"
  /** any JSON, kept as a text */
  | "json"
  /** any value, passed on as it is */
  | "dynamic"
  | "list"
  /** an object with these fields; what else the service answers is dropped */
  | { readonly fields: readonly string[] };

export interface Attribute {
  /** who says the value: the program, the service, or the service where the program says nothing */
  by: "program" | "service" | "both";
  /** value where the program says nothing */
  initial?: unknown;
  shape?: Shape;
  /** a change needs another resource */
  replaces?: boolean;
  /** part of the path, never of a body */
  inPath?: boolean;
}

export type Attributes = Readonly<Record<string, Attribute>>;

const dataFields = [
  "algorithm",
  "altitude",
  "certificate",
  "digest",
  "digestType",
  "fingerprint",
  "flags",
  "keyTag",
  "latDegrees",
  "latDirection",
  "latMinutes",
  "latSeconds",
  "longDegrees",
  "longDirection",
  "longMinutes",
  "longSeconds",
  "matchingType",
  "order",
  "port",
  "precisionHorz",
  "precisionVert",
  "preference",
  "priority",
  "protocol",
  "publicKey",
  "regex",
  "replacement",
  "selector",
  "service",
  "size",
  "tag",
  "target",
  "type",
  "usage",
  "value",
  "weight",
];

export const settingsFields = ["flattenCname", "ipv4Only", "ipv6Only"];

export const dnsRecord: Attributes = {
  zoneId: { by: "program", replaces: true, inPath: true },
  name: { by: "program" },
  type: { by: "program", replaces: true },
  ttl: { by: "program" },
  comment: { by: "program" },
  content: { by: "both" },
  data: { by: "program", shape: { fields: dataFields } },
  priority: { by: "program" },
  privateRouting: { by: "program" },
  proxied: { by: "both", initial: false },
  settings: { by: "both", shape: { fields: settingsFields } },
  tags: { by: "both", shape: "list" },
  commentModifiedOn: { by: "service", shape: "date" },
  createdOn: { by: "service", shape: "date" },
  meta: { by: "service", shape: "json" },
  modifiedOn: { by: "service", shape: "date" },
  proxiable: { by: "service" },
  tagsModifiedOn: { by: "service", shape: "date" },
};

export const zone: Attributes = {
  account: { by: "program", replaces: true, shape: { fields: ["id"] } },
  name: { by: "program", replaces: true },
  paused: { by: "both", initial: false },
  type: { by: "both", initial: "full" },
  vanityNameServers: { by: "both", shape: "list" },
  activatedOn: { by: "service", shape: "date" },
  cnameSuffix: { by: "service" },
  createdOn: { by: "service", shape: "date" },
  developmentMode: { by: "service" },
  meta: {
    by: "service",
    shape: {
      fields: [
        "cdnOnly",
        "customCertificateQuota",
        "dnsOnly",
        "foundationDns",
        "pageRuleQuota",
        "phishingDetected",
        "step",
      ],
    },
  },
  modifiedOn: { by: "service", shape: "date" },
  nameServers: { by: "service", shape: "list" },
  originalDnshost: { by: "service" },
  originalNameServers: { by: "service", shape: "list" },
  originalRegistrar: { by: "service" },
  owner: { by: "service", shape: { fields: ["id", "name", "type"] } },
  permissions: { by: "service", shape: "list" },
  plan: {
    by: "service",
    shape: {
      fields: [
        "canSubscribe",
        "currency",
        "externallyManaged",
        "frequency",
        "id",
        "isSubscribed",
        "legacyDiscount",
        "legacyId",
        "name",
        "price",
      ],
    },
  },
  status: { by: "service" },
  tenant: { by: "service", shape: { fields: ["id", "name"] } },
  tenantUnit: { by: "service", shape: { fields: ["id"] } },
  verificationKey: { by: "service" },
};

export const zoneDnssec: Attributes = {
  zoneId: { by: "program", replaces: true, inPath: true },
  status: { by: "program" },
  dnssecMultiSigner: { by: "program" },
  dnssecPresigned: { by: "program" },
  dnssecUseNsec3: { by: "program" },
  algorithm: { by: "service" },
  digest: { by: "service" },
  digestAlgorithm: { by: "service" },
  digestType: { by: "service" },
  ds: { by: "service" },
  flags: { by: "service" },
  keyTag: { by: "service" },
  keyType: { by: "service" },
  modifiedOn: { by: "service", shape: "date" },
  publicKey: { by: "service" },
};

export const zoneSetting: Attributes = {
  zoneId: { by: "program", replaces: true, inPath: true },
  settingId: { by: "program", replaces: true, inPath: true },
  value: { by: "program", shape: "dynamic" },
  enabled: { by: "both" },
  editable: { by: "service" },
  modifiedOn: { by: "service", shape: "date" },
  timeRemaining: { by: "service" },
};

/** Name of a property in the service's JSON: `ipv4Only` is `ipv4_only`. */
export function wireName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** An output of the service's value; null and absent are both undefined. */
export function fromWire(shape: Shape, value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (shape === "date") return typeof value === "string" ? value.replace(/\.\d+(?=Z|[+-])/, "") : undefined;
  if (shape === "json") return JSON.stringify(value);
  if (typeof shape === "string") return value;
  if (!isObject(value)) return undefined;
  const fields = shape.fields.map((field) => [field, value[wireName(field)] ?? undefined] as const);
  return Object.fromEntries(fields.filter(([, field]) => field !== undefined));
}

/** A value for the service's JSON; only objects with known fields are renamed. */
export function toWire(shape: Shape, value: unknown): unknown {
  if (typeof shape === "string" || !isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [wireName(key), field]));
}

const absent = () => secret({ replace: { raw: null } });

/**
 * How the state that Terraform would hold differs from the outputs, as the official plugin keeps it beside them;
 * undefined where its form was never recorded (values of any type), which it then works out by itself.
 */
export function rawStateDelta(attributes: Attributes, outputs: Properties): Properties | undefined {
  const parts: Properties = {};
  for (const [name, { shape = "plain" }] of Object.entries(attributes)) {
    const value = outputs[name];
    if (value === undefined) {
      parts[name] = absent();
    } else if (shape === "dynamic" || name === "data") {
      return undefined;
    } else if (shape === "list") {
      parts[name] = { arr: {} };
    } else if (typeof shape === "object" && isObject(value)) {
      const missing = shape.fields.filter((field) => value[field] === undefined);
      const fields = Object.fromEntries(missing.map((field) => [field, absent()]));
      parts[name] = { obj: missing.length === 0 ? {} : { ps: fields } };
    }
  }
  return { obj: { ps: parts } };
}
