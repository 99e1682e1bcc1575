import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { daemonPid, startDaemon, stopDaemon, waitFor } from "./daemon.ts";
import { withLock } from "./hosts/lock.ts";
import { run } from "./run.ts";
import { cache, labFolder, network, ports } from "./settings.ts";

const daemon = "apt-cache";

/** Where Debian's packages come from, as hosts and debootstrap name it; the cache passes nothing else on. */
export const mirrors = {
  debian: "http://deb.debian.org/debian",
  security: "http://deb.debian.org/debian-security",
};

/** The cache's address as a proxy. */
export const aptProxy = `http://${network.address}:${ports.aptCache}`;

/**
 * Configuration of apt-cacher-ng.
 * @param proxy what this machine itself reaches Debian's mirrors by, when it can't directly
 */
export function aptCacheConfig(folders: { cache: string; logs: string }, proxy?: string): string {
  const lines = [
    `CacheDir: ${folders.cache}`,
    `LogDir: ${folders.logs}`,
    `PidFile: ${join(folders.logs, "pid")}`,
    `BindAddress: ${network.address}`,
    `Port: ${ports.aptCache}`,
    "ForeGround: 1",
    "ReportPage:",
    // Only what is named below, so that a host can't reach other servers through the cache.
    "ForceManaged: 1",
    `Remap-debian: ${mirrors.debian} ; ${mirrors.debian}`,
    `Remap-security: ${mirrors.security} http://security.debian.org/debian-security ; ${mirrors.security}`,
    ...(proxy === undefined ? [] : [`Proxy: ${proxy}`]),
  ];
  return `${lines.join("\n")}\n`;
}

/** Starts the lab's own apt-cacher-ng on the bridge; the packaged service isn't used. Idempotent. */
export async function startAptCache(): Promise<void> {
  await withLock("apt-cache", async () => {
    if (daemonPid(daemon) !== undefined) return;
    const folders = { cache: join(cache, "apt"), logs: join(labFolder, "apt") };
    const configuration = join(folders.logs, "conf");
    for (const folder of [folders.cache, configuration]) mkdirSync(folder, { recursive: true });
    writeFileSync(join(configuration, "acng.conf"), aptCacheConfig(folders, await machineProxy()));
    startDaemon(daemon, "apt-cacher-ng", ["-c", configuration]);
    await waitFor("the apt cache", async () => {
      if (daemonPid(daemon) === undefined) throw new Error("apt-cacher-ng ended; see run/apt-cache.log");
      return answers(network.address, ports.aptCache);
    });
  });
}

/** Stops it; the packages stay cached. Idempotent. */
export async function stopAptCache(): Promise<void> {
  await stopDaemon(daemon);
}

/** The HTTP proxy that apt uses on this machine, from its configuration or the environment. */
async function machineProxy(): Promise<string | undefined> {
  const { stdout } = await run("apt-config", ["shell", "proxy", "Acquire::http::Proxy"]);
  const configured = /^proxy='(http[^']*)'/m.exec(stdout)?.[1];
  return configured ?? process.env["http_proxy"] ?? undefined;
}

/** Whether something listens at this TCP address. */
export function answers(address: string, port: number, timeoutMs = 500): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const end = (listens: boolean) => {
      socket.destroy();
      resolve(listens);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.once("connect", () => end(true)).once("error", () => end(false));
  });
}
