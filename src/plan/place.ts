import { placeOf } from "../load/place.ts";
import type { Member } from "../load.ts";
import type { Details, Rule } from "../messages/index.ts";
import { Problem } from "../problem.ts";
import type { Host } from "./types.ts";

export type Role = Host["roles"][number];

/** The host of a role for a member, or the rule that says why there is none. */
export function hostFor(
  member: Member,
  role: Role,
  hosts: readonly Host[],
  defaultHost?: string,
): Host | { [R in Rule]: { rule: R; details: Details<R> } }[Rule] {
  const able = hosts.filter((host) => host.roles.includes(role));
  const allowed = able.map((host) => host.host);
  const named = member.declaration.host?.[role] ?? (role === "database" ? member.declaration.host?.web : undefined);
  if (named !== undefined) {
    const host = hosts.find((candidate) => candidate.host === named);
    if (host === undefined)
      return { rule: "host/unknown", details: { read: named, allowed: hosts.map((one) => one.host) } };
    return host.roles.includes(role) ? host : { rule: "host/role", details: { read: named, role, allowed } };
  }
  const [only, second] = able;
  if (only === undefined) return { rule: "host/none", details: { role } };
  return second === undefined
    ? only
    : (able.find((host) => host.host === defaultHost) ?? { rule: "host/several", details: { role, allowed } });
}

/** Roles that a member needs somewhere. */
export function rolesOf({ declaration }: Member): Role[] {
  const web = (declaration.packs ?? []).some(({ pack }) => pack === "autonomous" || pack === "assisted");
  return web ? ["web", "database"] : [];
}

/** Members that cannot be placed on the given hosts. */
export function checkPlaces(members: readonly Member[], hosts: readonly Host[], defaultHost?: string): Problem[] {
  return members.flatMap((member) =>
    rolesOf(member).flatMap((role) => {
      const found = hostFor(member, role, hosts, defaultHost);
      if ("host" in found) return [];
      const at = member.declaration.host?.[role] === undefined ? [] : ["host", role];
      return [new Problem(placeOf(member, at), found.rule, found.details)];
    }),
  );
}
