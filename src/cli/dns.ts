import type { Command } from "commander";
import { compare, type Finding, questionsFor } from "../dns/compare.ts";
import { controlRecord } from "../dns/control.ts";
import { dnsTexts, type Texts } from "../dns/texts.ts";
import { recordValue } from "../dns/value.ts";
import { excludedBy, groupOf, zoneFile } from "../dns/zone-file.ts";
import { displayName } from "../member/fields.ts";
import { checkPlaces } from "../plan/place.ts";
import { planDomain } from "../plan/plan.ts";
import type { DnsRecord } from "../plan/types.ts";
import { visible } from "../problem.ts";
import { type CommonOptions, common, paint } from "./common.ts";
import { InputError, refusing } from "./input-error.ts";
import { type Held, holderOf } from "./members.ts";
import type { Surroundings } from "./surroundings.ts";

interface Options extends CommonOptions {
  stack: string;
  check?: true;
  resolver?: string;
}

const examples = `
Exemples :
  npx cassiopea dns jardins.example --stack prod           à recopier chez celui qui tient le DNS
  npx cassiopea dns jardins.example --stack prod --check   ce que le DNS sert vraiment

Code de sortie : 0 tout y est, 1 quelque chose manque, diffère ou est en trop.`;

/** `cassiopea dns`: the record set of a domain, as it follows from the declaration, or beside what the DNS serves. */
export function registerDns(program: Command, { today, stackHosts, askDns }: Surroundings): void {
  common(program.command("dns <domaine>"))
    .description("imprime les enregistrements DNS d'un domaine, ou les compare avec ce que le DNS sert")
    .addHelpText("after", examples)
    .requiredOption("-s, --stack <pile>", "pile dont les serveurs portent le membre (lab, prod)")
    .option("--check", "compare avec le DNS")
    .option("--resolver <adresse>", "résolveur à interroger, adresse[:port] (sans cela : ceux du système)")
    .action(async (name: string, options: Options) =>
      refusing(async () => {
        const held = holderOf(name, options, today);
        if (held === undefined) return;
        const records = await recordsOf(held, options, { today, stackHosts });
        const texts = dnsTexts[options.lang];
        const found =
          options.check === true ? compare(records, await askDns(questionsFor(records), options.resolver)) : undefined;
        if (options.json === true) print(JSON.stringify(dnsJson(held, records, found), undefined, 2));
        else if (found !== undefined) print(findingsText(heading(held, texts), found, texts));
        else print(printed(held, records, texts));
        if (found?.some(({ state }) => state !== "right") === true) process.exitCode = 1;
      }),
    );
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** The records of a domain on a stack's hosts. @throws InputError when these can't be read, or the member has no place on them */
async function recordsOf(
  { loaded, member, domain }: Held,
  { stack, lang }: Options,
  { today, stackHosts }: Pick<Surroundings, "today" | "stackHosts">,
): Promise<DnsRecord[]> {
  const on = await stackHosts(stack);
  if (typeof on === "string") throw new InputError([on]);
  const { hosts, defaultHost } = on;
  const problems = checkPlaces({ ...loaded, members: [member] }, hosts, defaultHost);
  if (problems.length > 0) throw new InputError(problems.map((problem) => problem.text(lang)));
  return planDomain(member, domain.name, hosts, { defaultHost, today }).records;
}

function isElsewhere({ domain }: Held): boolean {
  return domain.dns === "elsewhere";
}

function heading(held: Held, texts: Texts): string {
  return `${displayName(held.domain.name)} (${held.member.id}), ${texts.where(isElsewhere(held))}`;
}

function printed(held: Held, records: readonly DnsRecord[], texts: Texts): string {
  const { member, domain } = held;
  const elsewhere = isElsewhere(held);
  const head = [
    heading(held, texts),
    ...(records.length === 0 ? [texts.ended] : elsewhere ? texts.paste(excludedBy(records)) : [texts.ours]),
  ];
  const asked = elsewhere && records.length > 0 && domain.verified === undefined;
  return zoneFile(head, [...(asked ? [controlRecord(member.id, domain.name)] : []), ...records], texts);
}

function findingsText(head: string, findings: readonly Finding[], texts: Texts): string {
  const lines = findings.flatMap(({ name, type, state, expected, read, why }) => {
    const mark = state === "right" ? paint.green("✓") : paint.red("✗");
    const value = expected ?? read.join(", ");
    return [
      `${mark} ${texts.states[state].padEnd(12)}  ${name}  ${type}  ${visible(value)}`,
      ...(state === "different" ? read.map((one) => `    ${texts.read} : ${visible(one)}`) : []),
      ...(why === undefined ? [] : [`    ${texts.unanswered[why]}`]),
    ];
  });
  const states = Map.groupBy(findings, ({ state }) => state);
  const total = [...states].map(([state, some]) => texts.counted(some.length, state)).join(", ");
  return [paint.bold(head), ...lines, findings.length === 0 ? texts.ended : total].join("\n");
}

/** For machines: what is expected of the DNS, and with `--check` what was found of it. */
function dnsJson(held: Held, records: readonly DnsRecord[], found: readonly Finding[] | undefined): object {
  return {
    domain: held.domain.name,
    member: held.member.id,
    dns: held.domain.dns ?? "us",
    records: records.map((record) => {
      const { name, type, ttl } = record;
      return { name, type, ttl, value: recordValue(record), group: groupOf(record) };
    }),
    ...(found === undefined ? {} : { findings: found, right: found.every(({ state }) => state === "right") }),
  };
}
