import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { daemonPid, startDaemon, stopDaemon, waitFor } from "../daemon.ts";
import { withLock } from "../hosts/lock.ts";
import { type RunResult, run } from "../run.ts";
import { labFolder } from "../settings.ts";
import { controlSocket, knotConfig, ownZones, template, type ZoneFile } from "./config.ts";

const folder = join(labFolder, "dns");
const daemon = "dns";

/** Where the emulator of the DNS API writes `<zone>.zone`, each file whole by a rename. */
export const zonesFolder = join(folder, "zones");

/** Starts Knot on the bridge (which must be up) with the lab's own zones and what the zones folder holds. Idempotent. */
export async function startDns(from: string = zonesFolder): Promise<void> {
  await withLock("dns", async () => {
    if (daemonPid(daemon) !== undefined) return;
    for (const sub of ["run", "db", "zones"]) mkdirSync(join(folder, sub), { recursive: true });
    writeOwnZones();
    const configuration = join(folder, "knot.conf");
    const zones = zoneFiles(from);
    for (const zone of zones) await giveKey(zone);
    writeFileSync(`${configuration}.partial`, knotConfig(folder, zones));
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
 * Makes the running server serve exactly the zones of a folder beside the lab's own; returns when it answers from the files' content.
 * Does nothing while the server is stopped, since `startDns` reads the folder itself.
 * @throws when a zone's file is not valid; the zone's earlier content is served on, and all other zones are done
 */
export async function publishZones(from: string = zonesFolder): Promise<void> {
  await withLock("dns", async () => {
    if (daemonPid(daemon) === undefined) return;
    writeOwnZones();
    const wanted = zoneFiles(from);
    const served = await configuredZones();
    const names = new Set(wanted.map(({ zone }) => zone));
    const removed = [...served.keys()].filter((zone) => !names.has(zone));
    const changed = wanted.filter((zone) => served.get(zone.zone) !== `${zone.file} ${template(zone)}`);
    for (const zone of changed) await giveKey(zone);
    if (removed.length + changed.length > 0) await transaction(removed, changed, new Set(served.keys()));
    const reload = await knotc(["-b", "zone-reload", ...names], false);
    if (reload.code !== 0) {
      const said = `${reload.stderr}${reload.stdout}`.trim();
      throw new Error(`the DNS server refuses zones: ${said}; see ${join(labFolder, "run", "dns.log")}`);
    }
  });
}

function writeOwnZones(): void {
  for (const { zone, text } of ownZones) writeFileSync(join(folder, `${zone}.zone`), text());
}

/** Zones of a folder, and the lab's own unless the folder holds one of that name. */
export function zoneFiles(from: string): ZoneFile[] {
  const names = existsSync(from) ? readdirSync(from).filter((name) => name.endsWith(".zone")) : [];
  const zones = names.sort().map((name): ZoneFile => {
    const zone = name.slice(0, -".zone".length);
    const key = join(from, `${zone}.pem`);
    return { zone, file: join(from, name), ...(existsSync(key) ? { key } : {}) };
  });
  const own = ownZones.filter(({ zone }) => !zones.some((one) => one.zone === zone));
  return [...own.map(({ zone }) => ({ zone, file: join(folder, `${zone}.zone`) })), ...zones];
}

/** File and template of the zones in the running server's configuration, by name without final dot. */
async function configuredZones(): Promise<Map<string, string>> {
  const [files, templates] = [await settingOfZones("file"), await settingOfZones("template")];
  return new Map([...files].map(([zone, file]) => [zone, `${file} ${templates.get(zone) ?? ""}`]));
}

async function settingOfZones(setting: string): Promise<Map<string, string>> {
  const { stdout } = await knotc(["conf-read", `zone.${setting}`]);
  return new Map(
    stdout.split("\n").flatMap((line) => {
      const [, zone, value] = new RegExp(`^zone\\[(.+)\\.\\]\\.${setting} = "?(.*?)"?$`).exec(line.trim()) ?? [];
      return zone === undefined || value === undefined ? [] : [[zone, value] as const];
    }),
  );
}

async function transaction(
  removed: readonly string[],
  changed: readonly ZoneFile[],
  known: ReadonlySet<string>,
): Promise<void> {
  // One that a killed process left open would refuse this one.
  await knotc(["conf-abort"], false);
  await knotc(["conf-begin"]);
  try {
    for (const zone of removed) await knotc(["conf-unset", `zone[${zone}.]`]);
    for (const zone of changed) {
      const section = `zone[${zone.zone}.]`;
      if (!known.has(zone.zone)) await knotc(["conf-set", section]);
      await knotc(["conf-set", `${section}.template`, template(zone)]);
      await knotc(["conf-set", `${section}.file`, zone.file]);
    }
    await knotc(["conf-commit"]);
  } catch (error) {
    await knotc(["conf-abort"], false);
    throw error;
  }
}

/** Puts the key of a zone into the server's key store, in place of an earlier one. */
async function giveKey({ zone, key }: ZoneFile): Promise<void> {
  if (key === undefined) return;
  const store = join(folder, "db", "keys");
  const given = join(folder, "db", `${zone}.given`);
  const pem = readFileSync(key, "utf8");
  if (existsSync(given) && readFileSync(given, "utf8") === pem) return;
  mkdirSync(store, { recursive: true });
  const keymgr = (args: readonly string[], check = true) =>
    run("keymgr", ["-D", store, `${zone}.`, ...args], { check });
  const { stdout } = await keymgr(["list"], false);
  for (const [id] of stdout.matchAll(/^[0-9a-f]{40}\b/gm)) await keymgr(["delete", id]);
  await keymgr(["import-pem", key, "algorithm=13", "ksk=yes", "zsk=yes"]);
  writeFileSync(given, pem, { mode: 0o600 });
}

async function knotc(args: readonly string[], check = true): Promise<RunResult> {
  return run("knotc", ["-s", controlSocket(folder), "-t", "20", ...args], { check });
}
