import * as cloudflare from "@pulumi/cloudflare";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { dkimContent, mailHost } from "../src/plan/own-zone.ts";
import { inOrder } from "../src/plan/plan.ts";
import type { DomainPlan, Host as HostFacts, MemberPlan } from "../src/plan/types.ts";
import { type AgentBundle, agentBundle, bootstrapScript } from "./agent-bundle.ts";
import { lines } from "./commands.ts";
import { constantCommand } from "./connection.ts";
import { Domain } from "./domain.ts";
import { Host } from "./host.ts";
import { Member } from "./member.ts";
import { names } from "./names.ts";
import type { Adopted } from "./options.ts";
import type { StackSettings } from "./settings.ts";

/** What is wanted of a stack, checked. */
export interface StackArgs {
  settings: StackSettings;
  hosts: readonly HostFacts[];
  plans: readonly MemberPlan[];
  /** The association's own zone, in the stack that has it. */
  own?: DomainPlan | undefined;
  /** Ids of what exists already and is taken over, by logical name. */
  adopted: Readonly<Record<string, string>>;
}

export interface ProgramArgs extends StackArgs {
  agent: AgentBundle;
  bootstrap: string;
  secrets: Record<"dnsToken" | "sqlPassword" | "caKey", pulumi.Output<string>>;
}

/** Registers everything of the stack, with its secrets and the agent as it is in this repository. */
export function registerStack(stack: StackArgs): void {
  const config = new pulumi.Config();
  registerAll({
    ...stack,
    agent: agentBundle(),
    bootstrap: bootstrapScript(),
    secrets: {
      dnsToken: config.requireSecret("dnsToken"),
      sqlPassword: config.requireSecret("sqlPassword"),
      caKey: config.requireSecret("caKey"),
    },
  });
}

/** Registers everything of the stack. The order is: host set-up, databases, member documents, DNS. */
export function registerAll({ settings, hosts, plans, own, agent, bootstrap, secrets, adopted }: ProgramArgs): void {
  const ssh = new command.Provider(names.ssh);
  const dns = new cloudflare.Provider(names.dns, {
    apiToken: secrets.dnsToken,
    ...(settings.dns.baseUrl === undefined ? {} : { baseUrl: settings.dns.baseUrl }),
  });
  const { deployers, acme, caCertificate } = settings;
  const { caKey, sqlPassword } = secrets;
  const byName = new Map(
    hosts.map((facts) => [
      facts.host,
      new Host({ facts, deployers, acme, agent, bootstrap, caCertificate, caKey, sqlPassword, ssh }),
    ]),
  );
  const adoptedOptions: Adopted = (name) => (adopted[name] === undefined ? {} : { import: adopted[name] });
  if (own !== undefined) {
    const onMail = byName.get(mailHost(hosts)?.host ?? "");
    new Domain({
      plan: own,
      accountId: settings.dns.accountId,
      provider: dns,
      after: [],
      adopted: adoptedOptions,
      ...(onMail === undefined ? {} : { contents: dkimContents(own, onMail, ssh) }),
    });
  }
  const members = new Map<string, Member>();
  for (const plan of inOrder(plans)) {
    const former = (plan.after ?? []).flatMap((member) => members.get(member)?.applied ?? []);
    const member = new Member(plan, byName, ssh, adoptedOptions, former);
    members.set(plan.member, member);
    for (const domain of plan.domains) {
      new Domain({
        plan: domain,
        accountId: settings.dns.accountId,
        provider: dns,
        after: member.applied,
        adopted: adoptedOptions,
      });
    }
  }
}

/** Contents of the DKIM records: public halves of keys that the host of mail makes and keeps. */
function dkimContents({ records }: DomainPlan, host: Host, provider: command.Provider) {
  const selectors = new Map(
    records
      .filter(({ content, key }) => key === "dkim" && content === undefined)
      .map(({ name }) => [name, name.slice(0, name.indexOf("."))]),
  );
  const made = new command.remote.Command(
    names.keys(host.facts.host),
    constantCommand(host.facts, lines.keys([...selectors.values()])),
    { parent: host, provider, dependsOn: [host.setUp] },
  );
  const keys = made.stdout.apply((text) => (JSON.parse(text) as { keys: Record<string, string> }).keys);
  return Object.fromEntries(
    [...selectors].map(([name, selector]) => [name, keys.apply((known) => dkimContent(known[selector] ?? ""))]),
  );
}
