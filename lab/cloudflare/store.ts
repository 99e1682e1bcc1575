import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface DnsRecord {
  id: string;
  /** full name in lower case, without a final dot */
  name: string;
  type: string;
  content: string;
  proxied: boolean;
  ttl: number;
  settings?: Record<string, unknown>;
  comment: string | null;
  tags: string[];
  created_on: string;
  modified_on: string;
  comment_modified_on?: string;
  tags_modified_on?: string;
  priority?: number;
  data?: Record<string, unknown>;
}

export interface Dnssec {
  status: "active" | "pending" | "disabled" | "pending-disabled" | "error";
  dnssec_multi_signer: boolean;
  dnssec_presigned: boolean;
  dnssec_use_nsec3: boolean;
  modified_on: string | null;
  /** the zone's signing key; none before DNSSEC was asked for the first time */
  key?: { publicKey: string; privatePem: string; keyTag: number; digest: string };
}

export interface Zone {
  id: string;
  name: string;
  account: { id: string; name: string };
  status: "pending" | "active" | "initializing" | "moved";
  paused: boolean;
  type: "full" | "partial" | "secondary" | "internal";
  created_on: string;
  modified_on: string;
  activated_on: string | null;
  name_servers: string[];
  vanity_name_servers: string[];
  settings: Record<string, { value: unknown; modified_on: string | null }>;
  dnssec: Dnssec;
  /** serial of the zone's SOA, raised by each change */
  serial: number;
  records: DnsRecord[];
}

/** All zones, kept in memory and in one file each. */
export interface Store {
  folder: string;
  zones: Map<string, Zone>;
}

/** Writes a file so that a crash leaves the old one or the new one, never a part. */
export function writeWhole(file: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text, { mode });
  renameSync(temporary, file);
}

/** Opens the zones kept in a folder; what a crash left half-written is removed. */
export function openStore(folder: string): Store {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const zones = new Map<string, Zone>();
  for (const name of readdirSync(folder)) {
    if (name.endsWith(".tmp")) rmSync(join(folder, name));
    if (!name.endsWith(".json")) continue;
    const zone = JSON.parse(readFileSync(join(folder, name), "utf8")) as Zone;
    zones.set(zone.id, zone);
  }
  return { folder, zones };
}

/** Keeps a zone; its serial goes up, and never falls behind an earlier zone of the same name. */
export function keepZone(store: Store, zone: Zone): void {
  zone.serial = Math.max(zone.serial + 1, Math.floor(Date.now() / 1000));
  store.zones.set(zone.id, zone);
  writeWhole(join(store.folder, `${zone.id}.json`), JSON.stringify(zone), 0o600);
}

/** Forgets a zone and its records. */
export function dropZone(store: Store, id: string): void {
  store.zones.delete(id);
  rmSync(join(store.folder, `${id}.json`), { force: true });
}
