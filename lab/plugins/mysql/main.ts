import { createHash, randomBytes } from "node:crypto";
import { status } from "@grpc/grpc-js";
import { equal } from "../diff.ts";
import {
  type CheckAnswer,
  type CheckRequest,
  type ConfigureRequest,
  type CreateRequest,
  type DiffAnswer,
  type DiffKind,
  type DiffRequest,
  initFailed,
  type Properties,
  type Provider,
  type ReadRequest,
  RpcError,
  secret,
  serve,
  type UpdateRequest,
  unknownValue,
  unwrapSecrets,
} from "../protocol.ts";
import { type Resource, resources } from "./resources.ts";
import type { ServerSettings } from "./server.ts";

const version = "3.3.2";
const defaultsKey = "__defaults";
const metaKey = "__meta";

/** Key under which Terraform keeps an operation's time limit in the state. */
const timeoutsKey = "e2bfb730-ecaa-11e6-8f88-34363bc7c4c0";

/** Environment variables that fill the provider's inputs. */
const environment: Readonly<Record<string, string>> = {
  endpoint: "MYSQL_ENDPOINT",
  username: "MYSQL_USERNAME",
  password: "MYSQL_PASSWORD",
  tls: "MYSQL_TLS_CONFIG",
};

function resourceOf(type: string): Resource {
  const resource = resources[type];
  if (resource === undefined) throw new RpcError(status.UNKNOWN, `unrecognized resource type (Check): ${type}`);
  return resource;
}

function plain(properties: Properties): Properties {
  return unwrapSecrets(properties) as Properties;
}

/** One of the provider's inputs, or what the environment says instead; the wire has texts only. */
function setting(inputs: Properties, key: string): string | undefined {
  const value = inputs[key];
  if (typeof value === "string") return value;
  return environment[key] === undefined ? undefined : process.env[environment[key]];
}

function checkConfig({ news }: CheckRequest): CheckAnswer {
  const failures = ["endpoint", "username"]
    .filter((key) => setting(news, key) === undefined)
    .map((key) => ({ reason: `Missing required property '${key}'` }));
  const tls = setting(news, "tls") ?? "false";
  const refuse = (reason: string) => failures.push({ reason: `could not validate provider configuration: ${reason}` });
  if (setting(news, "endpoint") === "") refuse("Endpoint must not be an empty string");
  if (tls !== unknownValue && !["true", "false", "skip-verify"].includes(tls)) {
    refuse(`expected tls to be one of [true false skip-verify], got ${tls}`);
  }
  return failures.length > 0 ? { failures } : { inputs: news };
}

function diffConfig({ olds, news }: DiffRequest): DiffAnswer {
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter((key) => !equal(olds[key], news[key]));
  if (keys.length === 0) return {};
  const kind = (key: string): DiffKind =>
    olds[key] === undefined ? "ADD" : news[key] === undefined ? "DELETE" : "UPDATE";
  return {
    changes: "DIFF_SOME",
    diffs: keys,
    detailedDiff: Object.fromEntries(keys.map((key) => [key, { kind: kind(key), inputDiff: true }])),
  };
}

function settingsOf({ args }: ConfigureRequest): ServerSettings {
  const inputs = plain(args);
  const value = (key: string) => setting(inputs, key) ?? "";
  const tls = value("tls");
  return {
    endpoint: value("endpoint"),
    username: value("username"),
    password: value("password"),
    tls: tls === "true" || tls === "skip-verify" ? tls : "false",
    maxConnLifetimeSec: Number(value("maxConnLifetimeSec")) || 0,
  };
}

/** A name like `<logical>-<7 hex>`; the engine's seed makes the preview's and the run's names the same. */
function madeUpName({ name, randomSeed, autonaming, urn }: CheckRequest): string {
  if (autonaming?.mode === "disable") {
    throw new RpcError(status.UNKNOWN, "automatic naming is disabled but no explicit name was provided");
  }
  if (autonaming !== undefined) return autonaming.proposedName;
  const hex =
    randomSeed.length > 0
      ? createHash("sha512").update(randomSeed).update(urn).digest("hex")
      : randomBytes(8).toString("hex");
  return `${name}-${hex.slice(0, 7)}`;
}

/** Fills defaults: an earlier default is kept, even if the plugin's has changed since or the server calls it otherwise. */
function check(request: CheckRequest): CheckAnswer {
  const resource = resourceOf(request.type);
  const olds = plain(request.olds);
  const inputs: Properties = { ...plain(request.news) };
  const oldDefaults = olds[defaultsKey];
  const reusable = (key: string) =>
    olds[key] !== undefined && (!Array.isArray(oldDefaults) || oldDefaults.includes(key));
  const filled: string[] = [];
  const fill = (key: string, value: () => string) => {
    if (inputs[key] !== undefined) return;
    inputs[key] = reusable(key) ? olds[key] : value();
    filled.push(key);
  };
  for (const [key, value] of Object.entries(resource.defaults)) fill(key, () => value);
  if (resource.autonamed) fill("name", () => madeUpName(request));
  inputs[defaultsKey] = filled.sort();
  const failures = resource.required
    .filter((key) => inputs[key] === undefined)
    .map((key) => ({
      property: key,
      reason: `Missing required argument. The argument "${key}" is required, but no definition was found`,
    }));
  for (const key of resource.secrets) if (inputs[key] !== undefined) inputs[key] = secret(inputs[key]);
  return { inputs, failures };
}

/** Outputs as the bridge shows them: no defaults' list, secrets wrapped. */
function outputsOf(resource: Resource, inputs: Properties, id: string): Properties {
  const outputs: Properties = { ...resource.computed, ...inputs, id };
  delete outputs[defaultsKey];
  for (const key of resource.secrets) if (outputs[key] !== undefined) outputs[key] = secret(outputs[key]);
  return outputs;
}

function previewed(resource: Resource, inputs: Properties): Properties {
  const given = Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== ""));
  return outputsOf(resource, given, "");
}

function diff({ type, olds, news }: DiffRequest): DiffAnswer {
  const resource = resourceOf(type);
  const [before, after] = [plain(olds), plain(news)];
  const keys = [...new Set([...Object.keys(after), ...Object.keys(before)])]
    .filter(
      (key) =>
        ![defaultsKey, metaKey, "id", ...Object.keys(resource.computed)].includes(key) &&
        !equal(before[key], after[key]),
    )
    .sort();
  const replaces = keys.filter((key) => resource.replaces.includes(key));
  const kind = (key: string) => {
    const verb = before[key] === undefined ? "ADD" : after[key] === undefined ? "DELETE" : "UPDATE";
    return replaces.includes(key) ? (`${verb}_REPLACE` as const) : verb;
  };
  if (keys.length === 0) return { stables: resource.replaces, changes: "DIFF_NONE", hasDetailedDiff: true };
  const defaults = after[defaultsKey];
  const named = !(Array.isArray(defaults) && defaults.includes("name"));
  return {
    ...(replaces.length > 0 ? { replaces, deleteBeforeReplace: named } : { stables: resource.replaces }),
    changes: "DIFF_SOME",
    diffs: keys,
    detailedDiff: Object.fromEntries(keys.map((key) => [key, { kind: kind(key) }])),
    hasDetailedDiff: true,
  };
}

/** What the state holds of the time limit that was asked for; it has no other effect. */
function meta(operation: "create" | "update", timeoutSeconds: number): Properties {
  if (timeoutSeconds === 0) return {};
  return { [metaKey]: JSON.stringify({ [timeoutsKey]: { [operation]: timeoutSeconds * 1_000_000_000 } }) };
}

async function create(settings: ServerSettings, { type, properties, preview, timeoutSeconds }: CreateRequest) {
  const resource = resourceOf(type);
  const inputs = plain(properties);
  if (preview) return { id: "", properties: previewed(resource, inputs) };
  const id = await resource.create(settings, inputs);
  const kept = { ...outputsOf(resource, inputs, id), ...meta("create", timeoutSeconds) };
  try {
    const found = await resource.read(settings, id);
    return { id, properties: { ...kept, ...found } };
  } catch (error) {
    const { message } = error as Error;
    throw initFailed(message, { id, properties: kept, reasons: [message] });
  }
}

async function read(settings: ServerSettings, { type, id, urn, properties, inputs }: ReadRequest) {
  const resource = resourceOf(type);
  let found: Properties | undefined;
  try {
    found = await resource.read(settings, id);
  } catch (error) {
    throw new Error(`refreshing ${urn}: ${(error as Error).message}`, { cause: error });
  }
  if (found === undefined) return {};
  const outputs = { ...outputsOf(resource, {}, id), ...properties, ...found };
  return { id, properties: outputs, inputs: { ...found, ...defaultsAfterRead(found, properties, plain(inputs)) } };
}

/** An import gets an empty list of defaults; a refresh keeps the defaults that the server still has, and no empty list. */
function defaultsAfterRead(found: Properties, properties: Properties, inputs: Properties): Properties {
  if (Object.keys(properties).length === 0) return { [defaultsKey]: [] };
  const before = inputs[defaultsKey];
  const kept = Array.isArray(before) ? before.filter((key) => equal(found[String(key)], inputs[String(key)])) : [];
  return kept.length > 0 ? { [defaultsKey]: kept } : {};
}

async function update(settings: ServerSettings, request: UpdateRequest) {
  const resource = resourceOf(request.type);
  const news = plain(request.news);
  if (request.preview) return { properties: previewed(resource, news) };
  const kept = {
    ...outputsOf(resource, news, request.id),
    ...(request.olds[metaKey] === undefined ? {} : { [metaKey]: request.olds[metaKey] }),
    ...meta("update", request.timeoutSeconds),
  };
  try {
    await resource.update(settings, news);
    return { properties: { ...kept, ...(await resource.read(settings, request.id)) } };
  } catch (error) {
    const message = `updating ${request.urn}: ${(error as Error).message}`;
    throw initFailed(message, { id: request.id, properties: kept, reasons: [message] });
  }
}

function provider(): Provider {
  let settings: ServerSettings = { endpoint: "", username: "", password: "", tls: "false", maxConnLifetimeSec: 0 };
  return {
    version,
    checkConfig,
    diffConfig,
    configure: (request) => {
      settings = settingsOf(request);
      return { supportsPreview: true, supportsAutonamingConfiguration: true };
    },
    check,
    diff,
    create: (request) => create(settings, request),
    read: (request) => read(settings, request),
    update: (request) => update(settings, request),
    delete: async ({ type, id, urn }) => {
      try {
        await resourceOf(type).delete(settings, id);
      } catch (error) {
        throw new Error(`deleting ${urn}: ${(error as Error).message}`, { cause: error });
      }
    },
  };
}

serve(provider);
