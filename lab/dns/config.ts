import { join } from "node:path";
import { hosts, network, ports } from "../settings.ts";

/** A zone by its name without final dot, and the absolute path of its file. */
export interface ZoneFile {
  zone: string;
  file: string;
}

/** Zone of the lab's own hosts. */
export const hostsZone = "cassiopea.test";

/** knot.conf(5): answers on the bridge, keeps nothing but what the zone files say. */
export function knotConfig(folder: string, zones: readonly ZoneFile[]): string {
  const quoted = (text: string) => JSON.stringify(text);
  return [
    "server:",
    `    rundir: ${quoted(join(folder, "run"))}`,
    `    listen: ${network.address}@${ports.dns}`,
    '    version: ""',
    '    identity: ""',
    "    udp-workers: 1",
    "    tcp-workers: 1",
    "    background-workers: 1",
    "database:",
    `    storage: ${quoted(join(folder, "db"))}`,
    "control:",
    `    listen: ${quoted(controlSocket(folder))}`,
    "log:",
    "  - target: stderr",
    "    any: info",
    "template:",
    "  - id: default",
    "    zonefile-sync: -1",
    "    zonefile-load: whole",
    "    journal-content: none",
    ...(zones.length === 0 ? [] : ["zone:"]),
    ...zones.flatMap(({ zone, file }) => [`  - domain: ${quoted(`${zone}.`)}`, `    file: ${quoted(file)}`]),
    "",
  ].join("\n");
}

/** Path of the socket by which knotc(8) commands the server. */
export function controlSocket(folder: string): string {
  return join(folder, "run", "knot.sock");
}

/** The zone that names the lab's hosts, as a zone file. */
export function hostsZoneFile(): string {
  return [
    `$ORIGIN ${hostsZone}.`,
    "$TTL 60",
    `@ SOA ns1 hostmaster 1 3600 600 86400 60`,
    "@ NS ns1",
    `ns1 A ${network.address}`,
    ...hosts.map(({ name, address }) => `${name}. A ${address}`),
    "",
  ].join("\n");
}
