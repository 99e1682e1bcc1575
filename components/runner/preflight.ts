import type { Host } from "../../src/plan/types.ts";
import { names, urns } from "../names.ts";
import { sqlVerifier } from "../sql-verifier.ts";
import { type Adoption, adoption, domainsToList, hostsToList, type Listing } from "./adoption.ts";
import { type DnsApi, DnsApiError, dnsApi, type ListedRecord } from "./dns-api.ts";
import { listDatabases, loginFailure, SqlError, type Ssh } from "./hosts.ts";
import { readSecrets, type Secrets, type Session } from "./session.ts";
import type { StateResource } from "./state.ts";
import { texts } from "./texts.ts";

type State = ReadonlyMap<string, StateResource>;

/** Proves address, host key and login of each host, all at a time, within seconds. */
export async function checkLogins(
  hosts: readonly Host[],
  ssh: Ssh,
): Promise<{ down: Set<string>; problems: string[] }> {
  const problems: string[] = [];
  const down = new Set<string>();
  const login = async (host: Host) => {
    const result = await ssh.on(host, "exec true");
    if (result.code === 0) return;
    down.add(host.host);
    problems.push(loginFailure(host, result));
  };
  await Promise.all(hosts.map(login));
  return { down, problems: problems.sort() };
}

export interface Survey extends Adoption {
  problems: string[];
  /** Members that can't be done. */
  members: Set<string>;
  /** The DNS can't be done. */
  dns: boolean;
}

/**
 * Lists what exists where something is to change, and compares it with the state. Nothing is asked, and no secret decrypted,
 * when nothing is to change.
 * @param all list everything, whatever is to change
 * @param taken domain whose existing zone is taken over
 */
export async function survey(
  session: Session,
  state: State,
  down: ReadonlySet<string>,
  all: boolean,
  taken?: string,
): Promise<Survey> {
  const { wanted } = session;
  const domains = domainsToList(wanted, state, all);
  const hosts = hostsToList(wanted, state, all);
  const problems: string[] = [];
  const members = new Set<string>();
  const listing: Listing & { databases: Map<string, string[]>; records: Map<string, ListedRecord[]> } = {
    records: new Map(),
    databases: new Map(),
  };
  if (domains.size === 0 && hosts.size === 0) {
    return { ...adoption([], state, listing), problems, members, dns: false };
  }
  const secrets = await readSecrets(session);
  let dns = false;
  const listDns = async () => {
    if (domains.size === 0) return;
    try {
      Object.assign(listing, await listZones(session, dnsApi(secrets.dnsToken, session.settings.dns.baseUrl), domains));
    } catch (error) {
      if (!(error instanceof DnsApiError)) throw error;
      dns = true;
      problems.push(texts.dns[error.kind](error.message));
    }
  };
  const listSql = async (host: Host) => {
    const login = sqlLogin(session, host, state, secrets);
    if (!hosts.has(host.host) || down.has(host.host) || login === "replaced by this run") return;
    try {
      listing.databases.set(host.host, await listDatabases(host, secrets.sqlPassword, session.settings.caCertificate));
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      // Most likely a host before its first set-up: this run makes the login.
      if (login === "perhaps") return;
      problems.push(texts.sql(host.host, error.kind, error.message));
      for (const one of wanted) {
        if (one.kind === "database" && one.host === host.host && !state.has(one.urn)) members.add(one.member);
      }
    }
  };
  await Promise.all([listDns(), ...session.hosts.map(listSql)]);
  const compared = adoption(wanted, state, listing, taken);
  for (const { zone, records, competing } of compared.foreign) {
    problems.push(
      competing.length === 0
        ? texts.foreignZone(zone.domain, records.length, session.stack)
        : texts.competing(zone.domain, competing),
    );
    members.add(zone.member);
  }
  for (const { wanted: one, other } of compared.conflicts)
    problems.push(texts.conflict(one.record.name, one.record.type, `${other.type} ${other.content ?? ""}`));
  return { ...compared, problems, members, dns };
}

// What the state says of the administrator's SQL login. Without a state it may be there all the same: a killed run leaves
// databases behind and no trace of them, which only this listing finds.
function sqlLogin(
  { stack }: Session,
  host: Host,
  state: State,
  { sqlPassword }: Secrets,
): "there" | "perhaps" | "replaced by this run" {
  const document = state.get(urns(stack).hostCommand(names.setUp(host.host)))?.inputs?.["stdin"];
  if (typeof document !== "string") return "perhaps";
  return document.includes(sqlVerifier(sqlPassword)) ? "there" : "replaced by this run";
}

async function listZones(session: Session, api: DnsApi, domains: ReadonlySet<string>): Promise<Partial<Listing>> {
  await api.verify();
  const zones = await api.zones(session.settings.dns.accountId);
  const records = new Map<string, ListedRecord[]>();
  for (const zone of zones.filter(({ name }) => domains.has(name))) records.set(zone.id, await api.records(zone.id));
  return { zones, records };
}
