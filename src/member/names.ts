import { association } from "../association.ts";
import { type Places, placedRoles, type RegisteredKind, type RegistryEntry } from "../registry.ts";
import type { Declaration } from "../schema.ts";

/** Full name of a database, of a further account or of a database's further user. */
export function fullName(id: string, suffix: string): string {
  return `${id}_${suffix}`;
}

/** Address of a declared list: on the member's robot, or on the association's shared domain. */
export function listAddress(declaration: Declaration, list: NonNullable<Declaration["lists"]>[number]): string {
  return `${list.name}@${listDomain(declaration, list)}`;
}

/** Domain of a declared list. */
export function listDomain(declaration: Declaration, list: { on?: "shared" | "robot" | undefined }): string {
  const { robot } = declaration;
  return robot !== undefined && list.on !== "shared" ? robot.domain : association.listsDomain;
}

/** Every name of a declaration that the registry keeps for ever, each with its path. */
export function registeredNames(id: string, declaration: Declaration) {
  const named: { kind: RegisteredKind; name: string; keys: PropertyKey[] }[] = [];
  declaration.databases?.forEach((database, index) => {
    named.push({ kind: "databases", name: fullName(id, database.name), keys: ["databases", index, "name"] });
    database.users?.forEach((user, at) =>
      named.push({ kind: "logins", name: fullName(id, user.name), keys: ["databases", index, "users", at, "name"] }),
    );
  });
  declaration.accounts?.forEach((account, index) => {
    if (account.name !== undefined) {
      named.push({ kind: "logins", name: fullName(id, account.name), keys: ["accounts", index, "name"] });
    }
  });
  if (declaration.robot !== undefined) {
    named.push({ kind: "robots", name: declaration.robot.domain, keys: ["robot", "domain"] });
  }
  declaration.lists?.forEach((list, index) =>
    named.push({ kind: "lists", name: listAddress(declaration, list), keys: ["lists", index, "name"] }),
  );
  return named;
}

/** The host that a member's file names for a role: databases go with the web when only that is named. */
export function namedHost({ host }: Declaration, role: keyof Places): string | undefined {
  return host?.[role] ?? (role === "database" ? host?.web : undefined);
}

/** What the registry has to hold of a member. */
export function wantedEntry(id: string, declaration: Declaration): RegistryEntry {
  const entry: RegistryEntry = { id, databases: [], logins: [id], robots: [], lists: [] };
  for (const { kind, name } of registeredNames(id, declaration))
    if (!entry[kind].includes(name)) entry[kind].push(name);
  for (const role of placedRoles) {
    const host = namedHost(declaration, role);
    if (host !== undefined) entry.places = { ...entry.places, [role]: host };
  }
  return entry;
}
