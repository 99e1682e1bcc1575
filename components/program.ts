import * as cloudflare from "@pulumi/cloudflare";
import * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import type { Host as HostFacts, MemberPlan } from "../src/plan/types.ts";
import type { AgentBundle } from "./agent-bundle.ts";
import { Domain } from "./domain.ts";
import { Host } from "./host.ts";
import { Member } from "./member.ts";
import { names } from "./names.ts";
import type { Adopted } from "./options.ts";
import type { StackSettings } from "./settings.ts";

export interface ProgramArgs {
  settings: StackSettings;
  hosts: readonly HostFacts[];
  plans: readonly MemberPlan[];
  agent: AgentBundle;
  bootstrap: string;
  secrets: Record<"dnsToken" | "sqlPassword" | "caKey", pulumi.Output<string>>;
  /** Ids of what exists already and is taken over, by logical name. */
  adopted: Readonly<Record<string, string>>;
}

/** Registers everything of the stack. The order is: host set-up, databases, member documents, DNS. */
export function registerAll({ settings, hosts, plans, agent, bootstrap, secrets, adopted }: ProgramArgs): void {
  const ssh = new command.Provider(names.ssh);
  const dns = new cloudflare.Provider(names.dns, {
    apiToken: secrets.dnsToken,
    ...(settings.dns.baseUrl === undefined ? {} : { baseUrl: settings.dns.baseUrl }),
  });
  const { deployers, caCertificate } = settings;
  const { caKey, sqlPassword } = secrets;
  const byName = new Map(
    hosts.map((facts) => [
      facts.host,
      new Host({ facts, deployers, agent, bootstrap, caCertificate, caKey, sqlPassword, ssh }),
    ]),
  );
  const adoptedOptions: Adopted = (name) => (adopted[name] === undefined ? {} : { import: adopted[name] });
  for (const plan of plans) {
    const member = new Member(plan, byName, ssh, adoptedOptions);
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
