import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { daemonPid, startDaemon, stopDaemon, waitFor } from "./daemon.ts";
import { withLock } from "./hosts/lock.ts";
import { run } from "./run.ts";
import { hosts, labFolder } from "./settings.ts";

const agentDaemon = "ssh-agent";

/** Roots that this machine trusts, as Debian's ca-certificates lays them. */
const systemRoots = "/etc/ssl/certs/ca-certificates.crt";

/** Keys and secrets of the lab. Everything in `*File` and `sshAuthSock` is a path; certificates and keys are PEM. */
export interface Keys {
  sshAuthSock: string;
  identityFile: string;
  /** `ssh-ed25519 AAAA…`. */
  publicKey: string;
  /** By short name, `ssh-ed25519 AAAA…`. */
  hostKeys: Record<string, string>;
  /** The association's CA; the key is RSA in PKCS#8, because host certificates need a deterministic signature. */
  ca: { certificate: string; key: string };
  sqlPassword: string;
  dnsToken: string;
  passphraseFile: string;
  /** The system's roots and the CA. */
  trustFile: string;
  knownHostsFile: string;
}

/** Private key of a host's sshd, OpenSSH format. */
export function hostKeyFile(host: string, folder: string = join(labFolder, "keys")): string {
  return join(folder, `host-${host}`);
}

/** Generates what is missing below `<lab>/keys`, runs the SSH agent with the client key in it, and returns all. Idempotent. */
export async function ensureKeys(): Promise<Keys> {
  return withLock("keys", async () => {
    const keys = await generateKeys(join(labFolder, "keys"));
    await ensureSshAgent(keys);
    return keys;
  });
}

/** Ends the SSH agent; the keys stay. Idempotent. */
export async function stopSshAgent(): Promise<void> {
  await stopDaemon(agentDaemon);
  rmSync(join(labFolder, "keys", "agent.sock"), { force: true });
}

/** Generates what is missing in `folder` (0700); what is there is never replaced. */
export async function generateKeys(folder: string): Promise<Keys> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = (name: string) => join(folder, name);
  const secret = async (name: string) =>
    // 40 characters, the least that Cloudflare's provider takes for an API token.
    (await once(file(name), async () => `${randomBytes(30).toString("base64url")}\n`)).trim();

  const identityFile = file("id_ed25519");
  const publicKey = await sshKey(identityFile, "cassiopea-lab");
  const hostKeys: Record<string, string> = {};
  for (const { host } of hosts) hostKeys[host] = await sshKey(hostKeyFile(host, folder), host);

  const key = await once(file("ca.key"), async () => {
    return (await run("openssl", ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"])).stdout;
  });
  const certificate = await once(file("ca.crt"), async () => {
    const subject = ["-subj", "/CN=Cassiopea lab CA", "-addext", "keyUsage=critical,keyCertSign,cRLSign"];
    const made = await run("openssl", ["req", "-x509", "-key", file("ca.key"), "-sha256", "-days", "3650", ...subject]);
    return made.stdout;
  });

  const knownHostsFile = file("known_hosts");
  replace(knownHostsFile, hosts.map(({ host, name, address }) => `${name},${address} ${hostKeys[host]}\n`).join(""));
  const trustFile = file("trust.pem");
  const system = existsSync(systemRoots) ? `${readFileSync(systemRoots, "utf8").trimEnd()}\n` : "";
  replace(trustFile, `${system}${certificate}`);
  const sqlPassword = await secret("sql-password");
  const dnsToken = await secret("dns-token");
  await secret("passphrase");
  return {
    sshAuthSock: file("agent.sock"),
    identityFile,
    publicKey,
    hostKeys,
    ca: { certificate, key },
    sqlPassword,
    dnsToken,
    passphraseFile: file("passphrase"),
    trustFile,
    knownHostsFile,
  };
}

/** Content of a file that is made at most once, and appears whole or not at all even when the maker is killed. */
async function once(file: string, make: () => Promise<string>): Promise<string> {
  if (!existsSync(file)) {
    const partial = `${file}.${process.pid}.partial`;
    writeFileSync(partial, await make(), { mode: 0o600 });
    linkSync(partial, file);
    rmSync(partial);
  }
  return readFileSync(file, "utf8");
}

/** Writes a file whole unless it is so already: other processes read it at any time. */
function replace(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  writeFileSync(`${file}.${process.pid}.partial`, text);
  renameSync(`${file}.${process.pid}.partial`, file);
}

/** An ed25519 key for SSH at `file`; returns its public half without comment. */
async function sshKey(file: string, comment: string): Promise<string> {
  await once(file, async () => {
    const draft = `${file}.draft`;
    for (const stale of [draft, `${draft}.pub`]) rmSync(stale, { force: true });
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", draft]);
    const key = readFileSync(draft, "utf8");
    for (const made of [draft, `${draft}.pub`]) rmSync(made);
    return key;
  });
  const line = await once(`${file}.pub`, async () => (await run("ssh-keygen", ["-y", "-f", file])).stdout);
  return line.trim().split(" ").slice(0, 2).join(" ");
}

/** An agent of OpenSSH at a fixed socket with the client key loaded. */
async function ensureSshAgent({ sshAuthSock, identityFile, publicKey }: Keys): Promise<void> {
  if (daemonPid(agentDaemon) === undefined) {
    rmSync(sshAuthSock, { force: true });
    startDaemon(agentDaemon, "ssh-agent", ["-D", "-a", sshAuthSock]);
    await waitFor("the SSH agent", async () => existsSync(sshAuthSock));
  }
  const env = { ...process.env, SSH_AUTH_SOCK: sshAuthSock };
  const { stdout } = await run("ssh-add", ["-L"], { env, check: false });
  if (!stdout.includes(publicKey)) await run("ssh-add", ["-q", identityFile], { env });
}
