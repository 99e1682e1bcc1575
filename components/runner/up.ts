import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { componentTypes, names, urn } from "../names.ts";
import type { EngineRun } from "./engine.ts";
import { destroyedData } from "./guard.ts";
import { type Ssh, sshClient } from "./hosts.ts";
import { endOrphans } from "./orphans.ts";
import { checkLogins, survey } from "./preflight.ts";
import { repairHosts } from "./repair.ts";
import { openSession, Refusal, type Session, stackProgram } from "./session.ts";
import { settleHosts } from "./settle.ts";
import { byUrn, readState, type StackState, without, writeState } from "./state.ts";
import { type Summary, summarize, tellRunError } from "./summary.ts";
import { texts } from "./texts.ts";
import { trustFile } from "./trust.ts";
import { excluded, isDone, type LeftOut, type Wanted } from "./wanted.ts";

export interface UpOptions {
  stack: string;
  members?: string;
  hostsOnly: boolean;
  repair: boolean;
  /** Domain whose existing zone is taken over. */
  adopt?: string;
}

export interface Outcome {
  summary: Summary;
  /** Everything was done. */
  ok: boolean;
}

/**
 * Makes a stack what the declarations say, and goes on with the rest when one host or member can't be done.
 * @param say gets lines for the reader as they come
 * @throws Refusal when nothing was changed, for a reason that the reader can act on
 */
export async function up(options: UpOptions, say: (line: string) => void): Promise<Outcome> {
  const session = openSession(options.stack, options.members);
  const ended = await endOrphans("of dead runs only");
  if (ended > 0) say(texts.orphans(ended));
  const ssh = sshClient(session.hosts, session.env);
  // Ctrl+C reaches the engine as well, which ends in order and writes its state; the runner stays to tell what was done.
  const stay = () => say(texts.stopping);
  process.on("SIGINT", stay);
  try {
    return await upWith(session, options, ssh, say);
  } finally {
    ssh.end();
    await endOrphans("own too");
    process.off("SIGINT", stay);
  }
}

async function upWith(session: Session, options: UpOptions, ssh: Ssh, say: (line: string) => void): Promise<Outcome> {
  // The SDK takes a second to load: meanwhile hosts and engine answer.
  void import("../program.ts");
  const [logins, state] = await Promise.all([checkLogins(session.hosts, ssh), existingState(session)]);
  for (const problem of logins.problems) say(problem);
  if (logins.down.size === session.hosts.length) throw new Refusal(texts.nothingReachable);
  const held = byUrn(state);
  const destroyed = destroyedData(session, held);
  if (destroyed.length > 0) throw new Refusal(destroyed.join("\n"));

  let ok = logins.problems.length === 0;
  if (options.repair) {
    const reachable = session.hosts.filter(({ host }) => !logins.down.has(host));
    const repaired = await repairHosts(session, reachable, held, ssh);
    for (const line of repaired.lines) say(line);
    ok &&= !repaired.failed;
  }
  const found = options.hostsOnly ? undefined : await survey(session, held, logins.down, options.repair, options.adopt);
  for (const problem of found?.problems ?? []) say(problem);
  for (const [domain, records] of found?.others ?? []) say(texts.others(domain, records));
  const gone = new Set(found?.gone);
  const members = new Set(found?.members);
  for (const one of found?.lost ?? []) {
    if (options.repair) gone.add(one.urn);
    else {
      say(texts.lostDatabase(one.host, one.database));
      members.add(one.member);
    }
  }
  ok &&= (found?.problems.length ?? 0) === 0 && members.size === 0;
  if (gone.size > 0) {
    say(texts.gone(gone.size));
    await writeState(session.engine, without(state, gone));
    for (const one of gone) held.delete(one);
  }
  const adopt = found?.adopt ?? {};
  if (Object.keys(adopt).length > 0) say(texts.adopted(Object.keys(adopt).length));

  const records = new Set(found?.conflicts.map((conflict) => conflict.wanted.urn));
  const leftOut: LeftOut = { hosts: logins.down, members, records, dns: found?.dns ?? false };
  const out = excluded(session.wanted, session.plans, leftOut);
  const only = options.hostsOnly ? hostResources(session.wanted, out) : undefined;
  const run = await runEngine(session, adopt, only === undefined ? out : [], only);
  const summary = summarize({
    events: run.events,
    wanted: session.wanted,
    held: new Set(held.keys()),
    leftOut: new Set(out.filter((one) => !isDone(one, held.get(one.urn))).map((one) => one.urn)),
    planned: false,
    ...(only === undefined ? {} : { only: new Set([...only, ...out].map((one) => one.urn)) }),
  });
  tellRunError(summary, run);
  // What failed is told at once: certificates then come by the hosts' own timer.
  const isSound = ok && run.code === 0;
  if (isSound && !options.hostsOnly && summary.lines.some(({ result }) => result !== "unchanged")) {
    const reachable = session.hosts.filter(({ host }) => !logins.down.has(host));
    for (const line of await settleHosts(reachable, ssh)) say(line);
  }
  return { summary, ok: isSound };
}

function hostResources(wanted: readonly Wanted[], out: readonly Wanted[]): Wanted[] {
  return wanted.filter(
    (one) => (one.kind === "agent" || one.kind === "identity" || one.kind === "setUp") && !out.includes(one),
  );
}

async function existingState({ engine, stack }: Session): Promise<StackState> {
  const state = await readState(engine);
  if (state !== undefined) return state;
  const made = await engine.call(["stack", "init", stack, "--no-select"]);
  if (made.code !== 0) throw new Refusal(texts.engineFailed(made.stderr.trim()));
  return { version: 3, deployment: {} };
}

async function runEngine(
  session: Session,
  adopt: Record<string, string>,
  out: readonly Wanted[],
  only: readonly Wanted[] | undefined,
): Promise<EngineRun> {
  const folder = mkdtempSync(join(tmpdir(), "cassiopea-up-"));
  try {
    const targets = only === undefined ? [] : [...only.map((one) => one.urn), ...companions(session)];
    const args = [
      "up",
      "--yes",
      "--skip-preview",
      "--continue-on-error",
      "--parallel=8",
      ...out.flatMap((one) => ["--exclude", one.urn]),
      ...targets.flatMap((target) => ["--target", target]),
    ];
    return await session.engine.update(args, stackProgram(session, adopt), trustFile(session, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Components and providers that the hosts' resources stand on; the engine wants them named too. */
function companions({ stack, hosts }: Session): string[] {
  const { host: type } = componentTypes;
  return [
    urn(stack, ["pulumi:providers:command"], names.ssh),
    ...hosts.flatMap(({ host }) => [
      urn(stack, [type], names.host(host)),
      urn(stack, [type, "pulumi:providers:mysql"], names.sql(host)),
    ]),
  ];
}
