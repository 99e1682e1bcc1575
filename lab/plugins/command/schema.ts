import { isObject, isSecret, type Properties, secret, unknownValue, unwrapSecrets } from "../protocol.ts";

type Kind = "string" | "number" | "integer" | "boolean" | "array" | "strings" | "connection" | "any";

interface Field {
  kind: Kind;
  required?: boolean;
  secret?: boolean;
}

/** Inputs of a resource: its name as the official plugin's messages give it, and its fields. */
export interface Shape {
  /** `remote.CommandInputs` */
  name: string;
  fields: Readonly<Record<string, Field>>;
}

const connectionFields: Shape["fields"] = {
  user: { kind: "string" },
  password: { kind: "string", secret: true },
  host: { kind: "string", required: true },
  hostKey: { kind: "string" },
  port: { kind: "number" },
  privateKey: { kind: "string", secret: true },
  privateKeyPassword: { kind: "string", secret: true },
  agentSocketPath: { kind: "string" },
  dialErrorLimit: { kind: "integer" },
  perDialTimeout: { kind: "integer" },
  proxy: { kind: "any" },
};

const connectionDefaults = { user: "root", port: 22, dialErrorLimit: 10, perDialTimeout: 15 };

const commandFields: Shape["fields"] = {
  create: { kind: "string" },
  update: { kind: "string" },
  delete: { kind: "string" },
  stdin: { kind: "string" },
  logging: { kind: "string" },
  environment: { kind: "strings" },
  triggers: { kind: "array" },
  addPreviousOutputInEnv: { kind: "boolean" },
};

const remoteConnection: Field = { kind: "connection", required: true, secret: true };

/** The resources of the plugin, by type token. */
export const shapes: Readonly<Record<string, Shape>> = {
  "command:remote:Command": {
    name: "remote.CommandInputs",
    fields: { connection: remoteConnection, ...commandFields },
  },
  "command:remote:CopyToRemote": {
    name: "remote.CopyToRemoteInputs",
    fields: {
      connection: remoteConnection,
      triggers: { kind: "array" },
      source: { kind: "any", required: true },
      remotePath: { kind: "string", required: true },
    },
  },
  "command:local:Command": {
    name: "local.CommandInputs",
    fields: {
      ...commandFields,
      interpreter: { kind: "array" },
      dir: { kind: "string" },
      assetPaths: { kind: "array" },
      archivePaths: { kind: "array" },
    },
  },
};

const goTypes: Record<Exclude<Kind, "any">, string> = {
  string: "string",
  number: "number",
  integer: "number",
  boolean: "bool",
  array: "array",
  strings: "object",
  connection: "object",
};

function goTypeOf(value: unknown): string {
  if (typeof value === "number") return "float64";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  return Array.isArray(value) ? "[]property.Value" : "map[string]property.Value";
}

function fits(kind: Kind, value: unknown): boolean {
  if (kind === "any" || value === unknownValue) return true;
  if (kind === "array") return Array.isArray(value);
  if (kind === "strings" || kind === "connection") return isObject(value);
  return typeof value === (kind === "integer" ? "number" : kind);
}

function wrongType(name: string, shape: string, kind: Exclude<Kind, "any">, value: unknown): string {
  return `Field '${name}' on '${shape}' must be a '${goTypes[kind]}'; got '${goTypeOf(value)}' instead`;
}

function connectionFailures(value: Properties, owner: string): string | undefined {
  const lines = Object.entries(connectionFields).flatMap(([name, field]) => {
    const plain = unwrapSecrets(value[name]);
    if (plain === undefined || plain === null) {
      return field.required === true ? [`${name}: Missing required field '${name}' on 'remote.Connection'`] : [];
    }
    if (field.kind === "any" || fits(field.kind, plain)) return [];
    return [`${name}: ${wrongType(name, "remote.Connection", field.kind, plain)}`];
  });
  if (lines.length === 0) return undefined;
  return `An error occurred decoding '${owner}.connection': ${lines.length} failures decoding:\n\t${lines.join("\n\t")}`;
}

function checkedConnection(value: unknown): unknown {
  const plain = isSecret(value) ? value["value"] : value;
  if (!isObject(plain)) return secret(plain);
  const filled: Properties = { ...plain };
  for (const [name, standard] of Object.entries(connectionDefaults)) filled[name] ??= standard;
  for (const [name, field] of Object.entries(connectionFields)) {
    if (field.secret === true && filled[name] !== undefined && filled[name] !== unknownValue)
      filled[name] = secret(filled[name]);
  }
  return secret(filled);
}

/** What `Check` answers: the inputs with defaults and secrets, and why they are refused. */
export function checkInputs(
  shape: Shape,
  news: Properties,
): { inputs: Properties; failures: { property: string; reason: string }[] } {
  const failures: { property: string; reason: string }[] = [];
  const inputs: Properties = { ...news };
  for (const [name, { kind, required }] of Object.entries(shape.fields)) {
    const plain = unwrapSecrets(news[name]);
    if (plain === undefined || plain === null) {
      if (required === true)
        failures.push({ property: name, reason: `Missing required field '${name}' on '${shape.name}'` });
      continue;
    }
    if (kind !== "any" && !fits(kind, plain)) {
      failures.push({ property: name, reason: wrongType(name, shape.name, kind, plain) });
    } else if (kind === "connection" && plain !== unknownValue) {
      const reason = connectionFailures(plain as Properties, shape.name.replace(/^\w+\./, ""));
      if (reason !== undefined) failures.push({ property: name, reason });
      inputs[name] = checkedConnection(news[name]);
    }
  }
  return { inputs, failures };
}

/** The error of an operation whose state lacks outputs, as after an import. */
export function missingOutputs(shape: Shape, state: Properties, outputs: readonly string[]): Error | undefined {
  const required = [...Object.keys(shape.fields).filter((name) => shape.fields[name]?.required === true), ...outputs];
  const name = shape.name.replace("Inputs", "Outputs");
  const lines = required
    .filter((field) => state[field] === undefined)
    .map((field) => `${field}: Missing required field '${field}' on '${name}'`);
  return lines.length === 0 ? undefined : new Error(`${lines.length} failures decoding:\n\t${lines.join("\n\t")}`);
}
