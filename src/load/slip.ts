/** Slips of the keyboard that people make in a member file, as far as the parser's words tell them. */
export type Slip = "comma" | "semicolon" | "quote" | "quotes" | "equals" | "hole" | "other";

/** The slip behind the first error of the parser, whose own words are in English and for programmers. */
export function slipOf(said: string): Slip {
  if (/^Expected `,` or `[}\])]` but found `;`/.test(said)) return "semicolon";
  if (/^Expected `,` or `[}\])]` but found/.test(said)) return "comma";
  if (said.startsWith("Unterminated string")) return "quote";
  if (/^Invalid Character `[\u00ab\u00bb\u2018\u2019\u201a\u201c-\u201e]/.test(said)) return "quotes";
  if (said.startsWith("Invalid assignment in object literal")) return "equals";
  return "other";
}
