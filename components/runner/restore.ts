import { basename } from "node:path";
import * as z from "zod";
import { readArchive } from "./archive.ts";
import { agentLine, longMs, type MemberOptions, placesOf, refuseFailure } from "./export.ts";
import { sshClient } from "./hosts.ts";
import { openSession, Refusal } from "./session.ts";
import { texts } from "./texts.ts";

const words = texts.archive;
const Answer = z.object({ changed: z.array(z.string()), warnings: z.array(z.string()) });

/**
 * Puts back what an archive holds of a member: on the host that it came from, or on the member's only one.
 * @param replace whether what is there may be moved aside
 * @returns what there is to say
 */
export async function restoreMember(
  options: MemberOptions,
  member: string,
  file: string,
  replace: boolean,
): Promise<string> {
  const { manifest } = await readArchive(file);
  if (manifest.member !== member) throw new Refusal(words.otherMember(file, manifest.member));
  const session = openSession(options.stack, options.members);
  const places = placesOf(session, member);
  const hosts = places.map(({ host }) => host);
  const host = hosts.find((one) => one.host === manifest.host) ?? (hosts.length === 1 ? hosts[0] : undefined);
  if (host === undefined) {
    const known = hosts.map((one) => one.host);
    throw new Refusal(words.otherHost(file, manifest.host, known));
  }
  const ssh = sshClient([host], session.env);
  try {
    const { id } = manifest;
    refuseFailure(host, await ssh.copy(host, agentLine("receive", member, id), { from: file }, longMs));
    const line = agentLine("restore", member, id, ...(replace ? ["--replace"] : []));
    const asked = await ssh.on(host, `${line} </dev/null`, longMs);
    refuseFailure(host, asked);
    const { changed, warnings } = Answer.parse(JSON.parse(asked.stdout));
    return [
      words.restored(host.host, basename(file), changed),
      ...warnings.map((text) => `  ! ${host.host} : ${text}`),
      "",
    ].join("\n");
  } finally {
    ssh.end();
  }
}
