import { status } from "@grpc/grpc-js";
import { equal } from "../diff.ts";
import {
  type CheckAnswer,
  type CheckRequest,
  type CreateRequest,
  type DiffAnswer,
  type DiffKind,
  type DiffRequest,
  type Engine,
  type Properties,
  type Provider,
  type ReadAnswer,
  type ReadRequest,
  RpcError,
  secret,
  serve,
  type UpdateRequest,
  unknownValue,
  unwrapSecrets,
} from "../protocol.ts";
import { checkProvider } from "./checks.ts";
import { Api, type Connection, Problem } from "./http.ts";
import { invoke } from "./invoke.ts";
import { diffOf, importedInputs, planOf, readOutputs, refreshedInputs, settledOutputs } from "./plan.ts";
import { noId, type Resource, resources } from "./resources.ts";
import { rawStateDelta } from "./schema.ts";

const version = "6.17.0";
const service = "https://api.cloudflare.com/client/v4";

/** The provider's inputs, and the environment variables that fill them. */
const environment = {
  baseUrl: "CLOUDFLARE_BASE_URL",
  apiToken: "CLOUDFLARE_API_TOKEN",
  apiKey: "CLOUDFLARE_API_KEY",
  email: "CLOUDFLARE_EMAIL",
  apiUserServiceKey: "CLOUDFLARE_API_USER_SERVICE_KEY",
  userAgentOperatorSuffix: "CLOUDFLARE_USER_AGENT_OPERATOR_SUFFIX",
} as const;
const secretInputs = ["apiToken", "apiKey", "apiUserServiceKey"];

function plain(properties: Properties): Properties {
  return unwrapSecrets(properties) as Properties;
}

function resourceOf(type: string): Resource {
  const resource = resources[type];
  if (resource === undefined) throw new RpcError(status.UNKNOWN, `unrecognized resource type: ${type}`);
  return resource;
}

function connectionOf(args: Properties): Connection {
  const inputs = plain(args);
  const setting = (name: keyof typeof environment) => {
    const value = inputs[name] ?? process.env[environment[name]];
    return typeof value === "string" && value !== "" && value !== unknownValue ? value : undefined;
  };
  const names = Object.keys(environment) as (keyof typeof environment)[];
  const given = names.map((name) => [name, setting(name)] as const).filter(([, value]) => value !== undefined);
  return { baseUrl: service, ...Object.fromEntries(given) };
}

function checkConfig({ name, news }: CheckRequest): CheckAnswer {
  const inputs: Properties = { ...news };
  for (const key of secretInputs) if (inputs[key] !== undefined) inputs[key] = secret(inputs[key]);
  return { inputs, failures: checkProvider(name, plain(news)) };
}

function diffConfig({ olds, news }: DiffRequest): DiffAnswer {
  const [before, after] = [plain(olds), plain(news)];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => !equal(before[key], after[key]),
  );
  if (keys.length === 0) return {};
  const kind = (key: string): DiffKind =>
    before[key] === undefined ? "ADD" : after[key] === undefined ? "DELETE" : "UPDATE";
  const detailedDiff = Object.fromEntries(keys.map((key) => [key, { kind: kind(key), inputDiff: true }]));
  return { hasDetailedDiff: true, detailedDiff };
}

/** Outputs as the state keeps them, with what the official plugin notes beside them. */
function stateOf(resource: Resource, id: string, outputs: Properties): Properties {
  const delta = rawStateDelta(resource.attributes, outputs);
  return {
    ...outputs,
    id: id === noId ? "id" : id,
    __meta: JSON.stringify({ schema_version: "500" }),
    ...(delta === undefined ? {} : { __pulumi_raw_state_delta: delta }),
  };
}

/** The former outputs without what is noted beside them. */
function outputsOf(properties: Properties): Properties {
  const { __meta: _, __pulumi_raw_state_delta: __, id: ___, ...outputs } = plain(properties);
  return outputs;
}

class Cloudflare {
  readonly #engine: Engine;
  #api = new Api({ baseUrl: service });

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  configure(args: Properties): void {
    this.#api = new Api(connectionOf(args));
  }

  /** Runs an operation; a problem is told beside the resource too, as the official plugin does. */
  async report<T>(urn: string, operation: (api: Api) => Promise<T>): Promise<T> {
    try {
      return await operation(this.#api);
    } catch (error) {
      if (error instanceof Problem) {
        this.#engine.log("error", urn, `[ERROR] ${error.detail}: ${error.summary}`);
      }
      throw error;
    }
  }

  #plan(resource: Resource, olds: Properties | undefined, news: Properties): Properties {
    return planOf(resource.attributes, olds, plain(news), resource.adapt);
  }

  diff({ type, olds, news }: DiffRequest): DiffAnswer {
    const resource = resourceOf(type);
    const before = outputsOf(olds);
    return diffOf(resource.attributes, before, this.#plan(resource, before, news));
  }

  async create({ urn, type, properties, preview }: CreateRequest) {
    const resource = resourceOf(type);
    if (resource.warning !== undefined) this.#engine.log("warning", urn, resource.warning);
    const planned = this.#plan(resource, undefined, properties);
    if (preview) return { id: "", properties: { ...planned, id: unknownValue } };
    const answered = await this.report(urn, (api) => resource.create(api, planned));
    const id = resource.idOf(planned, answered);
    return { id, properties: this.#settled(resource, id, planned, answered) };
  }

  #settled(resource: Resource, id: string, planned: Properties, answered: Properties): Properties {
    const outputs = settledOutputs(resource.attributes, planned, answered);
    resource.complete?.(outputs);
    return stateOf(resource, id, outputs);
  }

  async update({ urn, type, id, olds, news, preview }: UpdateRequest) {
    const resource = resourceOf(type);
    const before = outputsOf(olds);
    const planned = this.#plan(resource, before, news);
    if (preview) return { properties: { ...planned, id } };
    const answered = await this.report(urn, (api) => resource.update(api, id, before, planned));
    return { properties: this.#settled(resource, id, planned, answered) };
  }

  async read(request: ReadRequest): Promise<ReadAnswer> {
    const { urn, type } = request;
    const resource = resourceOf(type);
    if (Object.keys(request.properties).length === 0) {
      return this.report(urn, (api) => this.#import(api, resource, request.id));
    }
    const before = outputsOf(request.properties);
    let answered: Properties;
    try {
      answered = await this.report(urn, (api) => this.#unlessGone(resource.read(api, request.id, before)));
    } catch (error) {
      if (!(error instanceof Gone)) throw error;
      const text = "The resource was not found on the server and will be removed from state.";
      this.#engine.log("warning", urn, `[WARNING] ${text}: Resource not found`);
      return { properties: {}, inputs: {} };
    }
    const outputs = this.#outputs(resource, before, answered);
    const inputs = refreshedInputs(plain(request.inputs), outputs);
    return { id: request.id, properties: stateOf(resource, request.id, outputs), inputs };
  }

  async #unlessGone<T>(reading: Promise<T>): Promise<T> {
    try {
      return await reading;
    } catch (error) {
      throw error instanceof Problem && error.status === 404 ? new Gone() : error;
    }
  }

  #outputs(resource: Resource, before: Properties, answered: Properties): Properties {
    const outputs = readOutputs(resource.attributes, answered);
    for (const [name, { inPath }] of Object.entries(resource.attributes)) {
      if (inPath === true) outputs[name] = before[name];
    }
    resource.complete?.(outputs);
    resource.reconcile?.(outputs, before);
    return outputs;
  }

  /** An import looks twice at the resource: once to find it, once to read it. */
  async #import(api: Api, resource: Resource, wanted: string): Promise<ReadAnswer> {
    const segments = wanted.split("/").map(decodeURIComponent);
    if (segments.length !== resource.importForm.split("/").length) {
      throw new Problem("invalid ID", `expected urlencoded segments "${resource.importForm}", got "${wanted}"`);
    }
    const { id, properties } = resource.imported(segments);
    await resource.read(api, id, properties);
    const outputs = this.#outputs(resource, properties, await resource.read(api, id, properties));
    const inputs = importedInputs(resource.attributes, outputs);
    return { id, properties: stateOf(resource, id, outputs), inputs };
  }
}

/** The service no longer has the resource. */
class Gone extends Error {}

function provider(engine: Engine): Provider {
  const cloudflare = new Cloudflare(engine);
  return {
    version,
    checkConfig,
    diffConfig,
    configure: ({ args }) => {
      cloudflare.configure(args);
      return { supportsPreview: true, acceptResources: true, supportsAutonamingConfiguration: true };
    },
    check: ({ type, name, news }) => ({ inputs: news, failures: resourceOf(type).check(name, plain(news)) }),
    diff: (request) => cloudflare.diff(request),
    create: (request) => cloudflare.create(request),
    read: (request) => cloudflare.read(request),
    update: (request) => cloudflare.update(request),
    delete: ({ urn, type, id, properties }) =>
      cloudflare.report(urn, (api) => resourceOf(type).delete(api, id, outputsOf(properties))),
    invoke: async ({ token, args }) => ({
      result: await cloudflare.report("", (api) => invoke(api, token, plain(args))),
    }),
  };
}

serve(provider);
