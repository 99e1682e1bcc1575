import * as z from "zod";

/** Version of the documents that this release writes; the agent also reads the one before. */
export const SCHEMA = 1;

/** A member's id is its file's name, its Unix user and its group; never renamed or reused. */
export const MEMBER_ID = /^[a-z][a-z0-9]{1,15}$/;

const hostName = z.string().regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/);
const memberId = z.string().regex(MEMBER_ID);
/** Name of a thing of a member's own: `<member>_<suffix>`. */
const ownName = z.string().regex(/^[a-z][a-z0-9]{1,15}_[a-z0-9]{1,15}$/);

/** Below another, without a hidden part or a climb. */
const relativeFolder = z.string().regex(/^(?!.*(^|\/)\.)[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+){0,7}$/);

/** What one host is: everything about it that is not a member's. */
export const HostDocument = z.strictObject({
  schema: z.literal(SCHEMA),
  kind: z.literal("host"),
  /** Short name of the host in the stack's configuration. */
  host: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
  /** Fully qualified name of the host. */
  name: hostName,
  /** SHA-256 (hex, first 16 digits) of the agent bundle that has to run. */
  agent: z.string().regex(/^[0-9a-f]{16}$/),
  roles: z.array(z.enum(["web", "database", "mail", "lists"])).min(1),
  /** Addresses that services listen on. */
  addresses: z.array(z.string().regex(/^[0-9a-fA-F.:]+$/)).min(1),
  /** Addresses that deploy: exempt from sshd's penalties, allowed to reach MariaDB. */
  deployers: z.array(z.string().regex(/^[0-9a-fA-F.:]+$/)).min(1),
  /** Certificate of the host's own name, PEM, signed by the association's private CA; its key never leaves the host. */
  certificate: z.string().startsWith("-----BEGIN CERTIFICATE-----"),
  /** Where certificates of members' names come from (RFC 8555). */
  acme: z.strictObject({
    directory: z.url({ protocol: /^https$/ }),
    /** Whom the authority tells of problems. */
    email: z.string().regex(/^[a-z0-9._+-]+@[a-z0-9.-]+$/),
    /** Roots for the directory itself, PEM; left out for those of Debian. */
    trust: z.string().startsWith("-----BEGIN CERTIFICATE-----").optional(),
  }),
  /** Whom a visitor of a closed site can write to. */
  contact: z
    .string()
    .regex(/^[a-z0-9._+-]+@[a-z0-9.-]+$/)
    .optional(),
  /** The SQL administrator's verifier: `*` and 40 hex digits (mysql_native_password), not the password. */
  sqlVerifier: z.string().regex(/^\*[0-9A-F]{40}$/),
});
export type HostDocument = z.output<typeof HostDocument>;

/** What one member is on one host. */
export const MemberDocument = z.strictObject({
  schema: z.literal(SCHEMA),
  kind: z.literal("member"),
  host: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
  member: memberId,
  /** 20000 + the member's number; also the gid. */
  uid: z.int().min(20001).max(59999),
  /** Left out when active. */
  status: z.enum(["suspended", "left"]).optional(),
  /** PHP version; left out for the host's own. */
  php: z
    .string()
    .regex(/^\d\.\d$/)
    .optional(),
  /** Other limits of the member's PHP than those of everybody: bytes of memory, processes, percent of one processor. */
  limits: z
    .strictObject({
      memory: z.int().min(64_000_000).optional(),
      processes: z.int().min(5).max(1000).optional(),
      processor: z.int().min(5).max(1600).optional(),
    })
    .optional(),
  sites: z
    .array(
      z.strictObject({
        /** Main name (A-label), also the name of the folder under `sites/`. */
        name: hostName,
        /** Further names that are redirected or served alike. */
        aliases: z.array(hostName).optional(),
        /** The site only sends its visitors there; nothing in it means anything to a web server's configuration. */
        redirect: z
          .string()
          .regex(/^https:\/\/[a-z0-9.-]+[/?][\w!%&*+,./:=?@~-]{0,500}$/)
          .optional(),
        /** A copy to try things on: search engines are told to leave it. */
        staging: z.literal(true).optional(),
        /** A certificate that the member bought, once its public chain (PEM) was handed in; left out for a free one. */
        bought: z.strictObject({ chain: z.string().startsWith("-----BEGIN CERTIFICATE-----").optional() }).optional(),
      }),
    )
    .optional(),
  /** Bytes that the member's files may take on this host; left out where the member has no files. */
  disk: z.int().min(0).optional(),
  /** Bytes that the member's sites send in a month before a reserve is drawn on: only counted and warned about. */
  traffic: z.int().min(0).optional(),
  /** Full names of databases that exist (made by `mysql.Database`) and that the member's own user may use. */
  databases: z.array(ownName).optional(),
  /** Users beside the member's own, each on one of these databases; their passwords are made on the host. */
  databaseUsers: z
    .array(z.strictObject({ name: ownName, database: ownName, access: z.enum(["read", "write"]) }))
    .optional(),
  /** Logins to the member's files: `sftp` by keys alone, `ftps` by a password that is made on the host, and by keys if it has some. */
  accounts: z
    .array(
      z.strictObject({
        /** The member's id, or a name below it. */
        login: z.union([memberId, ownName]),
        kind: z.enum(["sftp", "ftps"]),
        /** Below `sites`; left out for the member's whole tree. */
        folder: relativeFolder.optional(),
        /** As OpenSSH writes them. */
        keys: z.array(z.string().regex(/^[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,3}( [\w@.-]+)?$/)).optional(),
      }),
    )
    .optional(),
  /** Software that the host installs and keeps up to date; of what has `ended`, only that strangers can't read what is not theirs. */
  software: z
    .array(
      z.strictObject({
        software: z.enum(["spip"]),
        site: hostName,
        folder: relativeFolder.optional(),
        database: ownName,
        version: z.string().regex(/^\d{1,4}(\.\d{1,4}){0,3}([.-][a-z0-9]{1,20})?$/),
        ended: z.literal(true).optional(),
      }),
    )
    .optional(),
});
export type MemberDocument = z.output<typeof MemberDocument>;
export type DocumentSoftware = NonNullable<MemberDocument["software"]>[number];
export type DocumentAccount = NonNullable<MemberDocument["accounts"]>[number];
export type DocumentSite = NonNullable<MemberDocument["sites"]>[number];

/** All names of a site, its own first. */
export function namesOfSite({ name, aliases = [] }: Pick<DocumentSite, "name" | "aliases">): string[] {
  return [name, ...aliases];
}

/** Every document that an agent takes on its stdin. */
export const HostingDocument = z.discriminatedUnion("kind", [HostDocument, MemberDocument]);
export type HostingDocument = z.output<typeof HostingDocument>;

/** Canonical text of a plain value: keys sorted, `undefined` left out, no blank, one final newline. Equal values give equal bytes. */
export function canonical(value: unknown): string {
  return `${JSON.stringify(sortedKeys(value))}\n`;
}

/** The same plain value with the keys in order at every depth and without those that are undefined. */
export function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, inner]) => [key, sortedKeys(inner)]),
  );
}
