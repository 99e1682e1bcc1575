import type { DeclarationInput } from "./schema.ts";

/**
 * What a member file calls, for the editor's help only: the file is read as data and never executed.
 */
export function member<const D extends DeclarationInput>(declaration: D): D {
  return declaration;
}
