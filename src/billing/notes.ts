import { texts } from "./texts.ts";
import type { BillNote } from "./types.ts";

/** Notes with the unmeasured months of one member and kind said once; all others as they are, in their order. */
export function condensed(notes: readonly BillNote[]): BillNote[] {
  const kindOf = ({ member, unmeasured }: BillNote): string => `${member} ${unmeasured?.kind ?? ""}`;
  const groups = Map.groupBy(
    notes.filter(({ unmeasured }) => unmeasured !== undefined),
    kindOf,
  );
  return notes.flatMap((note) => {
    if (note.unmeasured === undefined) return [note];
    const months = groups.get(kindOf(note))?.flatMap(({ unmeasured }) => unmeasured?.month ?? []) ?? [];
    if (months[0] !== note.unmeasured.month) return [];
    return [{ ...note, message: texts.unmeasuredMonths(note.unmeasured.kind, months) }];
  });
}
