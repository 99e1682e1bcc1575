import type { PackId } from "../catalogue/define.ts";
import { blocks, options } from "../catalogue/index.ts";
import type { Loaded, Member } from "../load.ts";
import { dayOf } from "../period.ts";
import type { Problem } from "../problem.ts";
import type { Declaration } from "../schema.ts";
import { at } from "./context.ts";
import { overlap, type Span, spanOf, uncovered } from "./spans.ts";

/** Spans of the packs of some kinds; those declared void never were. */
export function packSpans(declaration: Declaration, kinds: readonly PackId[]): Span[] {
  return (declaration.packs ?? []).flatMap((pack) =>
    pack.void === undefined && kinds.includes(pack.pack) ? [spanOf(pack)] : [],
  );
}

const each = (check: (member: Member) => Problem[]) => (loaded: Loaded) => loaded.members.flatMap(check);

/** A pack lies within the membership (B27). */
export const packsNeedMembership = each((member) => {
  const { membership, packs = [] } = member.declaration;
  return packs.flatMap((pack, index) => {
    if (pack.void !== undefined) return [];
    if (pack.from < membership.since) {
      return [
        at(member, ["packs", index, "from"], "pack/before-membership", { read: pack.from, since: membership.since }),
      ];
    }
    if (membership.to === undefined || (pack.to !== undefined && pack.to <= membership.to)) return [];
    return [at(member, ["packs", index], "pack/after-membership", { to: membership.to })];
  });
});

/** Two packs of one kind at one time have different labels (B10). */
export const packsAreTold = each((member) => {
  const { packs = [] } = member.declaration;
  return packs.flatMap((pack, index) => {
    const twin = packs.findIndex(
      (other, before) =>
        before < index &&
        other.pack === pack.pack &&
        other.label === pack.label &&
        other.void === undefined &&
        pack.void === undefined &&
        overlap(spanOf(other), spanOf(pack)),
    );
    return twin === -1 ? [] : [at(member, ["packs", index], "pack/twice", { pack: pack.pack })];
  });
});

/** `replaces` names a pack of the member that ends the day before (B8). */
export const replacedPacksEnd = each((member) => {
  const { packs = [] } = member.declaration;
  return packs.flatMap(({ replaces, from }, index) => {
    if (replaces === undefined) return [];
    const ended = packs.filter(({ to }) => to !== undefined && dayOf(to) + 1 === dayOf(from));
    const allowed = ended.map(({ pack, label }) => (label === undefined ? pack : `${pack}/${label}`));
    return allowed.includes(replaces)
      ? []
      : [at(member, ["packs", index, "replaces"], "pack/replaces", { read: replaces, allowed })];
  });
});

/** An option or a block has its pack for all of its time (B26). */
export const optionsNeedPacks = each((member) => {
  const said = member.declaration;
  const bought = (said.options ?? []).flatMap((option, index) => {
    if (option.void !== undefined) return [];
    const { needs, title } = options[option.option];
    const day = uncovered(spanOf(option), packSpans(said, needs));
    return day === undefined ? [] : [at(member, ["options", index], "option/pack", { what: title, packs: needs, day })];
  });
  const reserves = (said.blocks ?? []).flatMap((block, index) => {
    if (block.void !== undefined) return [];
    const { needs, title } = blocks[block.kind];
    const day = uncovered(spanOf({ from: block.on, to: block.on }), packSpans(said, needs));
    return day === undefined ? [] : [at(member, ["blocks", index], "option/pack", { what: title, packs: needs, day })];
  });
  return [...bought, ...reserves];
});

const siteKeys = ["sites", "databases", "accounts", "software", "php"] as const;
const everyWeb = ["autonomous", "assisted"] as const;

/** Sites, databases, accounts and software need a pack with a site; a robot needs the pack of lists. */
export const thingsNeedPacks = each((member) => {
  const said = member.declaration;
  const web = packSpans(said, everyWeb).length > 0;
  const lists = packSpans(said, ["sympa"]).length > 0;
  const missing = siteKeys.flatMap((key) => {
    const there = said[key];
    if (web || there === undefined || (Array.isArray(there) && there.length === 0)) return [];
    return [at(member, [key], "thing/pack", { what: key, packs: everyWeb })];
  });
  if (said.robot !== undefined && !lists)
    missing.push(at(member, ["robot"], "thing/pack", { what: "robot", packs: ["sympa"] }));
  return missing;
});

/** Level 3 of assistance has a quotation, and nothing else has one (B46). */
export const quotationsAreForLevelThree = each((member) =>
  (member.declaration.options ?? []).flatMap((option, index) => {
    if (option.option !== "assistance" || (option.level === 3) === (option.quotation !== undefined)) return [];
    return option.level === 3
      ? [at(member, ["options", index], "option/quotation-missing", { from: option.from })]
      : [at(member, ["options", index, "quotation"], "option/quotation-useless", { level: option.level })];
  }),
);

/** A block has an id of its own; it is recovered once, from 1 January after its purchase or when the member leaves (B39, B43). */
export const blocksAreRecovered = each((member) => {
  const { blocks: bought = [], recover = [], status } = member.declaration;
  const twice = bought.flatMap(({ id }, index) =>
    bought.findIndex((other) => other.id === id) < index
      ? [at(member, ["blocks", index, "id"], "block/twice", { read: id })]
      : [],
  );
  const leaves = status?.state === "leaving" || status?.state === "left" ? status.on : undefined;
  const wrong = recover.flatMap(({ block, on }, index) => {
    const found = bought.find(({ id }) => id === block);
    if (found === undefined) {
      return [
        at(member, ["recover", index, "block"], "recover/unknown", {
          read: block,
          allowed: bought.map(({ id }) => id),
        }),
      ];
    }
    if (recover.findIndex((other) => other.block === block) < index) {
      return [at(member, ["recover", index, "block"], "recover/twice", { read: block })];
    }
    const first = `${Number(found.on.slice(0, 4)) + 1}-01-01`;
    return on >= first || on === leaves
      ? []
      : [at(member, ["recover", index, "on"], "recover/early", { read: on, first })];
  });
  return [...twice, ...wrong];
});

type Interval = { from?: string | undefined; to?: string | undefined };

/** Nothing ends before it starts. */
export const endsFollowStarts = each((member) => {
  const said = member.declaration;
  const found: Problem[] = [];
  const look = (entry: Interval, keys: PropertyKey[]) => {
    if (entry.from !== undefined && entry.to !== undefined && entry.to < entry.from) {
      found.push(at(member, [...keys, "to"], "interval/order", { from: entry.from, to: entry.to }));
    }
  };
  for (const key of [
    "packs",
    "options",
    "domains",
    "databases",
    "accounts",
    "software",
    "mailboxes",
    "lists",
  ] as const) {
    said[key]?.forEach((entry, index) => look(entry, [key, index]));
  }
  said.databases?.forEach(({ users = [] }, index) =>
    users.forEach((user, user_) => look(user, ["databases", index, "users", user_])),
  );
  look({ from: said.membership.since, to: said.membership.to }, ["membership"]);
  if (said.robot !== undefined) look(said.robot, ["robot"]);
  return found;
});

/** Services and costs have ids of their own and lie within the membership; on-site support is once a month (B50, B54). */
export const servicesAreSound = each((member) => {
  const { services = [], costs = [], membership } = member.declaration;
  const found: Problem[] = [];
  services.forEach((service, index) => {
    const keys = ["services", index] as const;
    if (services.findIndex(({ id }) => id === service.id) < index) {
      found.push(at(member, [...keys, "id"], "service/twice", { read: service.id }));
    }
    if (service.void !== undefined) return;
    if (service.on < membership.since || (membership.to !== undefined && service.on > membership.to)) {
      found.push(at(member, [...keys, "on"], "service/membership", { read: service.on }));
    }
    const month = service.on.slice(0, 7);
    const same = services.findIndex(
      (other) => other.service === "onsiteSupport" && other.void === undefined && other.on.startsWith(month),
    );
    if (service.service === "onsiteSupport" && same < index) {
      found.push(at(member, [...keys, "on"], "service/month", { month }));
    }
  });
  costs.forEach((cost, index) => {
    if (costs.findIndex(({ reference }) => reference === cost.reference) < index) {
      found.push(at(member, ["costs", index, "reference"], "service/twice", { read: cost.reference }));
    }
  });
  return found;
});

/** Who has left has no pack that runs. */
export const leaversHaveNoPack = each((member) => {
  const { status, packs = [] } = member.declaration;
  if (status?.state !== "left") return [];
  return packs.flatMap((pack, index) =>
    pack.void === undefined && (pack.to === undefined || pack.to > status.on)
      ? [at(member, ["packs", index], "status/pack-runs", { on: status.on })]
      : [],
  );
});
