import { association } from "../association.ts";
import type { Loaded, Member } from "../load.ts";
import { listAddress, listDomain } from "../member/names.ts";
import { isWithin, registrable } from "../plan/zone.ts";
import type { Problem } from "../problem.ts";
import { at, bySeniority } from "./context.ts";

type Declared = { address: string; keys: PropertyKey[]; kind: "mailboxes" | "aliases" | "forwards" | "lists" };

/** Every address that a member's file makes, the lists' included. */
export function addressesOf({ declaration: said }: Member): Declared[] {
  const own = (["mailboxes", "aliases", "forwards"] as const).flatMap((kind) =>
    (said[kind] ?? []).map(({ address }, index): Declared => ({ address, keys: [kind, index, "address"], kind })),
  );
  const lists = (said.lists ?? []).map(
    (list, index): Declared => ({ address: listAddress(said, list), keys: ["lists", index, "name"], kind: "lists" }),
  );
  return [...own, ...lists];
}

const suffixes = ["request", "owner", "editor", "subscribe", "unsubscribe"];

/** An address is made once, and is none of the addresses that come with a list. */
export function addressesAreUnique(loaded: Loaded): Problem[] {
  const taken = new Map<string, string>();
  const all = bySeniority(loaded).map((member) => ({ member, addresses: addressesOf(member) }));
  for (const { member, addresses } of all) {
    for (const { address, kind } of addresses) {
      if (kind !== "lists") continue;
      const [local = "", domain = ""] = address.split("@");
      for (const suffix of suffixes) taken.set(`${local}-${suffix}@${domain}`, member.file);
    }
  }
  return all.flatMap(({ member, addresses }) =>
    addresses.flatMap(({ address, keys }) => {
      const file = taken.get(address);
      taken.set(address, file ?? member.file);
      return file === undefined ? [] : [at(member, keys, "address/taken", { read: address, file })];
    }),
  );
}

/** An address lies in a domain of its member that has mail. */
export function addressesAreOwn({ members }: Loaded): Problem[] {
  return members.flatMap((member) => {
    const domains = (member.declaration.domains ?? []).filter((domain) => domain.void === undefined);
    return addressesOf(member).flatMap(({ address, keys, kind }) => {
      if (kind === "lists") return [];
      const name = address.slice(address.indexOf("@") + 1);
      const found = domains.filter((domain) => domain.name === name);
      if (found.length === 0)
        return [at(member, keys, "address/domain", { read: address, allowed: domains.map((domain) => domain.name) })];
      return found.every(({ mail }) => mail === false) ? [at(member, keys, "address/no-mail", { read: address })] : [];
    });
  });
}

/** What is written to nobody goes to an address of the member or a contact, in a domain that has mail. */
export function catchAllsAreKnown({ members }: Loaded): Problem[] {
  return members.flatMap((member) => {
    const known = addressesOf(member).map(({ address }) => address);
    return (member.declaration.domains ?? []).flatMap(({ catchAll, mail, name }, index) => {
      if (catchAll === undefined) return [];
      const keys = ["domains", index, "catchAll"];
      if (mail === false) return [at(member, keys, "address/no-mail", { read: `*@${name}` })];
      return catchAll.startsWith("contact:") || known.includes(catchAll)
        ? []
        : [at(member, keys, "address/catch-all", { read: catchAll, allowed: known })];
    });
  });
}

/** Free texts hold no mail address: the files are read by all, and addresses of persons are kept apart. */
export function textsHoldNoAddress({ members }: Loaded): Problem[] {
  return members.flatMap((member) => {
    const { name, status, costs = [], lists = [], robot } = member.declaration;
    const texts: [string | undefined, PropertyKey[]][] = [
      [name, ["name"]],
      [status?.state === "suspended" ? status.reason : undefined, ["status", "reason"]],
      [robot?.title, ["robot", "title"]],
      ...lists.map(({ title }, index): [string | undefined, PropertyKey[]] => [title, ["lists", index, "title"]]),
      ...costs.flatMap((cost, index) =>
        (["supplier", "label"] as const).map((key): [string, PropertyKey[]] => [cost[key], ["costs", index, key]]),
      ),
      ...voidable.flatMap((kind) =>
        (member.declaration[kind] ?? []).map((entry, index): [string | undefined, PropertyKey[]] => [
          entry.void,
          [kind, index, "void"],
        ]),
      ),
    ];
    return texts.flatMap(([read = "", keys]) =>
      /\S@\S+\.\S/.test(read) ? [at(member, keys, "text/address", { read })] : [],
    );
  });
}

const voidable = ["packs", "options", "blocks", "domains", "services", "costs"] as const;

/** Certificate authorities trust some addresses, so they lead to a known contact only. */
const trusted = new Set(["hostmaster", "webmaster", "security", "noc", "admin", "administrator"]);

/** Addresses with a meaning of their own are given only to a contact. */
export function trustedAddressesAreForwards({ members }: Loaded): Problem[] {
  return members.flatMap((member) =>
    addressesOf(member).flatMap(({ address, keys, kind }) =>
      trusted.has(address.split("@")[0] ?? "") && kind !== "forwards"
        ? [at(member, keys, "address/reserved", { read: address })]
        : [],
    ),
  );
}

/** An alias leads to addresses that the member has, and not back to itself. */
export function aliasesLeadSomewhere({ members }: Loaded): Problem[] {
  return members.flatMap((member) => {
    const aliases = member.declaration.aliases ?? [];
    const known = addressesOf(member).map(({ address }) => address);
    const next = new Map(aliases.map(({ address, to }) => [address, to]));
    return aliases.flatMap(({ address, to }, index) => {
      const unknown = to.flatMap((read, place) =>
        known.includes(read)
          ? []
          : [at(member, ["aliases", index, "to", place], "alias/target", { read, allowed: known })],
      );
      const path = loop(address, next);
      return path === undefined ? unknown : [...unknown, at(member, ["aliases", index], "alias/loop", { path })];
    });
  });
}

/** The way from an alias back to itself; undefined when there is none. */
function loop(start: string, next: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const seen = new Set<string>();
  const ways = [[start]];
  for (let way = ways.pop(); way !== undefined; way = ways.pop()) {
    for (const target of next.get(way.at(-1) ?? "") ?? []) {
      if (target === start) return [...way, target];
      if (!seen.has(target)) {
        seen.add(target);
        ways.push([...way, target]);
      }
    }
  }
  return undefined;
}

const reservedLists = new Set(["sympa", "listmaster", "bounce", "abuse-feedback-report", "postmaster", "abuse"]);

/** A list's name is free for a list (Sympa keeps some), and its place exists. */
export function listsAreSound({ members }: Loaded): Problem[] {
  return members.flatMap((member) => {
    const said = member.declaration;
    return (said.lists ?? []).flatMap((list, index) => {
      const keys = ["lists", index, "name"];
      const suffix = suffixes.find((candidate) => list.name.endsWith(`-${candidate}`));
      if (reservedLists.has(list.name)) return [at(member, keys, "list/reserved", { read: list.name })];
      if (suffix !== undefined) return [at(member, keys, "list/suffix", { read: list.name, suffix: `-${suffix}` })];
      return list.on === "robot" && listDomain(said, list) === association.listsDomain
        ? [at(member, ["lists", index, "on"], "list/no-robot", undefined)]
        : [];
    });
  });
}

/** A robot lives below a domain of its member, under a name of its own. */
export function robotsAreSound({ members }: Loaded): Problem[] {
  const taken = new Map<string, string>();
  return members.flatMap((member) => {
    const { robot, domains = [], sites = [] } = member.declaration;
    if (robot === undefined) return [];
    const keys = ["robot", "domain"];
    const read = robot.domain;
    const file =
      taken.get(read) ??
      (sites.some(({ name, aliases }) => name === read || aliases?.includes(read) === true) ? member.file : undefined);
    taken.set(read, member.file);
    const allowed = domains.map(({ name }) => name);
    if (!allowed.some((domain) => isWithin(read, domain))) return [at(member, keys, "robot/domain", { read, allowed })];
    if (registrable(read) === read) return [at(member, keys, "robot/apex", { read })];
    return file === undefined ? [] : [at(member, keys, "robot/taken", { read, file })];
  });
}

/** Owners and listmasters are addresses of the member or contacts: no private address stands in a file. */
export function ownersAreKnown({ members }: Loaded): Problem[] {
  return members.flatMap((member) => {
    const { lists = [], robot } = member.declaration;
    const known = new Set(addressesOf(member).map(({ address }) => address));
    const people = [
      ...lists.flatMap(({ owners }, index) =>
        owners.map((read, place) => ({ read, keys: ["lists", index, "owners", place] })),
      ),
      ...(robot?.listmasters ?? []).map((read, place) => ({ read, keys: ["robot", "listmasters", place] })),
    ];
    return people.flatMap(({ read, keys }) =>
      read.startsWith("contact:") || known.has(read) ? [] : [at(member, keys, "owner/unknown", { read })],
    );
  });
}
