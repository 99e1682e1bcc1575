import { connect as netConnect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Connection, createConnection, type QueryError } from "mysql2";
import { dialTcp, splitHostPort, systemText } from "../net.ts";
import { upgrade } from "./tls.ts";

/** What the provider was configured with. */
export interface ServerSettings {
  /** `host:port`, or the path of a socket */
  endpoint: string;
  username: string;
  password: string;
  tls: "true" | "false" | "skip-verify";
  /** 0: connections stay open until the plugin ends */
  maxConnLifetimeSec: number;
}

/** Seconds for which a connection is tried; the official plugin's 300 unless a test shortens them. */
const retrySeconds = Number(process.env["CASSIOPEA_STAND_IN_RETRY_SECONDS"] ?? 300);

/** An error of the server or of the network as go-sql-driver/mysql words it. */
function driverText(error: unknown): string {
  const { errno, sqlState, sqlMessage, code, message } = error as QueryError & { sqlMessage?: string };
  if (sqlMessage !== undefined) return `Error ${errno} (${sqlState ?? "HY000"}): ${sqlMessage}`;
  if (code === "HANDSHAKE_NO_SSL_SUPPORT") return "TLS requested but server does not support TLS";
  if (code === "PROTOCOL_CONNECTION_LOST" || code === "ECONNRESET" || code === "EPIPE") return "driver: bad connection";
  return message;
}

async function dialUnix(path: string): Promise<Socket> {
  const socket = netConnect({ path });
  await new Promise<void>((done, fail) => {
    socket.once("connect", done);
    socket.once("error", (error) => fail(new Error(`dial unix ${path}: connect: ${systemText(error)}`)));
  });
  return socket;
}

/** mysql2's own upgrade can't check the name of a host that is known by its address: replaced by ours. */
interface Upgradable {
  stream: Socket;
  packetParser: { execute(data: Buffer): void };
  startTLS(settled: (error?: Error) => void): void;
  _handleNetworkError(error: Error): void;
}

function upgradeWith(connection: Connection, host: string, verify: boolean): void {
  const inner = connection as unknown as Upgradable;
  inner.startTLS = (settled) => {
    inner.stream.removeAllListeners("data");
    const secure = upgrade(inner.stream, host, verify, settled);
    secure.on("error", (error) => inner._handleNetworkError(error));
    secure.on("data", (data: Buffer) => inner.packetParser.execute(data));
    inner.stream = secure;
  };
}

async function connectOnce(settings: ServerSettings): Promise<Connection> {
  const isPath = settings.endpoint.startsWith("/");
  const { host, port } = splitHostPort(settings.endpoint, 3306);
  const stream = isPath ? await dialUnix(settings.endpoint) : await dialTcp(host, port, 0);
  const connection = createConnection({
    stream,
    user: settings.username,
    password: settings.password,
    connectTimeout: 0,
    charset: "utf8mb4",
    rowsAsArray: true,
    ...(isPath ? {} : { host, port }),
    ...(settings.tls === "false" ? {} : { ssl: {} }),
  });
  upgradeWith(connection, isPath ? "" : host, settings.tls === "true");
  try {
    await new Promise<void>((done, fail) => {
      connection.connect((error) => (error === null ? done() : fail(error)));
    });
  } catch (error) {
    connection.destroy();
    throw new Error(driverText(error), { cause: error });
  }
  // A server that closes an idle connection must not end the plugin.
  connection.on("error", () => {});
  return connection;
}

/**
 * Connects as the official plugin does for each operation: any failure, a wrong password too, is tried again for five
 * minutes; the connection is never closed, unless a life time was set.
 * @throws the last failure in the words of go-sql-driver/mysql
 */
export async function connectToServer(settings: ServerSettings): Promise<Server> {
  const end = Date.now() + retrySeconds * 1000;
  for (let pauseMs = 500; ; pauseMs = Math.min(pauseMs * 2, 10_000)) {
    try {
      const connection = await connectOnce(settings);
      if (settings.maxConnLifetimeSec > 0)
        setTimeout(() => connection.end(), settings.maxConnLifetimeSec * 1000).unref();
      return new Server(connection);
    } catch (error) {
      if (Date.now() >= end)
        throw new Error(`Could not connect to server: ${(error as Error).message}`, { cause: error });
    }
    await sleep(Math.max(0, Math.min(pauseMs, end - Date.now())));
  }
}

/** An error that the server answered to a statement. */
export class StatementError extends Error {
  readonly errno: number;

  constructor(error: QueryError) {
    super(driverText(error), { cause: error });
    this.errno = error.errno ?? 0;
  }
}

/** A connection to a server. */
export class Server {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Runs one statement. @returns its rows as lists of values. @throws StatementError */
  async run(statement: string, values: readonly string[] = []): Promise<unknown[][]> {
    return new Promise((done, fail) => {
      this.#connection.query(statement, [...values], (error, rows) => {
        if (error === null) done(Array.isArray(rows) ? (rows as unknown[][]) : []);
        else fail(new StatementError(error));
      });
    });
  }
}

/** A name in backticks. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}
