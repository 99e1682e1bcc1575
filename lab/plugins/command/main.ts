import { randomBytes } from "node:crypto";
import { status } from "@grpc/grpc-js";
import { detailedDiff, equal } from "../diff.ts";
import {
  type CreateRequest,
  type DeleteRequest,
  type Engine,
  isObject,
  type Properties,
  type Provider,
  RpcError,
  serve,
  type Target,
  type UpdateRequest,
  unknownValue,
  unwrapSecrets,
} from "../protocol.ts";
import { completeSource, copyToRemote, sourceFailures } from "./copy.ts";
import type { Connection } from "./dial.ts";
import { runLocal } from "./local.ts";
import type { Captured } from "./output.ts";
import { checkInputs, missingOutputs, type Shape, shapes } from "./schema.ts";
import { runRemote } from "./ssh.ts";

const version = "1.2.1";
const copyType = "command:remote:CopyToRemote";
const localType = "command:local:Command";

/** Version of the official plugin's own framework, which it adds to its configuration. */
const framework = { "__pulumi-go-provider-version": "1.2.0" };

function shapeOf(type: string): Shape {
  const shape = shapes[type];
  if (shape === undefined) throw new RpcError(status.NOT_FOUND, `Type '${type}' not found`);
  return shape;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function texts(value: unknown): Record<string, string> {
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, field]) => [key, String(field)])) : {};
}

/** What earlier output the command may see, unless it was turned off. */
function previousOutput(inputs: Properties, state: Properties): Record<string, string> {
  if (inputs["addPreviousOutputInEnv"] === false) return {};
  const stdout = text(state["stdout"]) ?? "";
  const stderr = text(state["stderr"]) ?? "";
  return {
    ...(stdout === "" ? {} : { PULUMI_COMMAND_STDOUT: stdout }),
    ...(stderr === "" ? {} : { PULUMI_COMMAND_STDERR: stderr }),
  };
}

/** Text without its one final newline. */
function outputText(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes).replace(/\n$/, "");
  } catch {
    // The official plugin only notices when it answers: the command has run.
    throw new RpcError(status.INTERNAL, "grpc: error while marshaling: string field contains invalid UTF-8");
  }
}

/** Runs one of the texts of a command resource with all that its inputs say. */
async function run(engine: Engine, target: Target, command: string, inputs: Properties, state: Properties) {
  const plain = unwrapSecrets(inputs) as Properties;
  const environment = texts(plain["environment"]);
  const previous = previousOutput(plain, unwrapSecrets(state) as Properties);
  const common = { command, stdin: text(plain["stdin"]), logging: text(plain["logging"]) };
  let captured: Captured;
  if (target.type === localType) {
    if (plain["assetPaths"] !== undefined || plain["archivePaths"] !== undefined) {
      throw new RpcError(status.UNIMPLEMENTED, "the stand-in plugin does not collect assetPaths and archivePaths");
    }
    const interpreter = Array.isArray(plain["interpreter"]) ? plain["interpreter"].map(String) : [];
    captured = await runLocal(
      { ...common, environment: { ...environment, ...previous }, dir: text(plain["dir"]), interpreter },
      engine,
      target.urn,
    );
  } else {
    const variables = [
      ...Object.entries(environment).map(([name, value]) => ({ name, value, required: true })),
      ...Object.entries(previous).map(([name, value]) => ({ name, value, required: false })),
    ];
    captured = await runRemote(
      { ...common, variables, connection: plain["connection"] as Connection },
      engine,
      target.urn,
    );
  }
  return { stdout: outputText(captured.stdout), stderr: outputText(captured.stderr) };
}

async function copy(engine: Engine, target: Target, inputs: Properties): Promise<Properties> {
  const plain = unwrapSecrets(inputs) as Properties;
  const source = plain["source"] as Properties;
  await copyToRemote(plain["connection"] as Connection, source, text(plain["remotePath"]) ?? "", engine, target.urn);
  return { ...inputs, source: completeSource(inputs["source"]) };
}

function uniqueHex(): string {
  return randomBytes(4).toString("hex");
}

async function create(engine: Engine, request: CreateRequest) {
  const { properties, preview } = request;
  if (request.type === copyType) {
    if (preview) return { id: "", properties: { ...properties, source: unknownValue } };
    return { id: uniqueHex(), properties: await copy(engine, request, properties) };
  }
  const id = `${request.name}${uniqueHex()}`;
  if (preview) return { id, properties: { ...properties, stdout: unknownValue, stderr: unknownValue } };
  const command = text(unwrapSecrets(properties["create"]));
  const output =
    command === undefined ? { stdout: "", stderr: "" } : await run(engine, request, command, properties, {});
  return { id, properties: { ...properties, ...output } };
}

async function update(engine: Engine, request: UpdateRequest) {
  const { news, olds, preview } = request;
  const shape = shapeOf(request.type);
  if (request.type === copyType) {
    const missing = missingOutputs(shape, olds, []);
    if (missing !== undefined) throw missing;
    if (preview) return { properties: { ...news, source: unknownValue } };
    const same = equal(news["source"], olds["source"]) && news["remotePath"] === olds["remotePath"];
    return {
      properties: same ? { ...news, source: completeSource(news["source"]) } : await copy(engine, request, news),
    };
  }
  const missing = missingOutputs(shape, olds, ["stdout", "stderr"]);
  if (missing !== undefined) throw missing;
  if (preview) return { properties: { ...news, stdout: unknownValue, stderr: unknownValue } };
  const command = text(unwrapSecrets(news["update"])) ?? text(unwrapSecrets(news["create"]));
  const kept = { stdout: olds["stdout"], stderr: olds["stderr"] };
  return {
    properties: { ...news, ...(command === undefined ? kept : await run(engine, request, command, news, olds)) },
  };
}

async function remove(engine: Engine, request: DeleteRequest): Promise<void> {
  if (request.type === copyType) return;
  const command = text(unwrapSecrets(request.properties["delete"]));
  if (command !== undefined) await run(engine, request, command, request.properties, request.properties);
}

function provider(engine: Engine): Provider {
  return {
    version,
    checkConfig: ({ news }) => ({ inputs: { ...news, ...framework } }),
    diffConfig: () => {
      throw new RpcError(status.UNIMPLEMENTED, "DiffConfig is not implemented");
    },
    configure: () => ({ acceptSecrets: true, supportsPreview: true, acceptResources: true, acceptOutputs: true }),
    check: ({ type, news }) => {
      const { inputs, failures } = checkInputs(shapeOf(type), news);
      if (type !== copyType) return { inputs, failures };
      return {
        inputs: { ...inputs, source: completeSource(inputs["source"]) },
        failures: [...failures, ...sourceFailures(inputs["source"])],
      };
    },
    diff: ({ type, olds, news }) => {
      const { fields } = shapeOf(type);
      return detailedDiff(Object.fromEntries(Object.entries(olds).filter(([key]) => key in fields)), news);
    },
    create: (request) => create(engine, request),
    read: ({ id, properties, inputs }) => ({ id, properties, inputs }),
    update: (request) => update(engine, request),
    delete: (request) => remove(engine, request),
  };
}

serve(provider);
