import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mysql from "mysql2/promise";
import type { Host } from "../../src/plan/types.ts";
import { type Finished, run } from "./process.ts";
import { texts } from "./texts.ts";

/** Runs lines on hosts with the OpenSSH client: pinned key, no question, nothing of the user's configuration. */
export interface Ssh {
  on: (host: Host, line: string, timeoutMs?: number, input?: string) => Promise<Finished>;
  /** Runs a line whose stdin comes from a file, or whose stdout goes into a new one, on the disk when it returns. */
  copy: (host: Host, line: string, files: { from?: string; to?: string }, timeoutMs: number) => Promise<Finished>;
  /** Removes what was written for it. */
  end: () => void;
}

const loginLimitMs = 10_000;

export function sshClient(hosts: readonly Host[], env: NodeJS.ProcessEnv): Ssh {
  const folder = mkdtempSync(join(tmpdir(), "cassiopea-ssh-"));
  const known = join(folder, "known_hosts");
  writeFileSync(
    known,
    hosts
      .map(({ address, port, hostKey }) => `${port === 22 ? address : `[${address}]:${port}`} ${hostKey}\n`)
      .join(""),
  );
  const options = {
    BatchMode: "yes",
    StrictHostKeyChecking: "yes",
    UserKnownHostsFile: known,
    GlobalKnownHostsFile: "/dev/null",
    HostKeyAlgorithms: "ssh-ed25519",
    UpdateHostKeys: "no",
    ConnectTimeout: "5",
    ControlMaster: "no",
    ControlPath: "none",
    LogLevel: "ERROR",
  };
  const flags = ["-F", "none", "-T", ...Object.entries(options).flatMap(([key, value]) => ["-o", `${key}=${value}`])];
  const call = ({ address, port, user }: Host, line: string) => [
    ...flags,
    "-p",
    String(port),
    `${user}@${address}`,
    line,
  ];
  return {
    on: async (host, line, timeoutMs = loginLimitMs, input = "") =>
      run("ssh", call(host, line), { env, timeoutMs, input }),
    copy: async (host, line, { from, to }, timeoutMs) => {
      const stdin = from === undefined ? undefined : openSync(from, "r");
      const stdout = to === undefined ? undefined : openSync(to, "w", 0o600);
      try {
        const done = await run("ssh", call(host, line), { env, timeoutMs, stdin, stdout });
        if (stdout !== undefined) fsyncSync(stdout);
        return done;
      } finally {
        for (const file of [stdin, stdout]) if (file !== undefined) closeSync(file);
      }
    },
    end: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export type LoginProblem = "host key" | "login" | "refused" | "unreachable" | "closed" | "other";

/** What the OpenSSH client's words mean. */
export function loginProblem({ code, stderr }: Finished): LoginProblem {
  if (/Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED|no matching host key type/.test(stderr))
    return "host key";
  if (/Permission denied/.test(stderr)) return "login";
  if (/Connection refused/.test(stderr)) return "refused";
  if (code === 124 || /timed out|No route to host|unreachable|Could not resolve/i.test(stderr)) return "unreachable";
  if (/Connection (closed|reset)|kex_exchange_identification/.test(stderr)) return "closed";
  return "other";
}

/** The words for a host that could not be logged in to. */
export function loginFailure({ host, address, port }: Host, result: Finished): string {
  const said = result.stderr.trim().split("\n").at(-1) ?? "";
  return texts.login(host, `${address}:${port}`, loginProblem(result), said);
}

/** Why a host's SQL server can't be used. */
export class SqlError extends Error {
  readonly kind: "password" | "down" | "other";
  constructor(kind: SqlError["kind"], message: string) {
    super(message);
    this.name = "SqlError";
    this.kind = kind;
  }
}

/** Names of all databases of a host, read with the login and the checks that the engine's plugin uses. @throws SqlError */
export async function listDatabases(host: Host, password: string, ca: string): Promise<string[]> {
  try {
    const connection = await mysql.createConnection({
      host: host.address,
      user: "pulumi",
      password,
      // The CA signs hosts of the association only. The client can't compare a certificate with an address, the plugin does.
      ssl: { ca, rejectUnauthorized: true },
      connectTimeout: 5000,
    });
    try {
      const [rows] = await connection.query({ sql: "SHOW DATABASES", rowsAsArray: true, timeout: 5000 });
      return (rows as unknown as string[][]).map(([name]) => name ?? "");
    } finally {
      connection.destroy();
    }
  } catch (error) {
    const { code = "", message = String(error) } = error as { code?: string; message?: string };
    const kind =
      code === "ER_ACCESS_DENIED_ERROR"
        ? "password"
        : /^E(CONN|TIMEDOUT|HOST|NET)|PROTOCOL_CONNECTION_LOST/.test(code)
          ? "down"
          : "other";
    throw new SqlError(kind, message || code);
  }
}
