import { createHash } from "node:crypto";
import { defaultMembers } from "../../src/cli/common.ts";
import { canonical } from "../../src/document.ts";
import { loadMembers } from "../../src/load.ts";
import { keptUntil, PurgeAnswer, purgeToken } from "../../src/purge.ts";
import { purgeBundle } from "../agent-bundle.ts";
import { today } from "../today.ts";
import { readArchive } from "./archive.ts";
import { longMs, type MemberOptions, type Place, placesOf, refuseFailure } from "./export.ts";
import { type Ssh, sshClient } from "./hosts.ts";
import { openSession, Refusal } from "./session.ts";
import { texts } from "./texts.ts";

interface PurgeOptions extends MemberOptions {
  /** What the first call gave. */
  confirm?: string;
  /** The member's archives, one a host. */
  archive: readonly string[];
}

const words = texts.purge;

/**
 * Shows what a purge of a member would take, or, confirmed, takes it: after retention, with an archive in hand that holds the same
 * to the byte. A purge that was broken off is gone on with by the same call.
 * @returns what there is to say
 */
export async function purgeMember(options: PurgeOptions, member: string): Promise<string> {
  const session = openSession(options.stack, options.members);
  const places = placesOf(session, member);
  const { members } = loadMembers(options.members ?? defaultMembers());
  const until = keptUntil(members.find(({ id }) => id === member)?.declaration ?? {});
  if (until === undefined) throw new Refusal(words.notLeft(member));
  const ssh = sshClient(
    places.map(({ host }) => host),
    session.env,
  );
  try {
    const shown: PurgeAnswer[] = [];
    for (const place of places) shown.push(await call(ssh, place, ["show", member, until]));
    const token = purgeToken(shown.map(({ state }) => state));
    if (shown.every(({ progress }) => progress === "ended")) return `${words.ended(member)}\n`;
    if (options.confirm === undefined) return `${words.shown(shown, until, token, options.stack, today() > until)}\n`;
    if (options.confirm !== token) throw new Refusal(words.otherToken(member, options.confirm));
    if (today() <= until) throw new Refusal(words.kept(member, until));
    await refuseOtherArchives(shown, options.archive);
    for (const [index, place] of places.entries()) {
      const state = shown[index]?.state;
      if (state !== undefined) await call(ssh, place, ["delete", member, until, purgeToken([state])]);
    }
    return `${words.done(shown)}\n`;
  } finally {
    ssh.end();
  }
}

// Read whole at this moment: what is deleted must be in the administrator's hands.
async function refuseOtherArchives(shown: readonly PurgeAnswer[], files: readonly string[]): Promise<void> {
  const archives = [];
  for (const file of files) archives.push(await readArchive(file));
  for (const { state } of shown) {
    const found = archives.find(({ manifest }) => manifest.id === state.export.id);
    if (found === undefined) throw new Refusal(words.noArchive(state.host, state.export.id));
    const sum = createHash("sha256").update(canonical(found.manifest)).digest("hex");
    if (sum !== state.export.manifest) throw new Refusal(words.otherArchive(found.file, state.host));
  }
}

/** Sends the program and runs it once: no host has it otherwise. Its words have passed a schema. */
async function call(ssh: Ssh, { host }: Place, line: readonly string[]): Promise<PurgeAnswer> {
  const asked = await ssh.copy(host, `exec /usr/bin/node - ${line.join(" ")}`, { from: purgeBundle() }, longMs);
  refuseFailure(host, asked);
  return PurgeAnswer.parse(JSON.parse(asked.stdout));
}
