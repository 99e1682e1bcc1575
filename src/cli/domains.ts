import type { Command } from "commander";
import type { Member } from "../load.ts";
import { displayName } from "../member/fields.ts";
import { nextRenewal, registrations } from "../member/registrations.ts";
import { inService } from "../member/service.ts";
import { dateOf, dayOf, frenchDate } from "../period.ts";
import { type CommonOptions, common, paint } from "./common.ts";
import { checkedMembers } from "./members.ts";

/** Days before a renewal from which on it is to be done. */
const SOON = 60;

interface DomainRow {
  domain: string;
  member: string;
  registeredBy: "us" | "member";
  since: string;
  /** `yyyy-mm-dd`, of those that we registered. */
  renewal?: string;
  dns: "us" | "elsewhere";
  /** Day on which control was proved; left out while it is pending. */
  verified?: string;
}

/** Adds `domains`: who has which domain, what has to be renewed when and what is pending. Nothing is ever ordered by it. */
export function registerDomains(program: Command, today: string): void {
  common(program.command("domains"))
    .description("liste les domaines : qui les a, où est leur DNS, ce qui est à renouveler et quand")
    .action((options: CommonOptions) => {
      const loaded = checkedMembers(options);
      if (loaded === undefined) return;
      const rows = loaded.members.flatMap((member) => domainRows(member, today)).sort(byRenewal);
      process.stdout.write(
        options.json === true
          ? `${JSON.stringify(rows, undefined, 2)}\n`
          : `${domainsText(rows, today, options.lang === "fr")}\n`,
      );
    });
}

/** The domains of a member that are in service on a day. */
export function domainRows({ id, declaration }: Member, today: string): DomainRow[] {
  const domains = declaration.domains ?? [];
  const registered = registrations(domains);
  return domains
    .filter((domain) => inService(domain, today))
    .map(({ name, from, registeredBy = "member", dns = "us", verified }) => {
      const own = registered.findLast((one) => one.name === name);
      const renewal = own === undefined ? undefined : nextRenewal(own, today);
      return {
        domain: name,
        member: id,
        registeredBy,
        since: own?.from ?? from,
        ...(renewal === undefined ? {} : { renewal }),
        dns,
        ...(verified === undefined ? {} : { verified }),
      };
    });
}

function byRenewal(a: DomainRow, b: DomainRow): number {
  const [first, second] = [a, b].map(({ renewal = "9999", domain }) => `${renewal} ${domain}`);
  return (first ?? "") < (second ?? "") ? -1 : 1;
}

function domainsText(rows: readonly DomainRow[], today: string, french: boolean): string {
  const day = (date: string) => (french ? frenchDate(date) : date);
  const soon = dateOf(dayOf(today) + SOON);
  const line = ({ domain, member, registeredBy, since, renewal, dns, verified }: DomainRow) => {
    const renewed = renewal === undefined ? "" : french ? `à renouveler le ${day(renewal)}` : `renew on ${renewal}`;
    const parts = french
      ? [
          registeredBy === "us" ? `enregistré par nous le ${day(since)}` : `enregistré par le membre`,
          renewal !== undefined && renewal <= soon ? paint.bold(renewed) : renewed,
          dns === "us" ? "DNS chez nous" : "DNS ailleurs",
          verified === undefined ? "contrôle en attente" : `contrôle prouvé le ${day(verified)}`,
        ]
      : [
          registeredBy === "us" ? `registered by us on ${since}` : "registered by the member",
          renewal !== undefined && renewal <= soon ? paint.bold(renewed) : renewed,
          dns === "us" ? "our DNS" : "DNS elsewhere",
          verified === undefined ? "control pending" : `control proved on ${verified}`,
        ];
    return `${displayName(domain)}  (${member})\n  ${parts.filter((part) => part !== "").join(" · ")}`;
  };
  return rows.map(line).join("\n");
}
