import type { PackId, Quotas } from "../catalogue/define.ts";
import { packs as catalogue } from "../catalogue/index.ts";
import { inService } from "../member/service.ts";
import type { Declaration } from "../schema.ts";

/** Bytes of a GB (B31). */
export const GB = 1_000_000_000;
/** GB by which a block of disk raises the limit while it is not recovered. */
const blockGb = 20;

/** What a member may use, bytes: `disk` at a time, `traffic` in a month before a reserve is drawn on. */
export interface Allowance {
  disk: number;
  traffic: number;
}

/**
 * What the packs include on a day (B10) and, of disk, what the blocks add that were bought and not recovered.
 * Packs that ended, or were declared void, go on limiting what is left of them: the last one's quota stays.
 */
export function allowance(
  { packs = [], blocks = [], recover = [] }: Declaration,
  today: string | undefined,
): Allowance {
  const current = packs.filter((pack) => inService(pack, today));
  const latest = packs.toSorted((a, b) => (a.from < b.from ? 1 : -1)).slice(0, 1);
  const counted = current.length > 0 ? current : latest;
  const includes = (pack: PackId): Quotas => catalogue[pack].includes;
  const included = (kind: keyof Allowance) => counted.reduce((sum, { pack }) => sum + (includes(pack)[kind] ?? 0), 0);
  const past = (on: string) => today === undefined || on <= today;
  const recovered = new Set(recover.filter(({ on }) => past(on)).map(({ block }) => block));
  const held = blocks.filter(
    ({ id, kind, on, void: voided }) => kind === "disk" && voided === undefined && past(on) && !recovered.has(id),
  );
  return { disk: (included("disk") + held.length * blockGb) * GB, traffic: included("traffic") * GB };
}
