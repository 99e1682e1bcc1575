import { join } from "node:path";
import { hosts, network, ports } from "../settings.ts";

/** A zone by its name without final dot, and the absolute path of its file. */
export interface ZoneFile {
  zone: string;
  file: string;
  /** Absolute path of the private key by which it is signed, PEM. */
  key?: string;
}

/** Template of a zone in the server's configuration. */
export function template({ key }: Pick<ZoneFile, "key">): "plain" | "signed" {
  return key === undefined ? "plain" : "signed";
}

/** Zone of the lab's own hosts. */
export const hostsZone = "cassiopea.test";

/** The lab's own zones, each by its name with its zone file. */
export const ownZones: readonly { zone: string; text: () => string }[] = [
  { zone: hostsZone, text: hostsZoneFile },
  // Of the name servers that the DNS API gives to zones: whoever asks them asks the lab.
  { zone: "ns.cloudflare.com", text: () => `${zoneHead("ns.cloudflare.com", "ada")}* A ${network.address}\n` },
];

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
    // One key for all, given from outside, as the service has it.
    "policy:",
    "  - id: given",
    "    manual: on",
    "    single-type-signing: on",
    "    algorithm: ecdsap256sha256",
    "template:",
    ...(["plain", "signed"] as const).flatMap((id) => [
      `  - id: ${id}`,
      "    zonefile-sync: -1",
      "    zonefile-load: whole",
      "    journal-content: none",
      ...(id === "signed" ? ["    dnssec-signing: on", "    dnssec-policy: given"] : []),
    ]),
    ...(zones.length === 0 ? [] : ["zone:"]),
    ...zones.flatMap((zone) => [
      `  - domain: ${quoted(`${zone.zone}.`)}`,
      `    template: ${template(zone)}`,
      `    file: ${quoted(zone.file)}`,
    ]),
    "",
  ].join("\n");
}

/** Path of the socket by which knotc(8) commands the server. */
export function controlSocket(folder: string): string {
  return join(folder, "run", "knot.sock");
}

/** The zone that names the lab's hosts, as a zone file. */
export function hostsZoneFile(): string {
  const names = hosts.map(({ name, address }) => `${name}. A ${address}\n`);
  return `${zoneHead(hostsZone, "ns1")}ns1 A ${network.address}\n${names.join("")}`;
}

function zoneHead(zone: string, server: string): string {
  return `$ORIGIN ${zone}.\n$TTL 60\n@ SOA ${server} hostmaster 1 3600 600 86400 60\n@ NS ${server}\n`;
}
