import { canonical } from "../../src/document.ts";
import { mailHost, ownName } from "../../src/plan/own-zone.ts";
import type { DnsRecord, DomainPlan, Host, MemberPlan } from "../../src/plan/types.ts";
import { names, urns } from "../names.ts";
import { sameRecord } from "./records.ts";
import type { StateResource } from "./state.ts";

interface Common {
  urn: string;
  name: string;
}

/** A resource that the program registers, with what the runner has to know of it. */
export type Wanted = Common &
  (
    | { kind: "agent" | "identity" | "setUp" | "keys"; host: string }
    | { kind: "database"; host: string; member: string; database: string }
    | { kind: "document"; host: string; member: string; stdin: string }
    | { kind: "dnssec"; member: string; domain: string }
    | { kind: "zone"; member: string; domain: string }
    | { kind: "setting"; member: string; domain: string; setting: string; value: string }
    | { kind: "record"; member: string; domain: string; record: DnsRecord }
  );

/**
 * Everything that a stack's program registers at providers, by the same names (`names.ts`).
 * @param own the association's own zone, where it is this stack's
 */
export function wantedResources(
  stack: string,
  hosts: readonly Host[],
  plans: readonly MemberPlan[],
  own?: DomainPlan,
): Wanted[] {
  const of = urns(stack);
  const ofDomain = (member: string, { domain, records, settings = {} }: DomainPlan): Wanted[] => [
    { kind: "zone", member, domain, name: names.zone(domain), urn: of.zone(names.zone(domain)) },
    { kind: "dnssec", member, domain, name: names.dnssec(domain), urn: of.dnssec(names.dnssec(domain)) },
    ...Object.entries(settings).map(([setting, value]): Wanted => {
      const name = names.setting(domain, setting);
      return { kind: "setting", member, domain, setting, value, name, urn: of.setting(name) };
    }),
    ...records.map((record): Wanted => {
      const name = names.record(domain, record);
      return { kind: "record", member, domain, record, name, urn: of.record(name) };
    }),
  ];
  const onHosts = hosts.flatMap(({ host }): Wanted[] => [
    { kind: "agent", host, name: names.agent(host), urn: of.agent(names.agent(host)) },
    { kind: "identity", host, name: names.identity(host), urn: of.hostCommand(names.identity(host)) },
    { kind: "setUp", host, name: names.setUp(host), urn: of.hostCommand(names.setUp(host)) },
  ]);
  const ofMembers = plans.flatMap(({ member, databases, documents, domains }): Wanted[] => [
    ...databases.map(({ host, name: database }): Wanted => {
      const name = names.database(member, host, database);
      return { kind: "database", host, member, database, name, urn: of.database(name) };
    }),
    ...documents.map((document): Wanted => {
      const name = names.memberOnHost(member, document.host);
      return {
        kind: "document",
        host: document.host,
        member,
        stdin: canonical(document),
        name,
        urn: of.memberCommand(name),
      };
    }),
    ...domains.flatMap((domain) => ofDomain(member, domain)),
  ]);
  const keys = own === undefined ? [] : hosts.filter((host) => host === mailHost(hosts));
  return [
    ...onHosts,
    ...keys.map(({ host }): Wanted => {
      return { kind: "keys", host, name: names.keys(host), urn: of.hostCommand(names.keys(host)) };
    }),
    ...(own === undefined ? [] : ofDomain(ownName, own)),
    ...ofMembers,
  ];
}

/** What a run has to leave alone, so that the rest can be done. */
export interface LeftOut {
  /** Hosts that can't be reached. */
  hosts: ReadonlySet<string>;
  /** Members that can't be done, for another reason. */
  members: ReadonlySet<string>;
  /** URNs of records whose place somebody else's takes. */
  records: ReadonlySet<string>;
  /** The whole DNS. */
  dns: boolean;
}

/** The members that lack something when this is left out: those of a host that is down are left out with all they have. */
export function membersLeftOut(
  plans: readonly MemberPlan[],
  { hosts, members }: Pick<LeftOut, "hosts" | "members">,
): Set<string> {
  const lacking = plans.filter(
    (plan) => members.has(plan.member) || [...plan.documents, ...plan.databases].some(({ host }) => hosts.has(host)),
  );
  return new Set(lacking.map((plan) => plan.member));
}

/**
 * Resources to exclude from a run. Of a member with one host down the other host's documents are still applied,
 * but no name is pointed anywhere: DNS comes after all of the member's hosts.
 */
export function excluded(wanted: readonly Wanted[], plans: readonly MemberPlan[], leftOut: LeftOut): Wanted[] {
  const lacking = membersLeftOut(plans, leftOut);
  return wanted.filter((one) => {
    // The keys in the association's own zone come from a host.
    if ("domain" in one)
      return (
        leftOut.dns ||
        leftOut.records.has(one.urn) ||
        lacking.has(one.member) ||
        (one.member === ownName && (leftOut.hosts.size > 0 || leftOut.members.has(ownName)))
      );
    if (leftOut.hosts.has(one.host)) return true;
    return "member" in one && leftOut.members.has(one.member);
  });
}

/** Whether the state holds a resource as it is wanted, as far as that can be told without the engine. */
export function isDone(one: Wanted, held: StateResource | undefined): boolean {
  if (held === undefined) return false;
  if (one.kind === "document") return held.inputs?.["stdin"] === one.stdin;
  if (one.kind === "setting") return held.inputs?.["value"] === one.value;
  return one.kind !== "record" || sameRecord(one.record, held.inputs ?? {});
}
