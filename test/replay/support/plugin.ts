import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Client,
  credentials,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceError,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import statusPb from "@pulumi/pulumi/proto/status_pb.js";
import { build } from "esbuild";
import type { Message } from "google-protobuf";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import structPb from "google-protobuf/google/protobuf/struct_pb.js";
import { messageOptions } from "../../../lab/plugins/protocol.ts";
import { isObject, type Properties, toStruct } from "../../../lab/plugins/wire.ts";
import { project } from "../../../lab/settings.ts";

/** An RPC's outcome: its answer as plain values under lower-case keys without defaults, or its error. */
export interface Outcome {
  response?: Properties;
  error?: { code: string; message: string };
  /** what the error says of a resource that was made or changed in part */
  partial?: Properties;
}

interface Log {
  message: string;
  severity: number;
  ephemeral: boolean;
}

/** Bundles a stand-in plugin as set-up does: one CommonJS file, native modules left out. @returns its path */
export async function bundle(name: string): Promise<string> {
  const outfile = join(mkdtempSync(join(tmpdir(), "cassiopea-plugin-")), `pulumi-resource-${name}`);
  await build({
    entryPoints: [join(project, "lab", "plugins", name, "main.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["cpu-features", "*.node"],
    logLevel: "error",
  });
  return outfile;
}

const requests: Record<string, (new () => Message) | undefined> = {
  Handshake: pb.ProviderHandshakeRequest,
  CheckConfig: pb.CheckRequest,
  DiffConfig: pb.DiffRequest,
  Configure: pb.ConfigureRequest,
  Check: pb.CheckRequest,
  Diff: pb.DiffRequest,
  Create: pb.CreateRequest,
  Read: pb.ReadRequest,
  Update: pb.UpdateRequest,
  Delete: pb.DeleteRequest,
  Invoke: pb.InvokeRequest,
};

type Accessors = Record<string, (value?: unknown) => unknown>;

function methodsOf(message: Message): string[] {
  return Object.getOwnPropertyNames(Object.getPrototypeOf(message));
}

/** Builds a request message: objects become Structs, maps are filled, texts and flags are set. */
function toMessage(method: string, fields: Properties): Message {
  const message = new (requests[method] ?? emptyPb.Empty)();
  const names = methodsOf(message);
  const call = message as unknown as Accessors;
  for (const [key, value] of Object.entries(fields)) {
    const map = names.find((name) => name.toLowerCase() === `get${key}map`.toLowerCase());
    if (map !== undefined) {
      const target = call[map]?.() as Map<string, string>;
      for (const [name, text] of Object.entries(value as Record<string, string>)) target.set(name, text);
      continue;
    }
    const setter = names.find((name) => name.toLowerCase() === `set${key}`.toLowerCase());
    if (setter === undefined) throw new Error(`${method} has no field ${key}`);
    call[setter]?.(isObject(value) && !(value instanceof Uint8Array) ? toStruct(value) : value);
  }
  return message;
}

function isDefault(value: unknown): boolean {
  return (
    value === undefined ||
    value === "" ||
    value === 0 ||
    value === false ||
    (Array.isArray(value) && value.length === 0)
  );
}

/** A message as plain values, keys in lower case, fields that have their default left out. */
export function fromMessage(message: Message): Properties {
  const call = message as unknown as Accessors;
  const result: Properties = {};
  for (const name of methodsOf(message)) {
    if (!/^get(?!.*_as)/.test(name)) continue;
    const value = call[name]?.();
    if (name.endsWith("Map")) {
      const entries: Properties = {};
      (value as { forEach(visit: (entry: Message, key: string) => void): void }).forEach((entry, key) => {
        entries[key] = fromMessage(entry);
      });
      if (Object.keys(entries).length > 0) result[name.slice(3, -3).toLowerCase()] = entries;
    } else if (name.endsWith("List")) {
      const list = (value as unknown[]).map((item) => (typeof item === "string" ? item : fromMessage(item as Message)));
      if (list.length > 0) result[name.slice(3, -4).toLowerCase()] = list;
    } else if (value instanceof structPb.Struct) {
      result[name.slice(3).toLowerCase()] = value.toJavaScript();
    } else if (!isDefault(value)) {
      result[name.slice(3).toLowerCase()] = value;
    }
  }
  return result;
}

function partialOf(error: ServiceError): Properties | undefined {
  const [bytes] = error.metadata.get("grpc-status-details-bin");
  if (!Buffer.isBuffer(bytes)) return undefined;
  const [detail] = statusPb.Status.deserializeBinary(bytes).getDetailsList();
  return detail === undefined
    ? undefined
    : fromMessage(pb.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8()));
}

/** A plugin that runs, as the engine would have started it. */
export class Plugin {
  readonly #process: ChildProcess;
  readonly #client: Client;
  readonly #engine: Server;
  /** What the plugin logged through the engine. */
  readonly logs: Log[];

  private constructor(child: ChildProcess, port: number, engine: Server, logs: Log[]) {
    this.#process = child;
    this.#engine = engine;
    this.logs = logs;
    this.#client = new providerGrpc.ResourceProviderClient(
      `127.0.0.1:${port}`,
      credentials.createInsecure(),
      messageOptions,
    );
  }

  /** Starts the bundled plugin beside an engine that only keeps what is logged. */
  static async start(file: string, environment: NodeJS.ProcessEnv): Promise<Plugin> {
    const logs: Log[] = [];
    const engine = new Server();
    engine.addService(engineGrpc.EngineService, {
      log: (call: ServerUnaryCall<LogRequest, Message>, done: sendUnaryData<Message>) => {
        const { request } = call;
        logs.push({
          message: request.getMessage(),
          severity: request.getSeverity(),
          ephemeral: request.getEphemeral(),
        });
        done(null, new emptyPb.Empty());
      },
    });
    const enginePort = await new Promise<number>((done, fail) => {
      engine.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
        error === null ? done(port) : fail(error),
      );
    });
    const child = spawn(process.execPath, [file, `127.0.0.1:${enginePort}`], {
      stdio: ["ignore", "pipe", "inherit"],
      env: environment,
    });
    const line = await new Promise<string>((done, fail) => {
      let text = "";
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        if (text.includes("\n")) done(text);
      });
      child.once("exit", (code) => fail(new Error(`the plugin ended before it printed its port (${code})`)));
    });
    if (!/^\d+\n$/.test(line)) throw new Error(`the plugin printed ${JSON.stringify(line)} and not its port alone`);
    return new Plugin(child, Number(line), engine, logs);
  }

  /** Sends a request; an error of the plugin is an outcome too. */
  async call(method: string, fields: Properties): Promise<Outcome> {
    const client = this.#client as unknown as Record<
      string,
      (request: Message, done: (error: ServiceError | null, answer: Message) => void) => void
    >;
    const name = `${method[0]?.toLowerCase() ?? ""}${method.slice(1)}`;
    const request = toMessage(method, fields);
    return new Promise((done) => {
      client[name]?.(request, (error, answer) => {
        if (error === null) return done({ response: fromMessage(answer) });
        const code = Object.entries(status).find(([, value]) => value === error.code)?.[0] ?? String(error.code);
        const partial = partialOf(error);
        return done({ error: { code, message: error.details }, ...(partial === undefined ? {} : { partial }) });
      });
    });
  }

  /** Ends the plugin as the engine does at the end of a run. */
  async stop(): Promise<void> {
    this.#client.close();
    this.#engine.forceShutdown();
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = new Promise<void>((done) => this.#process.once("exit", () => done()));
    this.#process.kill("SIGKILL");
    await gone;
  }
}
