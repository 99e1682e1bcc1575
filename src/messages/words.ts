import { distance } from "./distance.ts";

/** French quotation marks for a name within a sentence. */
export function quoted(text: string): string {
  return `« ${text} »`;
}

/** `a, b ou c`. */
export function or(items: readonly string[], word: string): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} ${word} ${items.at(-1) ?? ""}`;
}

/** ` ; vouliez-vous écrire « mailbox » ?` when one of the allowed words is near what was read; else nothing. */
export function suggestion(lead: string, read: string, allowed: readonly string[]): string {
  const near = nearest(read.replaceAll('"', ""), allowed);
  return near === undefined ? "" : `${lead} ${quoted(near)} ?`;
}

/** The allowed word nearest to what was read, if it is near enough to be a slip. */
export function nearest(read: string, allowed: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(read.length / 3));
  let best: string | undefined;
  let bestDistance = most + 1;
  for (const candidate of allowed) {
    const steps = distance(read.toLowerCase(), candidate.replaceAll('"', "").toLowerCase(), bestDistance);
    if (steps < bestDistance) [best, bestDistance] = [candidate.replaceAll('"', ""), steps];
  }
  return best;
}
