import * as fc from "fast-check";
import { declarationOf, type Loaded, type Member } from "../../src/load.ts";
import { wantedEntry } from "../../src/member/names.ts";
import type { DeclarationInput } from "../../src/schema.ts";

/** Text of a member file that says this; keys in the order of the value. */
export function fileText(declaration: object): string {
  return `import { member } from "../src/member.ts";\n\nexport default member(${JSON.stringify(declaration, undefined, 2)});\n`;
}

/** A member as read from its text. Throws with the problems when the text is not sound. */
export function memberOf(id: string, text: string): Member {
  const file = `members/${id}.ts`;
  const { declaration, problems } = declarationOf({ file, text });
  if (declaration === undefined) throw new Error(problems.join("\n"));
  return { id, file, text, declaration };
}

/** The member `lac`, with a web pack and the domain `lac.example` since 2026, and what else it says. */
export function lacWith(said: Partial<DeclarationInput> = {}): Member {
  const from = "2026-01-01";
  return memberOf(
    "lac",
    fileText({
      number: 5,
      name: "Le lac",
      kind: "association",
      membership: { since: from },
      packs: [{ pack: "autonomous", from }],
      domains: [{ name: "lac.example", from }],
      ...said,
    }),
  );
}

/** Members with the registry that belongs to them. */
export function loadedWith(members: Member[]): Loaded {
  const registry = members.map((member) => ({
    number: member.declaration.number,
    file: `members/registry/${member.declaration.number}`,
    entry: wantedEntry(member.id, member.declaration),
  }));
  return { members, registry, certificates: [], ids: members.map(({ id }) => id), problems: [] };
}

const pick = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const maybe = <T>(value: T) => fc.option(fc.constant(value), { nil: undefined });

/** Sound declarations of one member, of every pack and most keys; ids, numbers and names follow from `id` and `number`. */
export function declarations(id: string, number: number): fc.Arbitrary<DeclarationInput> {
  const domain = `${id}.example`;
  const since = "2025-01-01";
  return fc
    .record({
      kind: pick("association", "individual"),
      pack: pick("autonomous", "assisted", "sympa", "mailboxes"),
      mailboxes: fc.nat(7),
      aliases: fc.nat(3),
      databases: fc.nat(3),
      lists: fc.nat(7),
      blocks: fc.nat(2),
      domains: fc.nat(7),
      own: maybe(true),
      php: maybe("8.4"),
      name: fc
        .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
        .filter((text) => /^(?! )[^\p{C}\u2028\u2029]{1,40}(?<! )$/u.test(text)),
      overage: pick("alert", "buy", "stop", undefined),
      records: fc.nat(3),
    })
    .map((drawn) => {
      const web = drawn.pack === "autonomous" || drawn.pack === "assisted";
      const included = web ? 5 : drawn.pack === "mailboxes" ? 1 : 0;
      const count = (n: number) => Array.from({ length: n }, (_, index) => index);
      const said: Record<string, unknown> = {
        number,
        name: drawn.name,
        kind: drawn.kind,
        membership: { since },
        packs: [{ pack: drawn.pack, from: since }],
        domains: [
          {
            name: domain,
            from: since,
            ...(drawn.own === undefined ? {} : { registeredBy: "us" }),
            records: count(drawn.records).map((n) => ({ name: `n${n}`, type: "TXT", value: `v${n}` })),
          },
          ...count(drawn.domains).map((n) => ({ name: `${id}${n}.example`, from: since })),
        ],
        mailboxes: count(drawn.mailboxes).map((n) => ({ address: `m${n}@${domain}` })),
        aliases:
          drawn.mailboxes === 0
            ? []
            : count(drawn.aliases).map((n) => ({ address: `a${n}@${domain}`, to: [`m0@${domain}`] })),
        lists: web
          ? count(Math.min(5, drawn.lists)).map((n) => ({ name: `${id}-${n}`, kind: "group", owners: ["contact:x"] }))
          : [],
      };
      const bought = [
        ...(drawn.mailboxes > included
          ? [{ option: "mailbox", quantity: drawn.mailboxes - included, from: since }]
          : []),
        ...(web && drawn.databases > 1 ? [{ option: "database", quantity: drawn.databases - 1, from: since }] : []),
      ];
      if (bought.length > 0) said["options"] = bought;
      if (web) said["databases"] = count(drawn.databases).map((n) => ({ name: `d${n}` }));
      if (web && drawn.php !== undefined) said["php"] = drawn.php;
      if (drawn.pack !== "mailboxes")
        said["blocks"] = count(drawn.blocks).map((n) => ({ kind: "disk", id: `b${n}`, on: since }));
      if (drawn.overage !== undefined) said["overage"] = drawn.overage;
      return said as DeclarationInput;
    });
}

/** The same value with its keys in another order, everywhere. */
export function shuffled(value: unknown, turn: number): unknown {
  if (Array.isArray(value)) return value.map((inner) => shuffled(inner, turn));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, shuffled(inner, turn)] as const);
  const start = entries.length === 0 ? 0 : turn % entries.length;
  return Object.fromEntries([...entries.slice(start), ...entries.slice(0, start)].toReversed());
}
