import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import languageGrpc from "@pulumi/pulumi/proto/language_grpc_pb.js";

/** A program that the engine runs in this process. */
export interface ServedProgram {
  /** Where the engine finds it, for its option `--client`. */
  address: string;
  close: () => void;
}

/** One of the language runtime's methods; requests and answers pass through untouched. */
type Method = (call: ServerUnaryCall<unknown, unknown>, done: sendUnaryData<unknown>) => unknown;

/** What `@pulumi/pulumi` has for inline programs of its Automation API; not in its published types. */
interface LanguageServer {
  run: Method;
  getRequiredPlugins: Method;
  getPluginInfo: Method;
}

const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

/**
 * Serves a Pulumi program to the engine from this process, as the Automation API does for inline programs: what was checked here is
 * what gets registered, and no second process reads it all again.
 * The SDK is loaded while the engine starts.
 */
export async function serveProgram(program: () => Promise<void>): Promise<ServedProgram> {
  const server = new Server(unlimited);
  let loaded: Promise<LanguageServer> | undefined;
  const on =
    (method: keyof LanguageServer): Method =>
    async (call, done) => {
      loaded ??= languageServer(program);
      (await loaded)[method](call, done);
    };
  server.addService(languageGrpc.LanguageRuntimeService, {
    run: on("run"),
    getRequiredPlugins: on("getRequiredPlugins"),
    getPluginInfo: on("getPluginInfo"),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

async function languageServer(program: () => Promise<void>): Promise<LanguageServer> {
  const module = (await import("@pulumi/pulumi/automation/server.js")) as unknown as {
    LanguageServer: new (program: () => Promise<void>) => LanguageServer;
  };
  return new module.LanguageServer(program);
}
