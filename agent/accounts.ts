import { readFileSync } from "node:fs";
import { Rejection } from "./result.ts";

export interface User {
  name: string;
  id: number;
  gid: number;
  home: string;
  shell: string;
}

export interface Group {
  name: string;
  id: number;
  /** Users that belong to it besides those whose own group it is. */
  members: string[];
}

function lines(file: string): string[][] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split(":"));
}

/** The host's local users. */
export function users(): User[] {
  return lines("/etc/passwd").map(([name = "", , id, gid, , home = "", shell = ""]) => {
    return { name, id: Number(id), gid: Number(gid), home, shell };
  });
}

/** The host's local groups. */
export function groups(): Group[] {
  return lines("/etc/group").map(([name = "", , id, members = ""]) => {
    return { name, id: Number(id), members: members.split(",").filter((member) => member !== "") };
  });
}

/** Whether a password opens a user's account. Nobody logs in as a member's own user. */
export function hasPassword(user: string): boolean {
  const [, password = "!"] = lines("/etc/shadow").find(([name]) => name === user) ?? [];
  return !/^[!*]/.test(password);
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
 * What is missing or wrong of a member's user and group, as the commands that put it right.
 * @param known.open whether a password opens the account
 * @throws Rejection when the name or the number belongs to someone else: it is never taken over.
 */
export function accountCommands(
  member: string,
  uid: number,
  known: { users: readonly User[]; groups: readonly Group[]; open?: boolean },
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
  const home = `/srv/hosting/${member}`;
  const shell = "/usr/sbin/nologin";
  if (named === undefined) {
    commands.push(["useradd", ["-M", "-N", "-u", id, "-g", id, "-d", home, "-s", shell, member]]);
    return commands;
  }
  if (named.gid !== uid) commands.push(["usermod", ["-g", id, member]]);
  if (named.shell !== shell) commands.push(["usermod", ["-s", shell, member]]);
  if (known.groups.some(({ members }) => members.includes(member))) commands.push(["usermod", ["-G", "", member]]);
  if (known.open === true) commands.push(["usermod", ["-L", member]]);
  if (named.home !== home) commands.push(["usermod", ["-d", home, member]]);
  return commands;
}
