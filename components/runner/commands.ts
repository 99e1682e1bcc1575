import { domainToASCII } from "node:url";
import type { Command } from "commander";
import { InputError, refusing } from "../../src/cli/input-error.ts";
import { zoneToAdopt } from "./adopt.ts";
import { signingRequest } from "./certificate.ts";
import { examine, findingsText } from "./doctor.ts";
import { engineOf } from "./engine.ts";
import { stackEnvironment } from "./environment.ts";
import { exportMember } from "./export.ts";
import { handOver } from "./handover.ts";
import { preview } from "./preview.ts";
import { purgeMember } from "./purge.ts";
import { restoreMember } from "./restore.ts";
import { openSession, Refusal, readSecrets } from "./session.ts";
import { readState, type StackState } from "./state.ts";
import { summaryText } from "./summary.ts";
import { texts } from "./texts.ts";
import { type Outcome, up } from "./up.ts";
import { registerUsageCommands } from "./usage.ts";

interface Options {
  stack: string;
  members?: string;
  json?: boolean;
  hostsOnly?: boolean;
  repair?: boolean;
  yes?: boolean;
}

/** Adds the commands that look at a stack's hosts or change them. */
export function registerRunnerCommands(program: Command): void {
  const command = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .requiredOption("-s, --stack <pile>", "pile (lab, prod)")
      .option("--members <dossier>", "dossier des membres")
      .option("--json", "résultat en JSON");
  command("preview", "dit ce qui changerait, membre par membre ; ne change rien").action(async (options: Options) => {
    await report(options, true, async () => preview(options));
  });
  command("certificate", "montre la demande de certificat d'un site qui en achète un")
    .argument("<site>", "nom du site")
    .action((site: string, options: Options) => answer(async () => signingRequest(options, site)));
  command("adopt", "montre une zone DNS qui existe déjà, et la reprend avec --yes")
    .argument("<domaine>", "nom du domaine")
    .option("--yes", "la reprend : ce qui n'est pas à nous y reste tel quel")
    .action(async (domain: string, options: Options) => {
      if (options.yes !== true) return answer(async () => zoneToAdopt(options, domain));
      const say = (line: string) => process.stdout.write(`${line}\n`);
      const asked = { ...options, hostsOnly: false, repair: false, adopt: domainToASCII(domain) };
      return report(options, false, async () => up(asked, say));
    });
  command("doctor", "pose à l'API DNS les questions que l'atelier ne peut trancher")
    .requiredOption("--zone <zone>", "zone d'essai, vide : il y est créé puis retiré quelques enregistrements")
    .action((options: Options & { zone: string }) =>
      answer(async () => {
        const session = openSession(options.stack, options.members);
        const { dnsToken } = await readSecrets(session);
        const { accountId, baseUrl } = session.settings.dns;
        const findings = await examine(dnsToken, accountId, domainToASCII(options.zone), baseUrl);
        if (findings.some(({ assumed, answered }) => assumed !== answered)) process.exitCode = 1;
        return options.json === true ? `${JSON.stringify(findings, undefined, 2)}\n` : findingsText(findings);
      }),
    );
  registerUsageCommands(program);
  command("export", "rassemble tout ce qu'a un membre en une archive vérifiée par serveur ; n'y change rien")
    .argument("<membre>", "identifiant du membre")
    .option("--to <dossier>", "où la mettre", ".")
    .action((member: string, options: Options & { to: string }) =>
      answer(async () => exportMember(options, member, options.to)),
    );
  command("restore", "remet en place, depuis son archive, ce qu'avait un membre sur un serveur")
    .argument("<membre>", "identifiant du membre")
    .requiredOption("--from <fichier>", "archive faite par « export »")
    .option("--replace", "aussi quand il y a déjà quelque chose, qui est alors gardé de côté")
    .action((member: string, options: Options & { from: string; replace?: boolean }) =>
      answer(async () => restoreMember(options, member, options.from, options.replace === true)),
    );
  command("handover", "montre comment un membre se connecte, et les mots de passe faits pour lui, cette seule fois")
    .argument("<membre>", "identifiant du membre")
    .option("--renew <identifiant>", "remplace le mot de passe de cet identifiant")
    .action((member: string, options: Options & { renew?: string }) =>
      answer(async () => handOver(options, member, options.renew)),
    );
  command("purge", "montre ce qui serait retiré pour toujours d'un membre parti, et le retire une fois confirmé")
    .argument("<membre>", "identifiant du membre")
    .option("--confirm <jeton>", "jeton donné par le premier appel : retire exactement ce qu'il a montré")
    .option("--archive <fichiers...>", "archives du membre, une par serveur", [])
    .action((member: string, options: Options & { confirm?: string; archive: string[] }) =>
      answer(async () => purgeMember(options, member)),
    );
  command("up", "fait ce que disent les déclarations")
    .option("--hosts-only", "prépare seulement les serveurs")
    .option("--repair", "répare aussi ce qui a été changé à la main sur les serveurs")
    .action(async (options: Options) => {
      const { hostsOnly = false, repair = false } = options;
      // In JSON nothing but the result goes to stdout.
      const say = (line: string) => (options.json === true ? process.stderr : process.stdout).write(`${line}\n`);
      await report(options, false, async () => up({ ...options, hostsOnly, repair }, say));
    });
}

/** Prints what a command found, or why it refuses. */
async function answer(work: () => Promise<string>): Promise<void> {
  await refusing(async () => {
    process.stdout.write(await work());
  });
}

async function report({ json = false }: Options, planned: boolean, work: () => Promise<Outcome>): Promise<void> {
  try {
    const { summary, ok } = await work();
    process.stdout.write(
      json ? `${JSON.stringify({ ok, ...summary }, undefined, 2)}\n` : `${summaryText(summary, planned)}\n`,
    );
    process.exitCode = ok ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Error) || !(error instanceof Refusal || isNoEngine(error))) throw error;
    const message = error instanceof Refusal ? error.message : texts.noEngine;
    if (json) process.stdout.write(`${JSON.stringify({ ok: false, errors: message.split("\n") }, undefined, 2)}\n`);
    else process.stderr.write(`${message}\n`);
    process.exitCode = 1;
  }
}

// `env` starts the engine: 127 is its answer when there is none; a missing `env` or `ssh` is an error of the start.
function isNoEngine(error: Error): boolean {
  return "code" in error && error.code === "ENOENT";
}

/** The state of a stack, as `pulumi stack export` gives it. @throws InputError when there is no such stack, or no engine */
export async function exportStack(stack: string): Promise<StackState> {
  let state: StackState | undefined;
  try {
    state = await readState(engineOf(stack, stackEnvironment(stack)));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const none = /\bpulumi\b.*No such file/.test(error.message) || isNoEngine(error);
    throw new InputError([none ? texts.noEngine : texts.engineFailed(error.message)], { cause: error });
  }
  if (state === undefined) throw new InputError([texts.noStack(stack)]);
  return state;
}
