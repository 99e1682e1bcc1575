import { distance } from "./distance.ts";

/** French quotation marks for a name within a sentence. */
export function quoted(text: string): string {
  return `« ${text} »`;
}

/** `a, b ou c`. */
export function or(items: readonly string[], word: string): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} ${word} ${items.at(-1) ?? ""}`;
}

/** ` — vouliez-vous écrire « mailbox » ?` when one of the allowed words is near what was read; else nothing. */
export function hint(read: string, allowed: readonly string[]): string {
  const near = nearest(read, allowed);
  return near === undefined ? "" : ` \u2014 vouliez-vous écrire ${quoted(near)} ?`;
}

/** ` — did you mean "mailbox"?`, or nothing. */
export function hintEnglish(read: string, allowed: readonly string[]): string {
  const near = nearest(read, allowed);
  return near === undefined ? "" : ` \u2014 did you mean "${near}"?`;
}

/** The allowed word nearest to what was read, if it is near enough to be a slip. */
export function nearest(read: string, allowed: readonly string[]): string | undefined {
  const word = read.replaceAll('"', "").toLowerCase();
  // Of one or two characters every other word would be near.
  if (word.length < 3) return undefined;
  const most = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  let bestDistance = most + 1;
  for (const candidate of allowed) {
    const steps = distance(word, candidate.replaceAll('"', "").toLowerCase(), bestDistance);
    if (steps < bestDistance) [best, bestDistance] = [candidate.replaceAll('"', ""), steps];
  }
  return best;
}
