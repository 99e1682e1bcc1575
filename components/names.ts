/**
 * Names of everything that the engine knows. They never change once deployed: a renamed resource is deleted and created
 * again. They hold stable ids only, never an address, an index, a price or a title. `test/components/urns.txt` is the golden list.
 */

/** Type tokens of the components. */
export const componentTypes = {
  member: "cassiopea:hosting:Member",
  host: "cassiopea:hosting:Host",
  domain: "cassiopea:dns:Domain",
} as const;

/** Type tokens of the providers' resources in use. */
export const resourceTypes = {
  command: "command:remote:Command",
  copy: "command:remote:CopyToRemote",
  database: "mysql:index/database:Database",
  zone: "cloudflare:index/zone:Zone",
  dnssec: "cloudflare:index/zoneDnssec:ZoneDnssec",
  record: "cloudflare:index/dnsRecord:DnsRecord",
  setting: "cloudflare:index/zoneSetting:ZoneSetting",
} as const;

/** Types that hold data of members: protected, retained, never deleted or replaced by a run. */
export const dataTypes: readonly string[] = [resourceTypes.database, resourceTypes.zone];

/** Project's name in Pulumi.yaml, part of every URN. */
export const projectName = "cassiopea";

/** Logical names. */
export const names = {
  host: (host: string) => `host/${host}`,
  agent: (host: string) => `host/${host}/agent`,
  identity: (host: string) => `host/${host}/identity`,
  setUp: (host: string) => `host/${host}/set-up`,
  keys: (host: string) => `host/${host}/keys`,
  sql: (host: string) => `host/${host}/sql`,
  member: (member: string) => member,
  memberOnHost: (member: string, host: string) => `${member}/host/${host}`,
  database: (member: string, host: string, database: string) => `${member}/db/${host}/${database}`,
  domain: (domain: string) => `domain/${domain}`,
  zone: (domain: string) => `domain/${domain}/zone`,
  dnssec: (domain: string) => `domain/${domain}/dnssec`,
  setting: (domain: string, id: string) => `domain/${domain}/setting/${id}`,
  record: (domain: string, record: { name: string; type: string; key: string }) =>
    `domain/${domain}/${record.name}/${record.type}/${record.key}`,
  /** Providers that serve the whole stack. */
  ssh: "ssh",
  dns: "dns",
} as const;

/** URN of a resource in a stack; `types` from the outermost component to the resource's own type. */
export function urn(stack: string, types: readonly string[], name: string): string {
  return `urn:pulumi:${stack}::${projectName}::${types.join("$")}::${name}`;
}

/** URNs by kind, as the program's components make them. */
export function urns(stack: string) {
  const of = (component: keyof typeof componentTypes, type: keyof typeof resourceTypes) => (name: string) =>
    urn(stack, [componentTypes[component], resourceTypes[type]], name);
  return {
    agent: of("host", "copy"),
    hostCommand: of("host", "command"),
    memberCommand: of("member", "command"),
    database: of("member", "database"),
    zone: of("domain", "zone"),
    dnssec: of("domain", "dnssec"),
    record: of("domain", "record"),
    setting: of("domain", "setting"),
  };
}
