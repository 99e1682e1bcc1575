import { connect } from "node:net";
import { type AnyAuthMethod, type AuthenticationType, Client, type ConnectConfig, utils } from "ssh2";
import { dialTcp, joinHostPort, systemText } from "../net.ts";
import { type Engine, RpcError } from "../protocol.ts";
import { retryUntil } from "../retry.ts";

/** The connection of a remote resource, secrets unwrapped, as `Check` has let it pass. */
export interface Connection {
  host: string;
  user?: string;
  port?: number;
  password?: string;
  privateKey?: string;
  privateKeyPassword?: string;
  agentSocketPath?: string;
  hostKey?: string;
  dialErrorLimit?: number;
  perDialTimeout?: number;
  proxy?: unknown;
}

type Method = AnyAuthMethod & { type: AuthenticationType };

interface Plan {
  methods: Method[];
  hostKey: { type: string; data: Buffer } | undefined;
}

function parsePrivateKey(text: string, passphrase: string | undefined) {
  const key = utils.parseKey(text, passphrase);
  if (!(key instanceof Error)) return key;
  if (key.message.includes("no passphrase given")) throw new Error("ssh: this private key is passphrase protected");
  if (key.message.includes("bad passphrase")) throw new Error("x509: decryption password incorrect");
  throw new Error("ssh: no key found");
}

/** Go dials the agent before the host, and fails at once when it isn't there. */
async function proveAgent(path: string): Promise<void> {
  const socket = connect({ path });
  await new Promise<void>((done, fail) => {
    socket.once("connect", done);
    socket.once("error", (error) => fail(new Error(`dial unix ${path}: connect: ${systemText(error)}`)));
  });
  socket.destroy();
}

/** What can be known before the first dial; its failures are not retried. */
async function plan(connection: Connection): Promise<Plan> {
  const username = connection.user ?? "root";
  const methods: Method[] = [];
  if (connection.privateKey !== undefined) {
    methods.push({
      type: "publickey",
      username,
      key: parsePrivateKey(connection.privateKey, connection.privateKeyPassword),
    });
  }
  const { password } = connection;
  if (password !== undefined) {
    methods.push({ type: "password", username, password });
    methods.push({
      type: "keyboard-interactive",
      username,
      prompt: (_name, _instructions, _language, prompts, finish) => finish(prompts.map(() => password)),
    });
  }
  const agent = connection.agentSocketPath ?? process.env["SSH_AUTH_SOCK"] ?? "";
  if (agent !== "") {
    await proveAgent(agent);
    methods.push({ type: "agent", username, agent });
  }
  return { methods, hostKey: connection.hostKey === undefined ? undefined : parseHostKey(connection.hostKey) };
}

function parseHostKey(text: string): { type: string; data: Buffer } {
  const [type = "", blob = ""] = text.trim().split(/\s+/);
  const key = utils.parseKey(`${type} ${blob}`);
  if (key instanceof Error) {
    // Of a key pasted with a wrong blob only its presence matters: it then matches no host.
    const data = Buffer.from(blob, "base64");
    if (!/^(ssh|ecdsa)-/.test(type) || data.length === 0)
      throw new Error("failed to parse host key: ssh: no key found");
    return { type, data };
  }
  return { type: key.type, data: key.getPublicSSH() };
}

/** `publickey` is one method, whether the key is given or held by an agent. */
function wireName(type: AuthenticationType): string {
  return type === "agent" ? "publickey" : type;
}

/**
 * The order of x/crypto/ssh: `none` first, then each given method once, as long as the server offers it. A second
 * source of public keys (the agent beside a given key) is therefore never used.
 */
function authentication(
  methods: readonly Method[],
  username: string,
  tried: string[],
): NonNullable<ConnectConfig["authHandler"]> {
  return (offered, _partial, next) => {
    if (tried.length === 0) {
      tried.push("none");
      next({ type: "none", username });
      return;
    }
    const list = (offered ?? []) as string[];
    const method = methods.find(({ type }) => !tried.includes(wireName(type)) && list.includes(wireName(type)));
    if (method === undefined) {
      next(false as never);
      return;
    }
    tried.push(wireName(method.type));
    next(method);
  };
}

/** The text that Go would give for what ended a handshake. */
function handshakeText(error: Error & { level?: string; code?: unknown }, state: HandshakeState): string {
  if (state.mismatch) return "ssh: host key mismatch";
  if (error.level === "client-authentication") {
    return `ssh: unable to authenticate, attempted methods [${state.tried.join(" ")}], no supported methods remain`;
  }
  if (error.message.includes("no matching host key format") && state.offered !== undefined) {
    return `ssh: no common algorithm for host key; we offered: [${state.ours}], peer offered: [${state.offered.replaceAll(",", " ")}]`;
  }
  if (typeof error.code === "number") return `ssh: disconnect, reason ${error.code}: ${error.message}`;
  const ended = error.message.includes("lost before handshake") || error.message === "closed";
  // A server that hangs up without naming itself resets the connection when it gets the identification that Go sends at once.
  if (error.code === "ECONNRESET" || (ended && !state.identified))
    return `read tcp ${state.route}: read: connection reset by peer`;
  if (ended) return "EOF";
  return systemText(error);
}

interface HandshakeState {
  tried: string[];
  mismatch: boolean;
  ours: string;
  offered: string | undefined;
  route: string;
  /** whether the server has said that it speaks SSH; before that it may send lines of text */
  identified: boolean;
}

async function dialOnce(connection: Connection, { methods, hostKey }: Plan): Promise<Client> {
  const socket = await dialTcp(connection.host, connection.port ?? 22, (connection.perDialTimeout ?? 15) * 1000);
  const username = connection.user ?? "root";
  const state: HandshakeState = {
    tried: [],
    mismatch: false,
    ours: hostKey?.type ?? "",
    offered: undefined,
    route: `${joinHostPort(socket.localAddress ?? "", socket.localPort ?? 0)}->${joinHostPort(socket.remoteAddress ?? "", socket.remotePort ?? 0)}`,
    identified: false,
  };
  const client = new Client();
  return new Promise((done, fail) => {
    const refuse = (error: Error) => {
      client.end();
      socket.destroy();
      fail(new Error(`ssh: handshake failed: ${handshakeText(error, state)}`));
    };
    // These stay: a connection that ends after its use must not end the plugin, and a promise settles once only.
    client.on("error", refuse);
    client.on("close", () => refuse(new Error("closed")));
    client.once("ready", () => done(client));
    client.connect({
      sock: socket,
      username,
      authHandler: authentication(methods, username, state.tried),
      readyTimeout: 0,
      keepaliveInterval: 0,
      debug: (line) => {
        const match = /\(remote\) Host key format: (?<list>.*)/.exec(line);
        state.identified ||= line.startsWith("Remote ident:");
        if (match !== null) state.offered = match.groups?.["list"];
      },
      ...(hostKey === undefined ? {} : { algorithms: { serverHostKey: [hostKey.type as "ssh-ed25519"] } }),
      hostVerifier: (key: Buffer) => {
        state.mismatch = hostKey !== undefined && !key.equals(hostKey.data);
        return !state.mismatch;
      },
    });
  });
}

/**
 * Logs in to the host, again and again until `dialErrorLimit` failures are exceeded (-1: for ever).
 * @throws what Go would say; the code is `DeadlineExceeded` for a dial that timed out
 */
export async function dial(connection: Connection, engine: Engine, urn: string): Promise<Client> {
  if (connection.proxy !== undefined) throw new Error("the stand-in plugin can't connect through a proxy");
  const prepared = await plan(connection);
  const limit = connection.dialErrorLimit ?? 10;
  try {
    return await retryUntil(
      () => dialOnce(connection, prepared),
      (failures) => limit >= 0 && failures > limit,
      (failures) => engine.log("info", urn, `Dial ${failures}/${limit === -1 ? "inf" : limit} failed: retrying`, true),
    );
  } catch (error) {
    const message = `after ${limit} failed attempts: ${(error as Error).message}`;
    throw error instanceof RpcError ? new RpcError(error.code, message) : new Error(message);
  }
}
