import { readFileSync } from "node:fs";
import { Rejection } from "./result.ts";

export interface Account {
  name: string;
  id: number;
  /** Of a user: its group. */
  gid: number;
}

function entries(file: string): Account[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [name = "", , id = "", gid = ""] = line.split(":");
      return { name, id: Number(id), gid: Number(gid) };
    });
}

/** The host's local users. */
export function users(): Account[] {
  return entries("/etc/passwd");
}

/** The host's local groups; their `gid` means nothing. */
export function groups(): Account[] {
  return entries("/etc/group");
}

/** Number of a local user; -1, which no file has, when there is none. */
export function userId(name: string): number {
  return name === "root" ? 0 : (users().find((user) => user.name === name)?.id ?? -1);
}

/** Number of a local group; -1 when there is none. */
export function groupId(name: string): number {
  return name === "root" ? 0 : (groups().find((group) => group.name === name)?.id ?? -1);
}

/**
 * What is missing of a member's user and group, as the commands that make them.
 * @throws Rejection when the name or the number belongs to someone else: it is never taken over.
 */
export function accountCommands(
  member: string,
  uid: number,
  known: { users: readonly Account[]; groups: readonly Account[] },
): [string, string[]][] {
  const named = known.users.find((user) => user.name === member);
  const numbered = known.users.find((user) => user.id === uid);
  const group = known.groups.find((candidate) => candidate.name === member);
  const groupNumbered = known.groups.find((candidate) => candidate.id === uid);
  if (named !== undefined && named.id !== uid) {
    throw new Rejection(`le compte ${member} existe déjà avec l'uid ${named.id} (attendu : ${uid})`);
  }
  if (numbered !== undefined && numbered.name !== member) {
    throw new Rejection(`l'uid ${uid} appartient à ${numbered.name}, pas à ${member}`);
  }
  if (group !== undefined && group.id !== uid) {
    throw new Rejection(`le groupe ${member} existe déjà avec le gid ${group.id} (attendu : ${uid})`);
  }
  if (groupNumbered !== undefined && groupNumbered.name !== member) {
    throw new Rejection(`le gid ${uid} appartient au groupe ${groupNumbered.name}, pas à ${member}`);
  }
  const id = String(uid);
  const commands: [string, string[]][] = [];
  if (group === undefined) commands.push(["groupadd", ["-g", id, member]]);
  if (named === undefined) {
    const home = `/srv/hosting/${member}`;
    commands.push(["useradd", ["-M", "-N", "-u", id, "-g", id, "-d", home, "-s", "/usr/sbin/nologin", member]]);
  }
  return commands;
}
