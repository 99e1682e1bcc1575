import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { publishZones, zonesFolder } from "../dns/knot.ts";
import { dnsAccount, ports } from "../settings.ts";
import { signingKey } from "./dnssec.ts";
import { type Rights, startEmulator } from "./server.ts";
import { type Store, writeWhole } from "./store.ts";
import { zoneFile } from "./zonefile.ts";

const usage =
  "main.ts --state <folder> --zones <folder> [--port 8788] [--token-file <file>] [--rate-limit <calls per 300 s>]";

/** Tokens of a file: one a line, each with what it may do (`read` or `edit`, edit unless said). */
function tokensOf(file: string): Map<string, Rights> {
  const lines = readFileSync(file, "utf8").split("\n");
  return new Map(
    lines
      .map((line) => line.trim().split(/\s+/))
      .filter(([token = ""]) => token !== "" && !token.startsWith("#"))
      .map(([token = "", rights]) => [token, rights === "read" ? "read" : "edit"]),
  );
}

/** Writes the zones whose serial isn't the one written last, removes the files of zones that are gone. */
function zoneWriter(folder: string): (store: Store) => void {
  const written = new Map<string, number>();
  return (store) => {
    const zones = [...store.zones.values()];
    for (const zone of zones) {
      if (written.get(zone.name) === zone.serial) continue;
      // The DNS server signs a zone that has a key beside its file.
      const key = signingKey(zone);
      if (key === undefined) rmSync(join(folder, `${zone.name}.pem`), { force: true });
      else writeWhole(join(folder, `${zone.name}.pem`), key);
      writeWhole(join(folder, `${zone.name}.zone`), zoneFile(store, zone));
      written.set(zone.name, zone.serial);
    }
    if (!existsSync(folder)) return;
    const names = new Set(zones.map(({ name }) => name));
    for (const file of readdirSync(folder)) {
      if (/\.(zone|pem)$/.test(file) && !names.has(file.replace(/\.(zone|pem)$/, ""))) rmSync(join(folder, file));
    }
    for (const name of written.keys()) if (!names.has(name)) written.delete(name);
  };
}

const { values } = parseArgs({
  options: {
    port: { type: "string", default: String(ports.dnsApi) },
    state: { type: "string" },
    zones: { type: "string" },
    "token-file": { type: "string" },
    "rate-limit": { type: "string" },
  },
});
const { state, zones } = values;
if (state === undefined || zones === undefined) {
  process.stderr.write(`usage: ${usage}\n`);
  process.exit(2);
}
const write = zoneWriter(zones);

/** A DNS server that is down must not fail the API: the next change publishes again. */
async function changed(folder: string, store: Store): Promise<void> {
  write(store);
  // The lab has one DNS server: zones of another folder, a test's for instance, would push the lab's out of it.
  if (resolve(folder) !== zonesFolder) return;
  try {
    await publishZones(folder);
  } catch (error) {
    process.stderr.write(`zones not published: ${(error as Error).message}\n`);
  }
}

const emulator = await startEmulator({
  state,
  port: Number(values.port),
  account: { id: dnsAccount, name: "Cassiopea" },
  ...(values["token-file"] === undefined ? {} : { tokens: tokensOf(values["token-file"]) }),
  ...(values["rate-limit"] === undefined
    ? {}
    : { rateLimit: { requests: Number(values["rate-limit"]), seconds: 300 } }),
  changed: (store) => changed(zones, store),
});
await changed(zones, emulator.store);
process.stdout.write(`${emulator.url}\n`);
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    void emulator.close().then(() => process.exit(0));
  });
}
