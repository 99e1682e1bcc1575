import * as z from "zod";
import { MEMBER_ID } from "../document.ts";

const natural = z.int().min(0);

/** What one member used in a month, over all hosts. */
export const MemberUsage = z.strictObject({
  /** Sum of the daily samples of files and databases, bytes; mail is not in it (B20). */
  diskByteSum: natural,
  /** Number of daily samples in that sum. */
  diskSamples: natural.max(31),
  /** Days with a pack in service, as the host knew them. */
  daysInService: natural.max(31),
  /** Bytes sent by HTTP(S) (B33). */
  trafficBytes: natural,
  /** People accept a month with too few samples (B30). */
  confirmed: z.boolean().optional(),
});
export type MemberUsage = z.output<typeof MemberUsage>;

/** One file `usage/<yyyy>-<mm>.json`. A member or a month that is missing was not measured; nothing is guessed. */
export const Usage = z.strictObject({
  schema: z.literal(1),
  month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/),
  /** When each host took its last sample. */
  measured: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,30}$/), z.iso.datetime()),
  members: z.record(z.string().regex(MEMBER_ID), MemberUsage),
});
export type Usage = z.output<typeof Usage>;
