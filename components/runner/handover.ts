import * as z from "zod";
import { Handover, loginsWithPassword } from "../../src/handover.ts";
import { agentLine, type MemberOptions, placesOf, refuseFailure } from "./export.ts";
import { sshClient } from "./hosts.ts";
import { openSession, Refusal } from "./session.ts";
import { texts } from "./texts.ts";

const Answer = z.object({ handover: Handover });
const minuteMs = 60_000;

/**
 * What a member needs to log in, from each of its hosts: passwords are made there on this call, and shown this once.
 * @param renew a login whose password is replaced by a new one
 * @returns the words for the member
 */
export async function handOver(options: MemberOptions, member: string, renew: string | undefined): Promise<string> {
  const session = openSession(options.stack, options.members);
  const places = placesOf(session, member).filter(
    ({ document }) => renew === undefined || loginsWithPassword(document).some(({ login }) => login === renew),
  );
  if (places.length === 0) throw new Refusal(texts.handover.noLogin(member, renew ?? ""));
  const hosts = places.map(({ host }) => host);
  const ssh = sshClient(hosts, session.env);
  try {
    const said: Handover[] = [];
    for (const host of hosts) {
      const line = agentLine("handover", member, ...(renew === undefined ? [] : [renew]));
      const asked = await ssh.on(host, `${line} </dev/null`, 5 * minuteMs);
      refuseFailure(host, asked);
      said.push(Answer.parse(JSON.parse(asked.stdout)).handover);
    }
    return texts.handover.shown(member, said, options.stack);
  } finally {
    ssh.end();
  }
}
