import type { PackId } from "./catalogue/define.ts";
import type { OptionId, options } from "./catalogue/index.ts";
import type { DeclarationInput } from "./schema.ts";

type PackEntry = NonNullable<DeclarationInput["packs"]>[number];
type OptionEntry = NonNullable<DeclarationInput["options"]>[number];
type WebKey = "sites" | "databases" | "accounts" | "software" | "php";

/** The options that one of the held packs can carry. */
type Allowed<Held extends PackId> = {
  [Id in OptionId]: Extract<Held, (typeof options)[Id]["needs"][number]> extends never
    ? never
    : Extract<OptionEntry, { option: Id }>;
}[OptionId];

/** The keys as they are when one of `Packs` is held; else a sentence in place of their type, which the editor shows. */
type Needs<Held extends PackId, Packs extends PackId, Keys extends keyof DeclarationInput, Sentence extends string> =
  Extract<Held, Packs> extends never ? { [Key in Keys]?: Sentence } : Pick<DeclarationInput, Keys>;

/** Inference takes any further key along: it is refused here. */
type Exact<Packs extends readonly PackEntry[]> = {
  [Place in keyof Packs]: { [Key in Exclude<keyof Packs[Place], keyof PackEntry>]: never };
};

type DeclarationFor<Packs extends readonly PackEntry[], Held extends PackId> = Omit<
  DeclarationInput,
  "packs" | "options" | "blocks" | "robot" | WebKey
> & {
  packs?: Packs & Exact<Packs>;
  options?: readonly Allowed<Held>[];
} & Needs<Held, "autonomous" | "assisted", WebKey, "needs the pack autonomous or assisted"> &
  Needs<Held, "autonomous" | "assisted" | "sympa", "blocks", "needs the pack autonomous, assisted or sympa"> &
  Needs<Held, "sympa", "robot", "needs the pack sympa">;

/**
 * What a member file calls, for the editor's help only: the file is read as data and never executed. Generic over the
 * tuple of packs, so that an option or a thing without its pack is marked while it is typed.
 */
export function member<const Packs extends readonly PackEntry[] = readonly []>(
  declaration: DeclarationFor<Packs, Packs[number]["pack"]>,
): typeof declaration {
  return declaration;
}
