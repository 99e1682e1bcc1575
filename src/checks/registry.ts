import type { Loaded, Member } from "../load.ts";
import { namedHost, registeredNames, wantedEntry } from "../member/names.ts";
import type { Problem } from "../problem.ts";
import { placedRoles, registeredKinds } from "../registry.ts";
import { at, atFile } from "./context.ts";

/** An id of the registry has its file: a lost file is never a deletion, and a renamed one keeps its old name. */
export function noFileIsLost({ registry, ids, members }: Loaded): Problem[] {
  const present = new Set(ids);
  const known = new Set(registry.map(({ entry }) => entry.id));
  const strangers = new Map(members.filter(({ id }) => !known.has(id)).map((one) => [one.declaration.number, one]));
  return registry
    .filter(({ entry }) => !present.has(entry.id))
    .map(({ file, entry, number }) => {
      const renamed = strangers.get(number);
      return renamed === undefined
        ? atFile(file, "registry/lost", { id: entry.id })
        : at(renamed, [], "registry/renamed", { id: entry.id });
    });
}

/** An id has one number. */
export function oneNumberAnId({ registry }: Loaded): Problem[] {
  const numbers = new Map<string, number>();
  return registry.flatMap(({ file, entry, number }) => {
    const other = numbers.get(entry.id);
    numbers.set(entry.id, other ?? number);
    return other === undefined ? [] : [atFile(file, "registry/id-twice", { id: entry.id, other })];
  });
}

/** A member's number is the registry's, and no other's. */
export function numberIsRegistered({ members, registry, ids }: Loaded): Problem[] {
  const present = new Set(ids);
  // Of two numbers of one id the first counts; the second is reported by itself.
  const numberOf = new Map(registry.toReversed().map(({ entry, number }) => [entry.id, number]));
  // A number whose own file is gone: its member was renamed, which is said by itself.
  const idOf = new Map(registry.map(({ entry, number }) => [number, present.has(entry.id) ? entry.id : undefined]));
  const seen = new Map<number, string>();
  return members.flatMap((member) => {
    const read = member.declaration.number;
    const registered = numberOf.get(member.id);
    if (registered !== undefined && registered !== read) {
      return [at(member, ["number"], "registry/number", { read, registered })];
    }
    const other = registered === undefined ? (idOf.get(read) ?? seen.get(read)) : undefined;
    seen.set(read, member.id);
    return other === undefined ? [] : [at(member, ["number"], "registry/number-taken", { read, other })];
  });
}

/** What is given for ever stands in the registry, and stays in its member's file. */
export function namesAreRegistered({ members, registry }: Loaded): Problem[] {
  const entries = new Map(registry.map(({ entry }) => [entry.id, entry]));
  const numbers = new Set(registry.map(({ number }) => number));
  return members.flatMap((member) => {
    const entry = entries.get(member.id);
    // One who has another's number is told so, which is to be settled first.
    if (entry === undefined && numbers.has(member.declaration.number)) return [];
    if (entry === undefined) return [at(member, [], "registry/absent", { id: member.id })];
    const wanted = wantedEntry(member.id, member.declaration);
    const absent = registeredNames(member.id, member.declaration)
      .filter(({ kind, name }) => !entry[kind].includes(name))
      .map(({ name, keys }) => at(member, keys, "registry/name-absent", { read: name }));
    const gone = registeredKinds.flatMap((kind) =>
      entry[kind]
        .filter((name) => !wanted[kind].includes(name))
        .map((name) => at(member, goneKeys(member, kind), "registry/name-gone", { read: name })),
    );
    return [...absent, ...gone];
  });
}

function goneKeys({ declaration }: Member, kind: (typeof registeredKinds)[number]): PropertyKey[] {
  const key = { databases: "databases", logins: "accounts", robots: "robot", lists: "lists" }[kind];
  return Object.hasOwn(declaration, key) ? [key] : [];
}

/** Kinds whose names do not begin with their member's id, so that two members could take one. */
const sharedKinds = ["robots", "lists"] as const;

/** A name that was given to one member is never given to another. */
export function namesAreNeverReused({ members, registry }: Loaded): Problem[] {
  const holders = new Map<string, string[]>();
  for (const { entry } of registry) {
    for (const kind of sharedKinds) {
      for (const name of entry[kind])
        holders.set(`${kind} ${name}`, [...(holders.get(`${kind} ${name}`) ?? []), entry.id]);
    }
  }
  return members.flatMap((member) =>
    registeredNames(member.id, member.declaration).flatMap(({ kind, name, keys }) => {
      const held = holders.get(`${kind} ${name}`) ?? [];
      const [other] = held;
      return other === undefined || held.includes(member.id)
        ? []
        : [at(member, keys, "registry/name-taken", { read: name, other })];
    }),
  );
}

/** The host that a file names is the one that has the data: another name in the file moves nothing. */
export function placesAreKept({ members, registry }: Loaded): Problem[] {
  const entries = new Map(registry.map(({ entry }) => [entry.id, entry]));
  return members.flatMap((member) =>
    placedRoles.flatMap((role) => {
      const read = namedHost(member.declaration, role);
      const entry = entries.get(member.id);
      if (read === undefined || entry === undefined) return [];
      const registered = entry.places?.[role];
      const keys = ["host", role];
      if (registered === undefined) return [at(member, keys, "host/unregistered", { read, role })];
      return registered === read ? [] : [at(member, keys, "host/moved", { read, role, registered })];
    }),
  );
}
