import { placeOf } from "../load/place.ts";
import type { Loaded, Member } from "../load.ts";
import { namedHost } from "../member/names.ts";
import type { Details, Rule } from "../messages/index.ts";
import { Problem } from "../problem.ts";
import { type Places, placedRoles } from "../registry.ts";
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
  const named = namedHost(member.declaration, role);
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

/** Roles that a member needs somewhere, and those that its file names a host for. */
export function rolesOf({ declaration }: Member): Role[] {
  const web = (declaration.packs ?? []).some(({ pack }) => pack === "autonomous" || pack === "assisted");
  return placedRoles.filter(
    (role) => (web && (role === "web" || role === "database")) || namedHost(declaration, role) !== undefined,
  );
}

/** Hosts of a member by role; roles without one are left out. */
export function placesOn(member: Member, hosts: readonly Host[], defaultHost?: string): Places {
  const places: Places = {};
  for (const role of rolesOf(member)) {
    const found = hostFor(member, role, hosts, defaultHost);
    if ("host" in found) places[role] = found.host;
  }
  return places;
}

/**
 * Members that cannot be placed on the given hosts, and those that would leave the host that has their data: neither the
 * file nor the stack's default moves data.
 */
export function checkPlaces(
  { members, registry }: Pick<Loaded, "members" | "registry">,
  hosts: readonly Host[],
  defaultHost?: string,
): Problem[] {
  const registered = new Map(registry.map(({ entry }) => [entry.id, entry.places]));
  return members.flatMap((member) =>
    rolesOf(member).flatMap((role) => {
      const found = hostFor(member, role, hosts, defaultHost);
      const at = placeOf(member, member.declaration.host?.[role] === undefined ? [] : ["host", role]);
      if (!("host" in found)) return [new Problem(at, found.rule, found.details)];
      const there = registered.get(member.id)?.[role];
      // A host that the file names is compared without any stack.
      if (there === undefined || there === found.host || namedHost(member.declaration, role) !== undefined) return [];
      return [new Problem(at, "host/left", { read: found.host, role, registered: there })];
    }),
  );
}
