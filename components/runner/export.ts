import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { EXPORT_ID } from "../../src/export.ts";
import type { Host, MemberPlan } from "../../src/plan/types.ts";
import { readArchive } from "./archive.ts";
import { loginFailure, type Ssh, sshClient } from "./hosts.ts";
import type { Finished } from "./process.ts";
import { openSession, Refusal, type Session } from "./session.ts";
import { readable } from "./summary.ts";
import { texts } from "./texts.ts";

export interface MemberOptions {
  stack: string;
  members?: string;
}

const words = texts.archive;
/** A member's data may be large: one answer takes at most so long. */
export const longMs = 6 * 3_600_000;

/** A member's place on one host. */
export interface Place {
  host: Host;
  document: MemberPlan["documents"][number];
}

/** The hosts that have a member's data. @throws Refusal when there is no such member, or nothing of it is on a host */
export function placesOf({ hosts, plans }: Session, member: string): Place[] {
  const plan = plans.find((one) => one.member === member);
  if (plan === undefined) throw new Refusal(words.noMember(member));
  const places = plan.documents.flatMap((document) => {
    const host = hosts.find((one) => one.host === document.host);
    return host === undefined ? [] : [{ host, document }];
  });
  if (places.length === 0) throw new Refusal(words.nowhere(member));
  return places;
}

/** The line that runs a verb of the agent; its words have passed a schema, nothing in them means anything to a shell. */
export function agentLine(...line: readonly string[]): string {
  return `PATH=/usr/local/sbin:$PATH; exec hosting-agent ${line.join(" ")}`;
}

/** Refuses a failed answer of a host in words. */
export function refuseFailure(host: Host, asked: Finished): void {
  // 255 is the SSH client's own, 124 the end of its time: the agent was not reached.
  if (asked.code === 255 || asked.code === 124) throw new Refusal(loginFailure(host, asked));
  if (asked.code !== 0) throw new Refusal(words.failed(host.host, readable(`${asked.stdout}\n${asked.stderr}`)));
}

const Answer = z.object({
  warnings: z.array(z.string()),
  export: z.object({ id: z.string().regex(EXPORT_ID), bytes: z.int() }),
});

/**
 * Exports a member from each of its hosts into a folder, one archive a host, verified on arrival.
 * @returns what there is to say, one line each
 */
export async function exportMember(options: MemberOptions, member: string, folder: string): Promise<string> {
  const session = openSession(options.stack, options.members);
  const places = placesOf(session, member);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const ssh = sshClient(
    places.map(({ host }) => host),
    session.env,
  );
  const said: string[] = [];
  try {
    for (const { host } of places) said.push(...(await exportFrom(host, member, folder, ssh)));
  } finally {
    ssh.end();
  }
  return `${said.join("\n")}\n`;
}

async function exportFrom(host: Host, member: string, folder: string, ssh: Ssh): Promise<string[]> {
  const asked = await ssh.on(host, `${agentLine("export", member)} </dev/null`, longMs);
  refuseFailure(host, asked);
  const { warnings, export: made } = Answer.parse(JSON.parse(asked.stdout));
  const file = join(folder, `${made.id}.tar`);
  if (existsSync(file)) throw new Refusal(words.exists(file));
  const partial = `${file}.partial`;
  try {
    refuseFailure(host, await ssh.copy(host, agentLine("send", member, made.id), { to: partial }, longMs));
    const { sha256, manifest } = await readArchive(partial);
    renameSync(partial, file);
    return [words.exported(file, manifest, sha256), ...warnings.map((text) => `  ! ${host.host} : ${text}`)];
  } finally {
    rmSync(partial, { force: true });
  }
}
