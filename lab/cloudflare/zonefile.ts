import { textOf } from "./answers.ts";
import { quote, txtParts, txtStrings } from "./content.ts";
import type { DnsRecord, Store, Zone } from "./store.ts";

/** What the service answers for an automatic TTL. */
const automaticTtl = 300;

/** Types whose content ends in a host name. */
const targets = new Set(["CNAME", "MX", "NS", "PTR", "SRV"]);

function absolute(name: string): string {
  return name.endsWith(".") ? name : `${name}.`;
}

/** Other characters than ASCII as the decimals of their bytes (RFC 1035, 5.1). */
function ascii(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/gu, (letter) =>
    [...Buffer.from(letter)].map((byte) => `\\${String(byte).padStart(3, "0")}`).join(""),
  );
}

/** A record's data in the master file format. */
function data({ type, content, priority, data: fields }: DnsRecord): string {
  if (type === "TXT") return ascii(txtStrings(content).flatMap(txtParts).map(quote).join(" "));
  if (type === "HTTPS" || type === "SVCB") {
    const parameters = textOf(fields?.["value"]) ?? "";
    return `${Number(fields?.["priority"])} ${absolute(textOf(fields?.["target"]) ?? ".")} ${parameters}`.trim();
  }
  const head = priority === undefined ? "" : `${priority} `;
  return `${head}${targets.has(type) ? absolute(content) : content}`;
}

/** Addresses that stand for a CNAME at the apex: the target's, looked up in the zones held here. */
function flattened(store: Store, target: string, depth = 0): DnsRecord[] {
  const zone = [...store.zones.values()].find(({ name }) => target === name || target.endsWith(`.${name}`));
  const found = zone?.records.filter(({ name }) => name === target) ?? [];
  return found.flatMap((record) => {
    if (record.type === "A" || record.type === "AAAA") return [record];
    return record.type === "CNAME" && depth < 8 ? flattened(store, record.content, depth + 1) : [];
  });
}

/** The zone in the master file format (RFC 1035). Proxied records are served as they are: the lab has no proxy. */
export function zoneFile(store: Store, zone: Zone): string {
  const apex = absolute(zone.name);
  const [primary = "ns.invalid"] = zone.name_servers;
  const lines = [
    `${apex} 1800 IN SOA ${absolute(primary)} dns.cloudflare.com. ${zone.serial} 10000 2400 604800 1800`,
    ...zone.name_servers.map((name) => `${apex} 86400 IN NS ${absolute(name)}`),
  ];
  for (const record of zone.records) {
    const ttl = record.ttl === 1 ? automaticTtl : record.ttl;
    if (record.type === "CNAME" && record.name === zone.name) {
      for (const { type, content } of flattened(store, record.content)) {
        lines.push(`${apex} ${ttl} IN ${type} ${content}`);
      }
      continue;
    }
    lines.push(`${absolute(record.name)} ${ttl} IN ${record.type} ${data(record)}`);
  }
  return `${lines.join("\n")}\n`;
}
