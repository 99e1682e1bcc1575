import { createHash } from "node:crypto";
import * as z from "zod";
import { canonical } from "./document.ts";
import { EXPORT_ID } from "./export.ts";
import { dateOf, dayOf } from "./period.ts";
import type { Declaration } from "./schema.ts";

const Checksum = z.string().regex(/^[0-9a-f]{64}$/);

/** What a purge of a member would take from one host, and the export that holds the same. Nothing else is ever taken. */
export const PurgeState = z.strictObject({
  member: z.string(),
  host: z.string(),
  uid: z.int(),
  /** Last day on which all is kept. */
  until: z.iso.date(),
  /** The newest export: every part verified, and equal to what is here. */
  export: z.strictObject({
    id: z.string().regex(EXPORT_ID),
    /** SHA-256 of its manifest, and so of every part. */
    manifest: Checksum,
  }),
  files: z.strictObject({ path: z.string(), bytes: z.int(), count: z.int(), sha256: Checksum }),
  databases: z.array(
    z.strictObject({
      name: z.string(),
      bytes: z.int(),
      sha256: Checksum,
      characterSet: z.string(),
      collation: z.string(),
    }),
  ),
  /** Accounts of the database server, `'name'@'host'`. */
  accounts: z.array(z.string()),
});
export type PurgeState = z.output<typeof PurgeState>;

/** What the program for purging answers. */
export const PurgeAnswer = z.strictObject({
  state: PurgeState,
  /** `asked`: nothing was done; `begun`: a purge was broken off; `ended`: all of it is gone. */
  progress: z.enum(["asked", "begun", "ended"]),
});
export type PurgeAnswer = z.output<typeof PurgeAnswer>;

/** Days for which what a member had is kept after it left, unless its file says more or less. */
const usualRetention = 90;

/** The last day on which what a member had is kept; undefined when it has not left. */
export function keptUntil({ status }: Pick<Declaration, "status">): string | undefined {
  return status?.state === "left" ? dateOf(dayOf(status.on) + (status.retentionDays ?? usualRetention)) : undefined;
}

/** A confirmation that is good for exactly these states: any other byte, name, export or date gives another. */
export function purgeToken(states: readonly PurgeState[]): string {
  return createHash("sha256").update(canonical(states)).digest("hex").slice(0, 16);
}
