import type Cloudflare from "cloudflare";
import { type Answer, type Answered, type Call, paginate, refuse, textOf } from "./answers.ts";
import { isHostname } from "./content.ts";
import { noDnssec } from "./dnssec.ts";
import type { Maker } from "./records.ts";
import { dropZone, keepZone, type Store, type Zone } from "./store.ts";

/** Name servers that the service would assign; the lab's DNS server serves under these names. */
const nameServers = ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"];

const types = ["full", "partial", "secondary", "internal"] as const;
const typeOf = (asked: unknown) => types.find((one) => one === asked);

/** A zone as the service answers it. */
export type ShownZone = Answered<Cloudflare.Zones.Zone, "owner.id" | "tenant.id" | "tenant.name" | "tenant_unit.id">;

/** The zone as the API answers it, on the free plan. */
export function shownZone(zone: Zone): ShownZone {
  const { id, name, status, paused, type, created_on, modified_on, activated_on } = zone;
  // Named first: the service answers more than its client knows.
  const shown = {
    id,
    name,
    status,
    paused,
    type,
    development_mode: 0,
    name_servers: zone.name_servers,
    ...(zone.vanity_name_servers.length === 0 ? {} : { vanity_name_servers: zone.vanity_name_servers }),
    original_name_servers: ["ns1.old.example", "ns2.old.example"],
    original_registrar: null,
    original_dnshost: null,
    modified_on,
    created_on,
    activated_on,
    meta: { step: 2, custom_certificate_quota: 0, page_rule_quota: 3, phishing_detected: false },
    owner: { id: null, type: "user", email: null },
    account: zone.account,
    tenant: { id: null, name: null },
    tenant_unit: { id: null },
    permissions: ["#zone:read", "#zone:edit", "#dns_records:read", "#dns_records:edit"],
    plan: {
      id: "0feeeeeeeeeeeeeeeeeeeeeeeeeeeeee",
      name: "Free Website",
      price: 0,
      currency: "USD",
      frequency: "",
      is_subscribed: false,
      can_subscribe: false,
      legacy_id: "free",
      legacy_discount: false,
      externally_managed: false,
    },
  };
  return shown;
}

/** Zones by name, status and account, a page at a time (20 unless said). */
export function listZones(store: Store, { query }: Call, account: Zone["account"]): Answer {
  const name = query.get("name");
  const [how, wanted] = name?.includes(":") === true ? name.split(":") : ["equal", name ?? ""];
  const text = wanted?.toLowerCase() ?? "";
  const found = [...store.zones.values()].filter(
    (zone) =>
      zone.account.id === account.id &&
      (name === null || (how === "contains" ? zone.name.includes(text) : zone.name === text)) &&
      (query.get("status") ?? zone.status) === zone.status &&
      (query.get("account.id") ?? zone.account.id) === zone.account.id &&
      (query.get("account.name") ?? zone.account.name) === zone.account.name,
  );
  const order = query.get("order");
  if (order === "name" || order === "status" || order === null) {
    const key = order ?? "name";
    const sign = query.get("direction") === "desc" ? -1 : 1;
    found.sort((a, b) => sign * a[key].localeCompare(b[key]));
  }
  return paginate(found.map(shownZone), query, 20, 50);
}

/** A zone's name as the service keeps it; empty for what is no text. */
function nameOf(given: unknown): string {
  return (textOf(given) ?? "").toLowerCase().replace(/\.$/, "");
}

/** Makes a zone of an account; 1061 when there is one of that name. */
export function createZone(store: Store, body: Record<string, unknown>, account: Zone["account"], maker: Maker): Zone {
  const name = nameOf(body["name"]);
  if (!isHostname(name) || !name.includes(".")) throw refuse(400, 1099, `${name} is not a registered domain.`);
  const asked = (body["account"] as { id?: unknown } | undefined)?.id;
  if (asked !== undefined && asked !== account.id) {
    throw refuse(
      403,
      0,
      'Requires permission "com.cloudflare.api.account.zone.create" to create zones for the selected account',
    );
  }
  const type = typeOf(body["type"] ?? "full");
  if (type === undefined) throw refuse(400, 1019, "Invalid value for zone type.");
  if ([...store.zones.values()].some((zone) => zone.name === name)) {
    throw refuse(400, 1061, `${name} already exists.`);
  }
  const now = maker.now();
  return {
    id: maker.id(),
    name,
    account,
    status: "pending",
    type,
    paused: body["paused"] === true,
    created_on: now,
    modified_on: now,
    activated_on: null,
    name_servers: nameServers,
    vanity_name_servers: [],
    settings: {},
    dnssec: { ...noDnssec },
    serial: 0,
    records: [],
  };
}

/** Another customer of the service. */
const elsewhere: Zone["account"] = { id: "e".repeat(32), name: "Ailleurs" };

/** Has another customer take a name, or give it up: nobody else can make, see or change a zone of theirs. */
export function takeElsewhere(store: Store, given: unknown, taken: boolean, maker: Maker): void {
  if (taken) keepZone(store, createZone(store, { name: given }, elsewhere, maker));
  const name = nameOf(given);
  const held = [...store.zones.values()].find((zone) => zone.name === name && zone.account.id === elsewhere.id);
  if (!taken && held !== undefined) dropZone(store, held.id);
}

/** Changes what of a zone can be changed: paused, type, its own names for the name servers. */
export function changeZone(zone: Zone, body: Record<string, unknown>, maker: Maker): Answer {
  const { paused, type, vanity_name_servers: vanity } = body;
  if (paused !== undefined && typeof paused !== "boolean")
    throw refuse(400, 1012, "Request must contain a valid paused.");
  if (type !== undefined && typeOf(type) === undefined) throw refuse(400, 1019, "Invalid value for zone type.");
  if (paused !== undefined) zone.paused = paused;
  zone.type = typeOf(type) ?? zone.type;
  if (Array.isArray(vanity)) zone.vanity_name_servers = vanity.map(String);
  zone.modified_on = maker.now();
  return { result: shownZone(zone) };
}

/** Says that the delegation was found: what the service does by itself when the registrar has its name servers. */
export function activateZone(zone: Zone, maker: Maker): Answer {
  if (zone.status !== "active") zone.activated_on = maker.now();
  zone.status = "active";
  return { result: { id: zone.id } };
}
