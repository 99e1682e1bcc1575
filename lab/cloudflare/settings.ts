import { type Answer, refuse } from "./answers.ts";
import type { Zone } from "./store.ts";

type Allowed = readonly unknown[] | ((value: unknown) => boolean);
interface Setting {
  initial: unknown;
  allowed: Allowed;
}

const onOff = ["on", "off"];
const switchOf = (initial: string): Setting => ({ initial, allowed: onOff });

function isSecurityHeader(value: unknown): boolean {
  const header = (value as { strict_transport_security?: unknown } | null)?.strict_transport_security;
  return typeof header === "object" && header !== null;
}

/** Settings of a zone with their values on the free plan, and what each accepts. */
const settings: Readonly<Record<string, Setting>> = {
  "0rtt": switchOf("off"),
  always_online: switchOf("off"),
  always_use_https: switchOf("off"),
  automatic_https_rewrites: switchOf("on"),
  brotli: switchOf("on"),
  browser_cache_ttl: { initial: 14_400, allowed: (value) => Number.isInteger(value) && (value as number) >= 0 },
  browser_check: switchOf("on"),
  cache_level: { initial: "aggressive", allowed: ["aggressive", "basic", "simplified"] },
  challenge_ttl: { initial: 1800, allowed: (value) => Number.isInteger(value) && (value as number) >= 300 },
  ciphers: { initial: [], allowed: (value) => Array.isArray(value) },
  cname_flattening: { initial: "flatten_at_root", allowed: ["flatten_at_root", "flatten_all"] },
  development_mode: switchOf("off"),
  early_hints: switchOf("off"),
  email_obfuscation: switchOf("on"),
  hotlink_protection: switchOf("off"),
  http2: switchOf("on"),
  http3: switchOf("on"),
  ip_geolocation: switchOf("on"),
  ipv6: switchOf("on"),
  min_tls_version: { initial: "1.0", allowed: ["1.0", "1.1", "1.2", "1.3"] },
  opportunistic_encryption: switchOf("on"),
  opportunistic_onion: switchOf("on"),
  privacy_pass: switchOf("on"),
  pseudo_ipv4: { initial: "off", allowed: ["off", "add_header", "overwrite_header"] },
  rocket_loader: switchOf("off"),
  security_header: {
    initial: {
      strict_transport_security: {
        enabled: false,
        max_age: 0,
        include_subdomains: false,
        preload: false,
        nosniff: false,
      },
    },
    allowed: isSecurityHeader,
  },
  security_level: {
    initial: "medium",
    allowed: ["off", "essentially_off", "low", "medium", "high", "under_attack"],
  },
  server_side_exclude: switchOf("on"),
  ssl: { initial: "full", allowed: ["off", "flexible", "full", "strict"] },
  tls_1_3: { initial: "on", allowed: ["on", "off", "zrt"] },
  tls_client_auth: switchOf("off"),
  websockets: switchOf("on"),
};

function shown(zone: Zone, id: string): Record<string, unknown> {
  const known = settings[id];
  if (known === undefined) throw refuse(400, 1006, "Unrecognized zone setting name");
  const { value, modified_on } = zone.settings[id] ?? { value: known.initial, modified_on: null };
  return { id, value, editable: true, modified_on };
}

/** All settings of a zone. */
export function listSettings(zone: Zone): Answer {
  return { result: Object.keys(settings).map((id) => shown(zone, id)) };
}

/** One setting; 1006 for a name that doesn't exist. */
export function getSetting(zone: Zone, id: string): Answer {
  return { result: shown(zone, id) };
}

/** Changes a setting; 1007 for a value that it doesn't accept. */
export function changeSetting(zone: Zone, id: string, value: unknown, now: string): Answer {
  shown(zone, id);
  const allowed = settings[id]?.allowed ?? [];
  if (!(typeof allowed === "function" ? allowed(value) : allowed.includes(value))) {
    throw refuse(400, 1007, `Invalid value for zone setting ${id}`);
  }
  zone.settings[id] = { value, modified_on: now };
  return { result: shown(zone, id) };
}
