import { connect } from "node:net";
import { inspect } from "node:util";
import {
  credentials,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import enginePb from "@pulumi/pulumi/proto/engine_pb.js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { Message } from "google-protobuf";
import { handlers } from "./handlers.ts";
import { type Properties, RpcError } from "./wire.ts";

export * from "./wire.ts";

type Awaitable<T> = T | Promise<T>;

/** What every request about one resource (or the provider itself) carries. */
export interface Target {
  urn: string;
  /** logical name, `m` of `urn:…::command:remote:Command::m`; also when the engine leaves the field out */
  name: string;
  /** type token, `command:remote:Command` */
  type: string;
}

export interface CheckRequest extends Target {
  olds: Properties;
  news: Properties;
  randomSeed: Uint8Array;
  autonaming: { proposedName: string; mode: "propose" | "enforce" | "disable" } | undefined;
}

export interface CheckAnswer {
  inputs?: Properties;
  failures?: readonly { property?: string; reason: string }[];
}

export interface DiffRequest extends Target {
  id: string;
  /** outputs in the state */
  olds: Properties;
  news: Properties;
  oldInputs: Properties;
  ignoreChanges: readonly string[];
}

export type DiffKind = "ADD" | "ADD_REPLACE" | "DELETE" | "DELETE_REPLACE" | "UPDATE" | "UPDATE_REPLACE";

/** Fields left out are sent as absent; `{}` says nothing at all. */
export interface DiffAnswer {
  changes?: "DIFF_UNKNOWN" | "DIFF_NONE" | "DIFF_SOME";
  replaces?: readonly string[];
  stables?: readonly string[];
  diffs?: readonly string[];
  deleteBeforeReplace?: boolean;
  detailedDiff?: Readonly<Record<string, { kind: DiffKind; inputDiff?: boolean }>>;
  hasDetailedDiff?: boolean;
}

export interface ConfigureRequest {
  /** inputs of the provider, secrets wrapped */
  args: Properties;
  /** the same as `NAME:config:key`, plain texts */
  variables: Readonly<Record<string, string>>;
}

export interface ConfigureAnswer {
  acceptSecrets?: boolean;
  supportsPreview?: boolean;
  acceptResources?: boolean;
  acceptOutputs?: boolean;
  supportsAutonamingConfiguration?: boolean;
}

export interface CreateRequest extends Target {
  properties: Properties;
  preview: boolean;
  timeoutSeconds: number;
}

export interface ReadRequest extends Target {
  id: string;
  properties: Properties;
  inputs: Properties;
}

export interface UpdateRequest extends Target {
  id: string;
  olds: Properties;
  news: Properties;
  oldInputs: Properties;
  ignoreChanges: readonly string[];
  preview: boolean;
  timeoutSeconds: number;
}

export interface DeleteRequest extends Target {
  id: string;
  properties: Properties;
  oldInputs: Properties;
  timeoutSeconds: number;
}

/** An id and properties; an empty id with no properties says that the resource is gone (Read). */
export interface ReadAnswer {
  id?: string;
  properties?: Properties;
  inputs?: Properties;
}

/** A resource provider on plain values. A method left out answers `Unimplemented`, "method X not implemented". */
export interface Provider {
  version: string;
  checkConfig?(request: CheckRequest): Awaitable<CheckAnswer>;
  diffConfig?(request: DiffRequest): Awaitable<DiffAnswer>;
  configure(request: ConfigureRequest): Awaitable<ConfigureAnswer>;
  check(request: CheckRequest): Awaitable<CheckAnswer>;
  diff(request: DiffRequest): Awaitable<DiffAnswer>;
  create(request: CreateRequest): Awaitable<{ id: string; properties: Properties }>;
  read(request: ReadRequest): Awaitable<ReadAnswer>;
  update(request: UpdateRequest): Awaitable<{ properties: Properties }>;
  delete(request: DeleteRequest): Awaitable<void>;
  invoke?(request: {
    token: string;
    args: Properties;
  }): Awaitable<{ result?: Properties } & Pick<CheckAnswer, "failures">>;
  cancel?(): Awaitable<void>;
}

/** The engine's side: what a plugin may say to the person who runs it. */
export interface Engine {
  /** Shows a line beside the resource; `ephemeral` lines are progress only. A failure to log is ignored. */
  log(severity: "debug" | "info" | "warning" | "error", urn: string, message: string, ephemeral?: boolean): void;
}

const severities = {
  debug: enginePb.LogSeverity.DEBUG,
  info: enginePb.LogSeverity.INFO,
  warning: enginePb.LogSeverity.WARNING,
  error: enginePb.LogSeverity.ERROR,
};

/** Engines allow messages of any size, and so must a plugin: a document of some MB is one property. */
export const messageOptions = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

/** @returns the engine, and what waits until all that was logged has arrived there */
function engineAt(address: string | undefined): { engine: Engine; logged: () => Promise<void> } {
  if (address === undefined) return { engine: { log() {} }, logged: async () => {} };
  const client = new engineGrpc.EngineClient(address, credentials.createInsecure(), messageOptions);
  const pending = new Set<Promise<void>>();
  const engine: Engine = {
    log(severity, urn, message, ephemeral = false) {
      const request = new enginePb.LogRequest();
      request.setSeverity(severities[severity]);
      request.setUrn(urn);
      request.setMessage(message);
      request.setEphemeral(ephemeral);
      const { promise, resolve } = Promise.withResolvers<void>();
      pending.add(promise);
      client.log(request, () => {
        pending.delete(promise);
        resolve();
      });
    },
  };
  return {
    engine,
    logged: async () => {
      await Promise.all(pending);
    },
  };
}

/** Ends the plugin once the engine is gone, as the official plugins do every five minutes (rpcutil.Healthcheck). */
function endWithEngine(address: string | undefined): void {
  const port = Number(address?.split(":").at(-1));
  if (!Number.isInteger(port)) return;
  const host = address?.slice(0, address.lastIndexOf(":"));
  setInterval(() => {
    const socket = connect({ port, ...(host === undefined ? {} : { host }) });
    socket.once("connect", () => socket.destroy());
    socket.once("error", () => process.exit(0));
  }, 300_000).unref();
}

/** A thrown error as gRPC carries it. */
function toServiceError(error: unknown) {
  if (error instanceof RpcError) {
    const metadata = error.metadata === undefined ? {} : { metadata: error.metadata };
    return { code: error.code, details: error.message, ...metadata };
  }
  return { code: status.UNKNOWN, details: error instanceof Error ? error.message : String(error) };
}

function implementation(provider: Provider, logged: () => Promise<void>): UntypedServiceImplementation {
  const known = handlers(provider);
  const methods = Object.keys(providerGrpc.ResourceProviderService).map((method) => {
    const unimplemented = `method ${method[0]?.toUpperCase()}${method.slice(1)} not implemented`;
    const handle = known[method] ?? (() => Promise.reject(new RpcError(status.UNIMPLEMENTED, unimplemented)));
    return [
      method,
      async (call: ServerUnaryCall<Message, Message>, callback: sendUnaryData<Message>) => {
        let answer: Message;
        try {
          answer = await handle(call.request).finally(logged);
        } catch (error) {
          callback(toServiceError(error));
          return;
        }
        callback(null, answer);
      },
    ] as const;
  });
  return Object.fromEntries(methods);
}

/**
 * Serves a provider to the engine: listens on a free port of loopback, and prints the port alone as the first line of
 * stdout. The engine's address is the first argument that isn't an option. Errors outside a request are written to
 * stderr and don't end the process: connections of finished operations may fail at any time.
 */
export function serve(make: (engine: Engine) => Provider): void {
  process.on("uncaughtException", (error) => process.stderr.write(`${inspect(error)}\n`));
  process.on("unhandledRejection", (error) => process.stderr.write(`${inspect(error)}\n`));
  const address = process.argv.slice(2).find((argument) => !argument.startsWith("-"));
  const { engine, logged } = engineAt(address);
  const server = new Server(messageOptions);
  server.addService(providerGrpc.ResourceProviderService, implementation(make(engine), logged));
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) {
      process.stderr.write(`can't listen on loopback: ${error.message}\n`);
      process.exit(1);
    }
    process.stdout.write(`${port}\n`);
    endWithEngine(address);
  });
}
