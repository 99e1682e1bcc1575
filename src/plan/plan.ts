import { type MemberDocument, SCHEMA } from "../document.ts";
import type { Member } from "../load.ts";
import { facts } from "../member/facts.ts";
import { fullName } from "../member/names.ts";
import { inService } from "../member/service.ts";
import { accountsOf, databaseUsersOf } from "./access.ts";
import { type Allowance, allowance } from "./allowance.ts";
import { hostFor, type Role } from "./place.ts";
import { domainPlan } from "./records.ts";
import { sitesOf } from "./sites.ts";
import { softwareOf } from "./software.ts";
import type { DomainPlan, Host, MemberPlan } from "./types.ts";

export interface PlanSettings {
  /** Host of members that roles and their file don't place. */
  defaultHost?: string | undefined;
  /** `yyyy-mm-dd`; without it the plan is that of the end state: everything without a last day. */
  today?: string | undefined;
  /** Public chains of bought certificates, PEM by site. */
  chains?: ReadonlyMap<string, string> | undefined;
}

/**
 * Everything that follows from one member's declaration. Pure and deterministic; sorted.
 * @throws Error when the member can't be placed; `checkPlaces` reports that beforehand
 */
export function plan(member: Member, hosts: readonly Host[], settings: PlanSettings = {}): MemberPlan {
  const { declaration, id } = member;
  const { today, defaultHost, chains } = settings;
  const documents: MemberDocument[] = [];
  const databases: MemberPlan["databases"] = [];
  if (hasHosting(member)) {
    const web = placed(member, "web", hosts, defaultHost);
    const onDatabase = placed(member, "database", hosts, defaultHost);
    // A database that was ever declared stays registered: what is not registered would count as deleted.
    const declared = declaration.databases ?? [];
    databases.push(...declared.map(({ name }) => ({ host: onDatabase.host, name: fullName(id, name) })));
    const usable = declared.filter((database) => inService(database, today)).map(({ name }) => fullName(id, name));
    const names = [...new Set([web.host, onDatabase.host])];
    for (const host of names) {
      documents.push(
        memberDocument(member, host, {
          sites: host === web.host ? sitesOf(declaration, today, chains) : [],
          databases: host === onDatabase.host ? usable : [],
          databaseUsers: host === onDatabase.host ? databaseUsersOf(member, today) : [],
          accounts: host === web.host ? accountsOf(member, today) : [],
          software: host === web.host ? softwareOf(member, today) : [],
          allowed: host === web.host ? allowance(declaration, today) : undefined,
        }),
      );
    }
  }
  const domains = [
    ...new Set((declaration.domains ?? []).filter(({ dns }) => dns !== "elsewhere").map(({ name }) => name)),
  ]
    .sort()
    .map((name) => planDomain(member, name, hosts, settings));
  return {
    member: id,
    documents: documents.sort((a, b) => (a.host < b.host ? -1 : 1)),
    databases: databases.sort((a, b) => (a.name < b.name ? -1 : 1)),
    domains,
    facts: facts(member),
  };
}

/**
 * The records of one of a member's domains, wherever its DNS is.
 * @throws Error when the member can't be placed; `checkPlaces` reports that beforehand
 */
export function planDomain(
  member: Member,
  name: string,
  hosts: readonly Host[],
  { defaultHost, today }: PlanSettings = {},
): DomainPlan {
  const servers = {
    web: hasHosting(member) ? placed(member, "web", hosts, defaultHost) : undefined,
    mail: offered(member, "mail", hosts, defaultHost),
    lists: offered(member, "lists", hosts, defaultHost),
  };
  return domainPlan(member, name, servers, today);
}

function hasHosting({ declaration }: Member): boolean {
  return (declaration.packs ?? []).some(({ pack }) => pack === "autonomous" || pack === "assisted");
}

/**
 * Plans of all members. A domain that passed from one member to another is in the plan of who has it now only, which comes after
 * the former's: the former member's file keeps its ended entry, for the bill.
 */
export function planAll(members: readonly Member[], hosts: readonly Host[], settings: PlanSettings = {}): MemberPlan[] {
  const plans = members.map((member) => plan(member, hosts, settings));
  const having = new Map<string, MemberPlan[]>();
  for (const one of plans)
    for (const { domain } of one.domains) having.set(domain, [...(having.get(domain) ?? []), one]);
  const declarations = new Map(members.map(({ id, declaration }) => [id, declaration]));
  const holds = ({ member }: MemberPlan, domain: string) =>
    (declarations.get(member)?.domains ?? []).some(
      (entry) => entry.name === domain && inService(entry, settings.today),
    );
  const holder = (domain: string) => {
    const [first, ...others] = having.get(domain) ?? [];
    return others.find((one) => holds(one, domain)) ?? first;
  };
  return plans.map((one) => {
    const domains = one.domains.filter(({ domain }) => holder(domain) === one);
    const former = domains.flatMap(({ domain }) => (having.get(domain) ?? []).filter((other) => other !== one));
    const after = [...new Set(former.map(({ member }) => member))].sort();
    return { ...one, ...(after.length === 0 ? {} : { after }), domains };
  });
}

/** Plans with those first that others come after. Members that exchange domains come in their own order. */
export function inOrder(plans: readonly MemberPlan[]): MemberPlan[] {
  const byMember = new Map(plans.map((one) => [one.member, one]));
  const ordered = new Set<MemberPlan>();
  const seen = new Set<MemberPlan>();
  const add = (one: MemberPlan) => {
    if (seen.has(one)) return;
    seen.add(one);
    for (const member of one.after ?? []) {
      const former = byMember.get(member);
      if (former !== undefined) add(former);
    }
    ordered.add(one);
  };
  for (const one of plans) add(one);
  return [...ordered];
}

function offered(
  member: Member,
  role: Role,
  hosts: readonly Host[],
  defaultHost: string | undefined,
): Host | undefined {
  const found = hostFor(member, role, hosts, defaultHost);
  return "host" in found ? found : undefined;
}

function placed(member: Member, role: Role, hosts: readonly Host[], defaultHost: string | undefined): Host {
  const found = hostFor(member, role, hosts, defaultHost);
  if ("host" in found) return found;
  throw new Error(`${member.id}: ${found.rule} ${role}`);
}

function memberDocument(
  { id, declaration }: Member,
  host: string,
  parts: Required<Pick<MemberDocument, "sites" | "databases" | "databaseUsers" | "accounts" | "software">> & {
    allowed: Allowance | undefined;
  },
): MemberDocument {
  const { status, php } = declaration;
  // What is sent an hour is the mail host's to limit.
  const limits = Object.entries(declaration.limits ?? {}).filter(([key]) => key !== "messagesPerHour");
  const { sites = [], databases = [], databaseUsers = [], accounts = [], software = [], allowed } = parts;
  const suspended = status?.state === "suspended" && status.level !== "warn";
  return {
    schema: SCHEMA,
    kind: "member",
    host,
    member: id,
    uid: 20_000 + declaration.number,
    ...(status?.state === "left" ? { status: "left" } : suspended ? { status: "suspended" } : {}),
    ...(php === undefined ? {} : { php }),
    ...(sites.length === 0 || limits.length === 0 ? {} : { limits: Object.fromEntries(limits) }),
    ...allowed,
    ...(sites.length === 0 ? {} : { sites }),
    ...(databases.length === 0 ? {} : { databases: databases.toSorted() }),
    ...(databaseUsers.length === 0 ? {} : { databaseUsers }),
    ...(accounts.length === 0 ? {} : { accounts }),
    ...(software.length === 0 ? {} : { software }),
  };
}
