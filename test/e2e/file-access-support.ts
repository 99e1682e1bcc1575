import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rootFile } from "../../lab/acme/authority.ts";
import { type RunResult, run } from "../../lab/run.ts";
import type { LabHost } from "../../lab/settings.ts";
import { cassiopea } from "./support.ts";

/** A new key pair: where the private half is, and the public one as a member file has it. */
export async function makeKey(file: string): Promise<{ file: string; publicKey: string }> {
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file]);
  return { file, publicKey: readFileSync(`${file}.pub`, "utf8").trim() };
}

/** Has the command line hand over what a member needs to log in: what it said, and the passwords in it by login. */
export async function handOver(member: string, folder: string, ...args: string[]) {
  const { code, stdout, text } = await cassiopea(["handover", member, "--stack", "lab", "--members", folder, ...args]);
  if (code !== 0) throw new Error(text);
  const found = stdout.matchAll(/identifiant (\S+), mot de passe (\S+)/g);
  return { said: stdout, passwords: new Map([...found].map(([, login = "", password = ""]) => [login, password])) };
}

/** Debian's own clients of SFTP and FTPS, as a member would use them. */
export class FileClient {
  readonly host: LabHost;
  readonly folder: string;

  /** @param folder for what the clients keep: the host's key */
  constructor(host: LabHost, folder: string) {
    this.host = host;
    this.folder = folder;
  }

  #options(login: string): string[] {
    const options = [
      "StrictHostKeyChecking=accept-new",
      `UserKnownHostsFile=${join(this.folder, "known_hosts")}`,
      "IdentitiesOnly=yes",
      "IdentityAgent=none",
      "ConnectTimeout=10",
      "LogLevel=ERROR",
      "Port=2222",
      `User=${login}`,
    ];
    return ["-F", "none", ...options.flatMap((option) => ["-o", option])];
  }

  /** Runs lines of sftp(1) and stops at the first that fails. */
  async sftp(login: string, key: string, lines: readonly string[]): Promise<RunResult> {
    const batch = join(this.folder, "batch");
    writeFileSync(batch, `${lines.join("\n")}\n`);
    const args = [...this.#options(login), "-o", "BatchMode=yes", "-i", key, "-q", "-b", batch, this.host.address];
    return run("sftp", args, { check: false });
  }

  /** Asks for a command instead of files. */
  async ssh(login: string, key: string, command: string): Promise<RunResult> {
    return run("ssh", [...this.#options(login), "-o", "BatchMode=yes", "-i", key, this.host.address, command], {
      check: false,
    });
  }

  /** Ways to log in that the server offers. */
  async sftpMethods(login: string): Promise<string> {
    const args = [...this.#options(login), "-o", "PreferredAuthentications=none"];
    const { stderr } = await run("ssh", [...args, this.host.address], { check: false });
    return /Permission denied \((.*)\)/.exec(stderr)?.[1] ?? stderr;
  }

  /** Opens a session of SFTP and holds it; ready once the server has told its version. */
  hold(login: string, key: string): { ready: Promise<void>; ended: Promise<void>; isOpen: () => boolean } {
    const args = [...this.#options(login), "-o", "BatchMode=yes", "-i", key, "-s", this.host.address, "sftp"];
    const child = spawn("ssh", args, { stdio: ["pipe", "pipe", "ignore"] });
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    const ready = new Promise<void>((resolve, reject) => {
      child.stdout.once("data", () => resolve());
      child.once("exit", (code) => reject(new Error(`ssh ended with ${code}`)));
    });
    child.stdin.write(Uint8Array.of(0, 0, 0, 5, 1, 0, 0, 0, 3));
    return { ready, ended, isOpen: () => child.exitCode === null };
  }

  /** Asks for a path over FTPS (RFC 4217), the certificate verified by the host's name. */
  async ftps(login: string, password: string, path: string, options: readonly string[] = []): Promise<RunResult> {
    return this.#curl(login, password, path, ["--ssl-reqd", "--cacert", rootFile, ...options]);
  }

  /** The same in the clear. */
  async ftp(login: string, password: string, path: string): Promise<RunResult> {
    return this.#curl(login, password, path, []);
  }

  async #curl(login: string, password: string, path: string, options: readonly string[]): Promise<RunResult> {
    const { name, address } = this.host;
    const url = `ftp://${name}${path}`;
    const args = [
      "-sS",
      "--path-as-is",
      "--max-time",
      "30",
      "--resolve",
      `${name}:21:${address}`,
      "-K",
      "-",
      ...options,
    ];
    return run("curl", [...args, url], { input: `user = "${login}:${password}"\n`, check: false });
  }

  /** Serial number of the certificate that FTPS shows. */
  async certificate(): Promise<string> {
    const connect = `openssl s_client -connect ${this.host.address}:21 -starttls ftp </dev/null 2>/dev/null`;
    return (await run("sh", ["-c", `${connect} | openssl x509 -noout -serial`])).stdout;
  }
}
