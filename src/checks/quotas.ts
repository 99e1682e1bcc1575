import { association } from "../association.ts";
import { anyPack, type PackId, type QuotaKind, type Quotas, webPacks } from "../catalogue/define.ts";
import { options, packs } from "../catalogue/index.ts";
import { priceListOn } from "../catalogue/prices/index.ts";
import type { OfferId } from "../catalogue/prices/types.ts";
import { levelOn } from "../catalogue/software.ts";
import type { Loaded, Member } from "../load.ts";
import { listDomain } from "../member/names.ts";
import type { Problem } from "../problem.ts";
import type { Declaration } from "../schema.ts";
import { at } from "./context.ts";
import { packSpans } from "./packs.ts";
import { type Counted, firstExcess, spanOf } from "./spans.ts";

/** Something that exists and counts against a quota, with its path. */
interface Existing extends Counted {
  keys: PropertyKey[];
}

/** What exists, by quota. Mailboxes count one unit a started GB (B20). */
const existing: { [K in QuotaKind]?: (said: Declaration, since: string) => Existing[] } = {
  mailbox: (said, since) =>
    (said.mailboxes ?? []).map((mailbox, index) => ({
      span: spanOf(mailbox, since),
      units: Math.ceil((mailbox.size ?? 1) / 1_000_000_000),
      keys: ["mailboxes", index],
    })),
  database: (said, since) => counted(said.databases, since, "databases"),
  databaseUser: (said, since) =>
    (said.databases ?? []).flatMap(({ users }, index) => counted(users, since, "databases", index, "users")),
  ftpAccount: (said, since) => counted(said.accounts, since, "accounts"),
  list: (said, since) =>
    counted(said.lists, since, "lists").filter(
      (_, index) => listDomain(said, said.lists?.[index] ?? {}) === association.listsDomain,
    ),
  "assistance-1": (said, since) => software(said, since, 1),
  "assistance-2": (said, since) => software(said, since, 2),
  "assistance-3": (said, since) => software(said, since, 3),
  certificate: (said, since) =>
    (said.sites ?? []).flatMap(({ certificate }, index) =>
      certificate === "bought" ? [{ span: spanOf({}, since), units: 1, keys: ["sites", index, "certificate"] }] : [],
    ),
};

type Lifetime = { from?: string | undefined; to?: string | undefined };

function counted(entries: readonly Lifetime[] | undefined, since: string, ...keys: PropertyKey[]): Existing[] {
  return (entries ?? []).map((entry, index) => ({ span: spanOf(entry, since), units: 1, keys: [...keys, index] }));
}

function software(said: Declaration, since: string, level: 1 | 2 | 3): Existing[] {
  return counted(said.software, since, "software").filter((_, index) => {
    const entry = said.software?.[index];
    return entry !== undefined && levelOn(entry.software, entry.from ?? since) === level;
  });
}

/** What one unit of a bought option adds. */
function given(option: NonNullable<Declaration["options"]>[number]): Quotas {
  const { gives } = options[option.option];
  return gives[option.option === "assistance" ? option.level - 1 : 0] ?? {};
}

/** Nothing exists beyond what is included and bought: nothing is bought by being declared (B19, B22–B24, B44). */
export function nothingExceedsItsQuota({ members }: Loaded): Problem[] {
  return members.flatMap((member) =>
    (Object.keys(existing) as QuotaKind[]).flatMap((kind) => {
      const found = excess(member, kind);
      return found === undefined ? [] : [found];
    }),
  );
}

function excess(member: Member, kind: QuotaKind): Problem | undefined {
  const said = member.declaration;
  const there = existing[kind]?.(said, said.membership.since) ?? [];
  if (there.length === 0) return undefined;
  const included = (said.packs ?? []).flatMap((pack) =>
    pack.void === undefined ? [{ span: spanOf(pack), units: packs[pack.pack].includes[kind] ?? 0 }] : [],
  );
  const bought = (said.options ?? []).flatMap((option) =>
    option.void === undefined
      ? [{ span: spanOf(option), units: (given(option)[kind] ?? 0) * (option.quantity ?? 1) }]
      : [],
  );
  const carriers: readonly PackId[] = kind === "mailbox" || kind === "list" ? anyPack : webPacks;
  const over = firstExcess(there, [...included, ...bought], packSpans(said, carriers));
  if (over === undefined) return undefined;
  const keys = beyond(there, over.allowed, over.day);
  const common = {
    day: over.day,
    existing: over.existing,
    allowed: over.allowed,
    missing: over.existing - over.allowed,
  };
  if (kind === "list") return at(member, keys, "quota/list", { ...common, cents: price("sympa", over.day) });
  const level = kind.startsWith("assistance-") ? Number(kind.at(-1)) : undefined;
  const option = level === undefined ? (kind as keyof typeof options) : "assistance";
  if (level === 3) return at(member, keys, "quota/quotation", common);
  const offer = level === undefined ? options[option].offers[0] : options.assistance.offers[level - 1];
  return at(member, keys, "quota/missing", {
    ...common,
    what: options[option].title,
    option,
    level,
    cents: offer === undefined ? undefined : price(offer, over.day),
  });
}

function price(offer: OfferId, day: string): number | undefined {
  return priceListOn(day)?.prices[offer];
}

/** The first entry that no longer fits on the day: where the problem is shown. */
function beyond(there: readonly Existing[], allowed: number, day: string): PropertyKey[] {
  const { from } = spanOf({ from: day });
  let units = 0;
  for (const entry of there) {
    if (entry.span.from > from || entry.span.to < from) continue;
    units += entry.units;
    if (units > allowed) return entry.keys;
  }
  return [];
}
