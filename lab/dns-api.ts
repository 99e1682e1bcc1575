import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { answers } from "./apt.ts";
import { daemonPid, startDaemon, stopDaemon, waitFor } from "./daemon.ts";
import { zonesFolder } from "./dns/knot.ts";
import { labFolder, ports } from "./settings.ts";

const daemon = "dns-api";
const stateFolder = join(labFolder, "dns-api");

/** Starts the emulator of the DNS API on loopback; its zones survive a restart. Idempotent. */
export async function startDnsApi(): Promise<void> {
  mkdirSync(stateFolder, { recursive: true });
  mkdirSync(zonesFolder, { recursive: true });
  startDaemon(daemon, process.execPath, [
    join(import.meta.dirname, "cloudflare", "main.ts"),
    `--port=${ports.dnsApi}`,
    `--state=${stateFolder}`,
    `--zones=${zonesFolder}`,
    `--token-file=${join(labFolder, "keys", "dns-token")}`,
  ]);
  await waitFor("the emulator of the DNS API", async () => {
    if (daemonPid(daemon) === undefined) {
      throw new Error(`the emulator of the DNS API ended; see ${join(labFolder, "run", `${daemon}.log`)}`);
    }
    return answers("127.0.0.1", ports.dnsApi);
  });
}

/** Stops the emulator; its zones stay. Idempotent. */
export async function stopDnsApi(): Promise<void> {
  await stopDaemon(daemon);
}

/** Stops the emulator and forgets all its zones. */
export async function emptyDnsApi(): Promise<void> {
  await stopDnsApi();
  rmSync(stateFolder, { recursive: true, force: true });
}
