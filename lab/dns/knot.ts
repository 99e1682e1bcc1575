import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { daemonPid, startDaemon, stopDaemon, waitFor } from "../daemon.ts";
import { withLock } from "../hosts/lock.ts";
import { type RunResult, run } from "../run.ts";
import { labFolder } from "../settings.ts";
import { controlSocket, hostsZone, hostsZoneFile, knotConfig, type ZoneFile } from "./config.ts";

const folder = join(labFolder, "dns");
const daemon = "dns";

/** Where the emulator of the DNS API writes `<zone>.zone`, each file whole by a rename. */
export const zonesFolder = join(folder, "zones");

/** Starts Knot on the bridge (which must be up) with the hosts' zone and what the zones folder holds. Idempotent. */
export async function startDns(from: string = zonesFolder): Promise<void> {
  await withLock("dns", async () => {
    if (daemonPid(daemon) !== undefined) return;
    for (const sub of ["run", "db", "zones"]) mkdirSync(join(folder, sub), { recursive: true });
    writeFileSync(join(folder, `${hostsZone}.zone`), hostsZoneFile());
    const configuration = join(folder, "knot.conf");
    writeFileSync(`${configuration}.partial`, knotConfig(folder, zoneFiles(from)));
    renameSync(`${configuration}.partial`, configuration);
    startDaemon(daemon, "knotd", ["-c", configuration]);
    await waitFor("the DNS server", async () => {
      if (daemonPid(daemon) === undefined) throw new Error(`knotd ended; see ${join(labFolder, "run", "dns.log")}`);
      return (await knotc(["status"], false)).code === 0;
    });
  });
}

/** Stops the DNS server; the zones' files stay. Idempotent. */
export async function stopDns(): Promise<void> {
  await stopDaemon(daemon);
}

/**
 * Makes the running server serve exactly the zones of a folder beside the hosts' own; returns when it answers from the files' content.
 * Does nothing while the server is stopped, since `startDns` reads the folder itself.
 * @throws when a zone's file is not valid; the zone's earlier content is served on, and all other zones are done
 */
export async function publishZones(from: string = zonesFolder): Promise<void> {
  await withLock("dns", async () => {
    if (daemonPid(daemon) === undefined) return;
    const wanted = new Map(zoneFiles(from).map(({ zone, file }) => [`${zone}.`, file]));
    const served = await configuredZones();
    const removed = [...served.keys()].filter((zone) => !wanted.has(zone));
    const changed = [...wanted].filter(([zone, file]) => served.get(zone) !== file);
    if (removed.length + changed.length > 0) await transaction(removed, changed, new Set(served.keys()));
    const reload = await knotc(["-b", "zone-reload", ...wanted.keys()], false);
    if (reload.code !== 0) {
      const said = `${reload.stderr}${reload.stdout}`.trim();
      throw new Error(`the DNS server refuses zones: ${said}; see ${join(labFolder, "run", "dns.log")}`);
    }
  });
}

/** Zones of a folder, and the hosts' own unless the folder holds a zone of that name. */
export function zoneFiles(from: string): ZoneFile[] {
  const names = existsSync(from) ? readdirSync(from).filter((name) => name.endsWith(".zone")) : [];
  const zones = names.sort().map((name) => ({ zone: name.slice(0, -".zone".length), file: join(from, name) }));
  if (zones.some(({ zone }) => zone === hostsZone)) return zones;
  return [{ zone: hostsZone, file: join(folder, `${hostsZone}.zone`) }, ...zones];
}

/** Files of the zones in the running server's configuration, by name with final dot. */
async function configuredZones(): Promise<Map<string, string>> {
  const { stdout } = await knotc(["conf-read", "zone.file"]);
  return new Map(
    stdout.split("\n").flatMap((line) => {
      const [, zone, file] = /^zone\[(.+)\]\.file = "?(.*?)"?$/.exec(line.trim()) ?? [];
      return zone === undefined || file === undefined ? [] : [[zone, file] as const];
    }),
  );
}

async function transaction(
  removed: readonly string[],
  changed: readonly (readonly [string, string])[],
  known: ReadonlySet<string>,
): Promise<void> {
  // One that a killed process left open would refuse this one.
  await knotc(["conf-abort"], false);
  await knotc(["conf-begin"]);
  try {
    for (const zone of removed) await knotc(["conf-unset", `zone[${zone}]`]);
    for (const [zone, file] of changed) {
      if (!known.has(zone)) await knotc(["conf-set", `zone[${zone}]`]);
      await knotc(["conf-set", `zone[${zone}].file`, file]);
    }
    await knotc(["conf-commit"]);
  } catch (error) {
    await knotc(["conf-abort"], false);
    throw error;
  }
}

async function knotc(args: readonly string[], check = true): Promise<RunResult> {
  return run("knotc", ["-s", controlSocket(folder), "-t", "20", ...args], { check });
}
