import { getServers } from "node:dns";
import { lookup } from "node:dns/promises";
import { connect, isIP, type Socket } from "node:net";
import { status } from "@grpc/grpc-js";
import { RpcError } from "./wire.ts";

/** Texts of system errors as Go's standard library writes them. */
const systemTexts: Record<string, string> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset by peer",
  ECONNABORTED: "software caused connection abort",
  EHOSTUNREACH: "no route to host",
  ENETUNREACH: "network is unreachable",
  ETIMEDOUT: "connection timed out",
  EPIPE: "broken pipe",
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  ENOTDIR: "not a directory",
  EADDRNOTAVAIL: "cannot assign requested address",
};

/** Text of a system error as Go writes it; other errors keep their own message. */
export function systemText(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return systemTexts[code ?? ""] ?? message;
}

/** `host:port`, an IPv6 address in brackets. */
export function joinHostPort(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Splits `host:port`; without a port the given one counts. */
export function splitHostPort(address: string, defaultPort: number): { host: string; port: number } {
  const match = /^(?:\[(?<v6>[^\]]*)\]|(?<host>[^:]*))(?::(?<port>\d+))?$/.exec(address);
  if (match?.groups === undefined) return { host: address, port: defaultPort };
  const { v6, host, port } = match.groups;
  return { host: v6 ?? host ?? "", port: port === undefined ? defaultPort : Number(port) };
}

async function resolve(host: string): Promise<string> {
  if (isIP(host) !== 0) return host;
  try {
    return (await lookup(host)).address;
  } catch (error) {
    const server = getServers()[0] ?? "127.0.0.1";
    const resolver = isIP(server) === 0 ? server : joinHostPort(server, 53);
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      `dial tcp: lookup ${host} on ${resolver}: ${code === "ENOTFOUND" ? "no such host" : "server misbehaving"}`,
      { cause: error },
    );
  }
}

/**
 * Opens a TCP connection.
 * @param timeoutMs for the connect alone; 0 for none
 * @throws the text of Go's `net.Dial`; a time-out with code `DeadlineExceeded`
 */
export async function dialTcp(host: string, port: number, timeoutMs: number): Promise<Socket> {
  const address = await resolve(host);
  const shown = joinHostPort(address, port);
  const socket = connect({ host: address, port, noDelay: true });
  return new Promise((done, fail) => {
    const timer =
      timeoutMs > 0
        ? setTimeout(() => {
            socket.destroy();
            fail(new RpcError(status.DEADLINE_EXCEEDED, `dial tcp ${shown}: i/o timeout`));
          }, timeoutMs)
        : undefined;
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.removeAllListeners("error");
      done(socket);
    });
    socket.once("error", (error) => {
      clearTimeout(timer);
      fail(new Error(`dial tcp ${shown}: connect: ${systemText(error)}`));
    });
  });
}
