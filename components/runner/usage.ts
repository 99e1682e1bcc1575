import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { collected, isGap, type UsageNote } from "../../src/billing/collect.ts";
import { HostUsage } from "../../src/billing/host-usage.ts";
import { usageText, usageTexts } from "../../src/billing/texts-usage.ts";
import type { Usage } from "../../src/billing/usage.ts";
import { readUsage } from "../../src/cli/bill-input.ts";
import { defaultMembers } from "../../src/cli/common.ts";
import { refusing } from "../../src/cli/input-error.ts";
import { sortedKeys } from "../../src/document.ts";
import { loadMembers } from "../../src/load.ts";
import { allowance } from "../../src/plan/allowance.ts";
import type { Host } from "../../src/plan/types.ts";
import { today } from "../today.ts";
import { loginFailure, type Ssh, sshClient } from "./hosts.ts";
import { openSession, Refusal } from "./session.ts";
import { readable } from "./summary.ts";

interface Options {
  stack?: string;
  members?: string;
  usage: string;
}

const limitMs = 5 * 60_000;

/** Adds `usage`: what the hosts measured of a month, for the bill. */
export function registerUsageCommands(program: Command): void {
  const usage = program.command("usage").description("relève et montre ce que les membres utilisent, pour la facture");
  const command = (name: string, description: string) =>
    usage
      .command(name)
      .argument("<mois>", "aaaa-mm")
      .description(description)
      .option("--members <dossier>", "dossier des membres")
      .option("--usage <dossier>", "dossier des mesures d'usage", "usage");
  command("collect", "relève un mois fini sur les serveurs et l'écrit pour la facture")
    .requiredOption("-s, --stack <pile>", "pile (lab, prod)")
    .action(async (month: string, options: Options) =>
      refusing(async () => {
        process.exitCode = await collect(month, options);
      }),
    );
  command("show", "montre les mesures d'un mois, et qui approche de ses limites")
    .option("-s, --stack <pile>", "le demande aux serveurs de cette pile, aussi pour un mois en cours")
    .action(async (month: string, options: Options) =>
      refusing(async () => {
        process.exitCode = await show(month, options);
      }),
    );
}

async function collect(month: string, options: Options): Promise<number> {
  const { stack = "" } = options;
  refuseWrongMonth(month);
  if (month >= today().slice(0, 7)) throw new Refusal(usageTexts.notOver(month, stack));
  const file = join(options.usage, `${month}.json`);
  const before = readUsage(options.usage).find((one) => one.month === month);
  const { usage, notes, problems } = await askHosts(month, stack, options.members, before);
  say([...problems, ...notes.map(usageTexts.note)]);
  const text = `${JSON.stringify(sortedKeys(usage), undefined, 2)}\n`;
  const count = Object.keys(usage.members).length;
  if (count === 0) process.stdout.write(`${usageTexts.nothing(month)}\n`);
  else if (existsSync(file) && readFileSync(file, "utf8") === text)
    process.stdout.write(`${usageTexts.unchanged(file)}\n`);
  else {
    mkdirSync(options.usage, { recursive: true });
    writeFileSync(`${file}.partial`, text);
    renameSync(`${file}.partial`, file);
    process.stdout.write(`${usageTexts.written(file, count)}\n`);
  }
  return problems.length > 0 || notes.some(isGap) ? 1 : 0;
}

async function show(month: string, { stack, members, usage: folder }: Options): Promise<number> {
  refuseWrongMonth(month);
  const loaded = loadMembers(members ?? defaultMembers()).members;
  const allowed = new Map(loaded.map(({ id, declaration }) => [id, allowance(declaration, today())]));
  if (stack === undefined) {
    const read = readUsage(folder).find((one) => one.month === month);
    if (read === undefined) throw new Refusal(usageTexts.noFile(join(folder, `${month}.json`), month));
    process.stdout.write(usageText(read, allowed));
    return 0;
  }
  const { usage, notes, problems } = await askHosts(month, stack, members);
  // Days that are still to come have no sample.
  const over = month < today().slice(0, 7);
  say([...problems, ...notes.filter(({ what }) => over || what !== "missingDays").map(usageTexts.note)]);
  process.stdout.write(usageText(usage, allowed));
  return problems.length > 0 ? 1 : 0;
}

function refuseWrongMonth(month: string): void {
  if (!/^[12]\d{3}-(0[1-9]|1[0-2])$/.test(month)) throw new Refusal(usageTexts.badMonth(month));
}

function say(lines: readonly string[]): void {
  if (lines.length > 0) process.stderr.write(`${lines.join("\n")}\n`);
}

/** The figures of a month from all hosts of a stack, at a time, and what kept some from answering. */
async function askHosts(
  month: string,
  stack: string,
  members: string | undefined,
  before?: Usage,
): Promise<{ usage: Usage; notes: UsageNote[]; problems: string[] }> {
  const { hosts, plans, env } = openSession(stack, members);
  const ssh = sshClient(hosts, env);
  try {
    const asked = await Promise.all(
      hosts.map(async (host) => ({ host: host.host, said: await ask(host, month, ssh) })),
    );
    const answers = asked.flatMap(({ said }) => (typeof said === "string" ? [] : [said]));
    const failed = asked.flatMap(({ host, said }) => (typeof said === "string" ? [{ host, said }] : []));
    const expected = plans.map(({ facts, documents }) => ({ facts, hosts: documents.map(({ host }) => host) }));
    const down = new Set(failed.map(({ host }) => host));
    return { ...collected(month, expected, answers, down, before), problems: failed.map(({ said }) => said) };
  } finally {
    ssh.end();
  }
}

/** What a host measured of a month, or why that can't be said. */
async function ask(host: Host, month: string, ssh: Ssh): Promise<HostUsage | string> {
  const line = `PATH=/usr/local/sbin:$PATH; hosting-agent measure --month ${month} </dev/null`;
  const { code, stdout, stderr } = await ssh.on(host, line, limitMs);
  // 255 is the SSH client's own, 124 the end of its time: the agent was not reached.
  if (code === 255 || code === 124) return loginFailure(host, { code, stdout, stderr });
  if (code !== 0) return usageTexts.failed(host.host, readable(`${stdout}\n${stderr}`));
  let answer: unknown;
  try {
    answer = (JSON.parse(stdout) as { usage?: unknown }).usage;
  } catch {
    return usageTexts.badAnswer(host.host, "JSON");
  }
  const read = HostUsage.safeParse(answer);
  if (!read.success) return usageTexts.badAnswer(host.host, read.error.issues[0]?.path.join(".") ?? "");
  if (read.data.host !== host.host || read.data.month !== month)
    return usageTexts.badAnswer(host.host, `${read.data.host} ${read.data.month}`);
  return read.data;
}
