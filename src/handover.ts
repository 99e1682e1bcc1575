import * as z from "zod";
import type { MemberDocument } from "./document.ts";

const Credential = z.strictObject({
  /** `ftps`, `database`, or the software that the login is for. */
  what: z.string(),
  login: z.string(),
  password: z.string(),
});
/** A password that was made on a host, and is shown once. */
export type Credential = z.output<typeof Credential>;

/** What a host answers when it hands over: how a member logs in there. */
export const Handover = z.strictObject({
  host: z.string(),
  /** Fully qualified name of the host. */
  name: z.string(),
  sftp: z.strictObject({ port: z.int(), fingerprint: z.string() }).optional(),
  ftps: z.strictObject({ port: z.int() }).optional(),
  /** Logins to the member's files, and how many keys each has. */
  files: z.array(z.strictObject({ login: z.string(), kind: z.enum(["sftp", "ftps"]), keys: z.int() })),
  credentials: z.array(Credential),
});
export type Handover = z.output<typeof Handover>;

/** Logins of a member on a host that open by a password, and what each is for. */
export function loginsWithPassword({
  accounts = [],
  databaseUsers = [],
}: Pick<MemberDocument, "accounts" | "databaseUsers">) {
  return [
    ...accounts.filter(({ kind }) => kind === "ftps").map(({ login }) => ({ what: "ftps", login }) as const),
    ...databaseUsers.map(({ name }) => ({ what: "database", login: name }) as const),
  ];
}
