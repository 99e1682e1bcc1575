import * as z from "zod";
import { MEMBER_ID, MemberDocument } from "./document.ts";

const Checksum = z.string().regex(/^[0-9a-f]{64}$/);
const Bytes = z.int().min(0);

/** One part of an export: a compressed stream, and what was in it. */
const ExportPart = z.strictObject({
  name: z.string().regex(/^(files\.tar|[a-z][a-z0-9]{1,15}_[a-z0-9_]{1,47}\.sql)\.zst$/),
  bytes: Bytes,
  sha256: Checksum,
  /** The stream before compression. Reading a restored member again gives the same: the proof that nothing is lost. */
  content: z.strictObject({ bytes: Bytes, sha256: Checksum }),
  /** Of a database's dump. */
  database: z
    .strictObject({
      name: z.string().regex(/^[a-z][a-z0-9]{1,15}_[a-z0-9_]{1,47}$/),
      characterSet: z.string().regex(/^\w+$/),
      collation: z.string().regex(/^\w+$/),
    })
    .optional(),
});
export type ExportPart = z.output<typeof ExportPart>;

/** Name of an export, its folder and its archive: `<member>-<host>-<time in UTC>`. */
export const EXPORT_ID = /^[a-z][a-z0-9]{1,15}-[a-z][a-z0-9-]{0,30}-\d{8}t\d{6}z$/;

/** `manifest.json` of an export: what one host held of a member, with the checksum of each part. */
export const ExportManifest = z.strictObject({
  schema: z.literal(1),
  kind: z.literal("export"),
  id: z.string().regex(EXPORT_ID),
  member: z.string().regex(MEMBER_ID),
  host: z.string(),
  /** When it was made, ISO 8601 in UTC. */
  made: z.iso.datetime(),
  /** The member's document on this host, as last applied. */
  document: MemberDocument,
  /** Versions of what wrote the parts. */
  tools: z.record(z.string(), z.string()),
  parts: z.array(ExportPart).min(1),
  /** Accounts of the database server and what they may do; no secret. */
  accounts: z.array(z.strictObject({ user: z.string(), host: z.string(), grants: z.array(z.string()) })),
  warnings: z.array(z.string()),
});
export type ExportManifest = z.output<typeof ExportManifest>;

/** Name of the manifest in an export's folder. */
export const MANIFEST = "manifest.json";

/** The id of an export that is made now. */
export function exportId(member: string, host: string, now: Date): string {
  return `${member}-${host}-${now.toISOString().replace(/\.\d+/, "").replaceAll(/[-:]/g, "").toLowerCase()}`;
}
