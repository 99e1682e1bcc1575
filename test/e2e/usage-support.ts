import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootFile } from "../../lab/acme/authority.ts";
import { run } from "../../lab/run.ts";
import type { HostUsage } from "../../src/billing/host-usage.ts";
import { makeKey } from "./file-access-support.ts";
import { labHost, onHost, type Said } from "./support.ts";

export const [web1, web2] = [labHost("web1"), labHost("web2")];
export const domain = "ferme.example";
export const site = `/srv/hosting/ferme/sites/${domain}`;
export const log = "/var/log/hosting/ferme/traffic.log";
export const from = "2026-01-01";
const { file, publicKey } = await makeKey(join(mkdtempSync(join(tmpdir(), "cassiopea-key-")), "key"));
/** The private half of the key that the member's SFTP account has. */
export const keyFile = file;
export const said: Said = {
  number: 301,
  host: { web: "web1", database: "web1" },
  domains: [{ name: domain, from }],
  databases: [{ name: "site" }],
  options: [{ option: "ftpAccount", from }],
  accounts: [
    { kind: "sftp", keys: [publicKey] },
    { name: "files", kind: "ftps" },
  ],
};

/** `yyyy-mm` in Brussels, so many months ago. */
export function month(ago: number): string {
  const [year = 0, now = 0] = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Brussels" })
    .format(new Date())
    .split("-")
    .map(Number);
  return new Date(Date.UTC(year, now - 1 - ago, 1)).toISOString().slice(0, 7);
}

/** What the agent gives of a month. */
export async function measured(of = month(0)): Promise<HostUsage> {
  const { stdout } = await onHost(web1, `hosting-agent measure --month ${of} </dev/null`);
  return (JSON.parse(stdout) as { usage: HostUsage }).usage;
}

/** Bytes of the present month, as they are counted up to now. */
export const traffic = async () => (await measured()).members["ferme"]?.trafficBytes ?? -1;

/** The limit and the use of a member's group of quota, as btrfs says them. */
export async function group(uid: number): Promise<{ limit: string; used: string }> {
  const { stdout } = await onHost(web1, "sync -f /srv; btrfs qgroup show -re --raw /srv/hosting");
  const [, used = "", , limit = ""] =
    stdout
      .split("\n")
      .map((line) => line.split(/\s+/))
      .find(([id]) => id === `1/${uid}`) ?? [];
  return { limit, used };
}

/** What Debian's curl received, counted byte by byte: headers, and bodies in their chunks as they were sent. */
export async function received(urls: readonly string[], options: readonly string[] = ["--http1.1"]): Promise<number> {
  const led = [80, 443].flatMap((port) => ["--resolve", `${domain}:${port}:${web1.address}`]);
  const args = ["-sS", "--raw", "--include", "--cacert", rootFile, ...led, ...options, ...urls];
  const { stdout } = await run("sh", ["-c", 'curl "$@" | wc -c', "sh", ...args]);
  return Number(stdout);
}

/** Runs a line of shell as the member's user; never throws for its exit code. */
export const asMember = (command: string, input = "") =>
  onHost(web1, `runuser -u ferme -- sh -c '${command}'`, { check: false, input });
