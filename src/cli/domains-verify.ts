import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { controlRecord, provesControl } from "../dns/control.ts";
import { delegationSteps, delegations } from "../dns/delegation.ts";
import { dnsTexts } from "../dns/texts.ts";
import type { Answer } from "../dns/value.ts";
import { zoneLine } from "../dns/zone-file.ts";
import { withProperty } from "../load/edit.ts";
import { placeOf } from "../load/place.ts";
import { displayName } from "../member/fields.ts";
import { inService } from "../member/service.ts";
import { frenchDate } from "../period.ts";
import { visible } from "../problem.ts";
import { type CommonOptions, common } from "./common.ts";
import { InputError, refusing } from "./input-error.ts";
import { type Held, holderOf } from "./members.ts";
import type { Surroundings } from "./surroundings.ts";

interface Options extends CommonOptions {
  stack?: string;
  resolver?: string;
}

/** What was asked of the DNS to prove control of a domain. */
interface Proof {
  by: "NS" | "TXT" | undefined;
  /** Our name servers for the domain, where a stack was named that has its zone. */
  nameServers: string[] | undefined;
  answers: { NS: Answer | undefined; TXT: Answer | undefined };
}

/** `cassiopea domains verify`: proves once that a domain is its member's, and writes the day into the member's file. */
export function registerVerify(domains: Command, surroundings: Surroundings): void {
  common(domains.command("verify <domaine>"))
    .description("prouve une fois qu'un domaine est bien au membre, et l'écrit dans son fichier")
    .option("-s, --stack <pile>", "pile qui a sa zone : ses serveurs de noms au registraire sont une preuve")
    .option("--resolver <adresse>", "résolveur à interroger, adresse[:port] (sans cela : ceux du système)")
    .action(async (name: string, _: unknown, command: { optsWithGlobals(): Options }) => {
      // Options of `domains` itself take those after the subcommand.
      const options = command.optsWithGlobals();
      await refusing(async () => verify(name, options, surroundings));
    });
}

async function verify(name: string, options: Options, surroundings: Surroundings): Promise<void> {
  const { today } = surroundings;
  const held = holderOf(name, options, today);
  if (held === undefined) return;
  const { member, domain } = held;
  const said = dnsTexts[options.lang].verify;
  const shown = displayName(domain.name);
  if (!inService(domain, today)) throw new InputError([said.notInService(shown)]);
  const report = (text: string, verified: string | null, more: object = {}) =>
    process.stdout.write(
      options.json === true
        ? `${JSON.stringify({ domain: domain.name, member: member.id, verified, ...more })}\n`
        : `${text}\n`,
    );
  if (domain.verified !== undefined) {
    report(said.already(shown, options.lang === "fr" ? frenchDate(domain.verified) : domain.verified), domain.verified);
    return;
  }
  const proof = await prove(held, options, surroundings);
  if (proof.by === undefined) {
    const { name: owner, type, content } = controlRecord(member.id, domain.name);
    report(unprovedText(held, proof, options), null, { put: { name: owner, type, content } });
    process.exitCode = 1;
    return;
  }
  const place = write(held, options, today);
  report(said.written(shown, said.proof[proof.by], place, `verified: "${today}"`), today, { by: proof.by });
}

/** Asks the DNS for both proofs: our name servers at the registrar, and the record that is bound to the member and the domain. */
async function prove(
  { member, domain }: Held,
  { stack, resolver }: Options,
  { exportStack, askDns }: Surroundings,
): Promise<Proof> {
  const control = controlRecord(member.id, domain.name);
  const ours = domain.dns !== "elsewhere" && stack !== undefined;
  const delegation = ours ? delegations(await exportStack(stack)).get(domain.name) : undefined;
  const [txt, ns] = await askDns(
    [
      { name: control.name, type: "TXT" },
      ...(delegation === undefined ? [] : [{ name: domain.name, type: "NS" as const }]),
    ],
    resolver,
  );
  const [servers] = delegation === undefined || ns === undefined ? [] : delegationSteps(delegation, [ns]);
  return {
    by: servers?.state === "done" ? "NS" : provesControl(control, txt) ? "TXT" : undefined,
    nameServers: delegation?.nameServers,
    answers: { NS: ns, TXT: txt },
  };
}

/** What was read, and what to put where. */
function unprovedText({ member, domain }: Held, { nameServers, answers }: Proof, { lang }: Options): string {
  const texts = dnsTexts[lang];
  const said = texts.verify;
  const control = controlRecord(member.id, domain.name);
  const read = (what: string, answer: Answer | undefined) => {
    if (answer === undefined) return [];
    if ("failed" in answer) return [`  ${what} : ${texts.unanswered[answer.failed]}`];
    const values = answer.values.length === 0 ? said.nothing : answer.values.map(visible).join(", ");
    return [`  ${what} (${texts.read}) : ${values}`];
  };
  return [
    said.unproved(displayName(domain.name), member.file),
    ...read(`${control.name} TXT`, answers.TXT),
    ...read(`${domain.name} NS`, answers.NS),
    said.putRecord,
    `  ${zoneLine(control)}`,
    ...(domain.dns === "elsewhere"
      ? []
      : [nameServers === undefined ? said.orStack : said.orServers(nameServers.join(", "))]),
    said.again,
  ].join("\n");
}

/**
 * Writes the day into the member's file, whole or not at all; gives the place of it.
 * @throws InputError when the file is no longer what was read
 */
function write({ member, index }: Held, { members, lang }: Options, today: string): string {
  const path = join(members, `${member.id}.ts`);
  const keys = ["domains", index];
  const text = withProperty(member.text, keys, "verified", today);
  if (readFileSync(path, "utf8") !== member.text) throw new InputError([dnsTexts[lang].verify.changed(member.file)]);
  const beside = join(members, `.${member.id}.ts.new`);
  writeFileSync(beside, text);
  renameSync(beside, path);
  const { file, line, column } = placeOf({ file: member.file, text }, [...keys, "verified"], "key");
  return `${file}:${line}:${column}`;
}
