import type { Command } from "commander";
import { delegationQuestions, delegationSteps, delegations, type Step } from "../dns/delegation.ts";
import { dnsTexts, type Texts } from "../dns/texts.ts";
import type { Member } from "../load.ts";
import { displayName } from "../member/fields.ts";
import { nextRenewal, registrations } from "../member/registrations.ts";
import { inService } from "../member/service.ts";
import { dateOf, dayOf, frenchDate } from "../period.ts";
import { visible } from "../problem.ts";
import { type CommonOptions, common, paint } from "./common.ts";
import { registerVerify } from "./domains-verify.ts";
import { InputError, refusing } from "./input-error.ts";
import { checkedMembers } from "./members.ts";
import type { Surroundings } from "./surroundings.ts";

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
  /** What is to be done at the registrar; none while there is no zone, left out where the DNS is elsewhere or no stack is named. */
  steps?: Step[];
}

interface Options extends CommonOptions {
  stack?: string;
  check?: true;
  resolver?: string;
}

/** Adds `domains`: who has which domain, what has to be renewed when and what is pending. Nothing is ever ordered by it. */
export function registerDomains(program: Command, surroundings: Surroundings): void {
  const { today } = surroundings;
  const command = common(program.command("domains"))
    .description(
      "liste les domaines : qui les a, où est leur DNS, ce qui est à renouveler et quand, ce qui reste à faire",
    )
    .option("-s, --stack <pile>", "dit aussi ce qu'il faut donner au registraire, d'après l'état de cette pile")
    .option("--check", "avec --stack : demande au DNS ce qui en est fait")
    .option("--resolver <adresse>", "résolveur à interroger, adresse[:port] (sans cela : ceux du système)")
    .action(async (options: Options) =>
      refusing(async () => {
        const loaded = checkedMembers(options);
        if (loaded === undefined) return;
        const listed = loaded.members.flatMap((member) => domainRows(member, today)).sort(byRenewal);
        const rows = await withSteps(listed, options, surroundings);
        process.stdout.write(
          options.json === true ? `${JSON.stringify(rows, undefined, 2)}\n` : `${domainsText(rows, today, options)}\n`,
        );
      }),
    );
  registerVerify(command, surroundings);
}

/** The rows with what is to be done at the registrar for those whose DNS is ours. @throws InputError for a wrong setting */
async function withSteps(
  rows: readonly DomainRow[],
  { stack, check, resolver, lang }: Options,
  { exportStack, askDns }: Surroundings,
): Promise<DomainRow[]> {
  if (stack === undefined) {
    if (check === true) throw new InputError([dnsTexts[lang].checkNeedsStack]);
    return [...rows];
  }
  const wanted = delegations(await exportStack(stack));
  const zones = rows.flatMap(({ domain, dns }) => (dns === "us" && wanted.has(domain) ? [domain] : []));
  const answers = check === true ? await askDns(zones.flatMap(delegationQuestions), resolver) : undefined;
  return rows.map((row) => {
    if (row.dns !== "us") return row;
    const delegation = wanted.get(row.domain);
    const at = 2 * zones.indexOf(row.domain);
    return { ...row, steps: delegation === undefined ? [] : delegationSteps(delegation, answers?.slice(at, at + 2)) };
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

function domainsText(rows: readonly DomainRow[], today: string, { lang, stack = "" }: Options): string {
  const french = lang === "fr";
  const day = (date: string) => (french ? frenchDate(date) : date);
  const soon = dateOf(dayOf(today) + SOON);
  const line = (row: DomainRow) => {
    const { domain, member, registeredBy, since, renewal, dns, verified } = row;
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
    const shown = parts.filter((part) => part !== "").join(" · ");
    return [`${displayName(domain)}  (${member})`, shown, ...todo(row, stack, dnsTexts[lang])].join("\n  ");
  };
  return rows.map(line).join("\n");
}

/** What remains to be done for a domain, a line each. */
function todo({ domain, registeredBy, verified, steps }: DomainRow, stack: string, texts: Texts): string[] {
  const prove = verified === undefined ? [`${texts.todo} : ${texts.toVerify(displayName(domain))}`] : [];
  if (steps?.length === 0) return [`${texts.todo} : ${texts.noZone(stack)}`, ...prove];
  const who = texts.registrar(registeredBy === "us");
  return [
    ...(steps ?? []).map((step) => `${step.state === "done" ? texts.stepStates.done : who} : ${stepText(step, texts)}`),
    ...prove,
  ];
}

function stepText({ what, expected, read, state, why }: Step, texts: Texts): string {
  const action = texts.steps[what](expected.join(", "));
  if (state === undefined || state === "done") return action;
  if (state === "unanswered") return `${action} (${texts.unanswered[why ?? "failed"]})`;
  if (state === "different") return `${action} (${texts.stepStates.different(what, read.map(visible).join(", "))})`;
  return `${action} (${texts.stepStates.pending})`;
}
