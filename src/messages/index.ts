import { en } from "./en.ts";
import { fr } from "./fr.ts";

export type Rule = keyof typeof fr;
/** What the sentence of a rule needs to know. */
export type Details<R extends Rule> = Parameters<(typeof fr)[R]>[0];
/** A catalogue of messages has a sentence for every rule, of the same details: a missing one is a type error. */
export type Messages = { [R in Rule]: (details: Details<R>) => string };

const catalogues = { fr, en } satisfies Record<string, Messages>;
export type Language = keyof typeof catalogues;
export const languages = Object.keys(catalogues) as Language[];

/** The sentence of a rule in a language. */
export function sentence<R extends Rule>(rule: R, details: Details<R>, language: Language): string {
  return (catalogues[language][rule] as (details: Details<R>) => string)(details);
}
