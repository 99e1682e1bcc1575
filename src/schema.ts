import * as z from "zod";
import { blocks, options, packs, services } from "./catalogue/index.ts";
import {
  address,
  amount,
  contactReference,
  date,
  domainName,
  folder,
  halfDays,
  label,
  line,
  memory,
  phpVersion,
  recipient,
  reference,
  size,
  sshKey,
  suffix,
  version,
  webAddress,
} from "./member/fields.ts";

/**
 * The shape of a member file, assembled from the catalogue. Unknown keys are errors everywhere. What is read (z.output)
 * has domains in A-labels, amounts in cents, sizes in bytes and durations in minutes. Dates are inclusive at both ends.
 */
const to = date.optional();
const interval = { from: date, to };
/** For things that exist rather than are bought: without `from`, since the pack. */
const lifetime = { from: date.optional(), to };
/** An entry that should never have been there: kept with its reason, due 0. */
const voided = { void: line.optional() };
/** Asks back the part of the year after `to` (B7). */
const refund = z.boolean().optional();

function keysOf<K extends string>(record: Record<K, unknown>): [K, ...K[]] {
  return Object.keys(record) as [K, ...K[]];
}

const pack = z.strictObject({
  pack: z.enum(keysOf(packs)),
  /** Tells two packs of one kind apart. */
  label: label.optional(),
  ...interval,
  refund,
  /** `<pack>` or `<pack>/<label>` that this one takes over from, when several could match (B8). */
  replaces: z.string().optional(),
  ...voided,
});

function bought<Id extends string, Shape extends z.ZodRawShape>(entry: { id: Id; shape: Shape }) {
  return z.strictObject({
    option: z.literal(entry.id),
    ...entry.shape,
    quantity: z.int().min(1).max(1000).optional(),
    ...interval,
    refund,
    ...voided,
  });
}

const option = z.discriminatedUnion("option", [
  bought(options.assistance),
  bought(options.mailbox),
  bought(options.database),
  bought(options.ftpAccount),
  bought(options.databaseUser),
  bought(options.certificate),
]);

const block = z.strictObject({ kind: z.enum(keysOf(blocks)), id: label, on: date, ...voided });

/** An extra DNS record, the member's own. Those that follow from sites and mail are not written. */
const record = z.strictObject({
  /** `@` for the domain itself, else the part before it. */
  name: z
    .string()
    .regex(
      /^(?=.{1,120}$)(@|\*|(\*\.)?[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*)$/,
      {
        error: "format/record-name",
      },
    ),
  type: z.enum(["A", "AAAA", "CNAME", "MX", "TXT", "SRV", "CAA"]),
  value: z.string().min(1).max(4000),
  /** Of MX. */
  priority: z.int().min(0).max(65_535).optional(),
  /** Seconds. */
  ttl: z.int().min(60).max(86_400).optional(),
  /** Tells several records of one name and type apart. */
  label: label.optional(),
});

const domain = z.strictObject({
  name: domainName,
  ...interval,
  registeredBy: z.enum(["us", "member"]).optional(),
  /** Left out: mail as soon as an address in this domain is declared. */
  mail: z.boolean().optional(),
  /** Who gets what is written to an address of the domain that does not exist; left out: it is refused. */
  catchAll: recipient.optional(),
  /** What others do with forged mail of the domain (DMARC); left out: the association's usual steps. */
  dmarc: z.enum(["none", "quarantine", "reject"]).optional(),
  dns: z.enum(["us", "elsewhere"]).optional(),
  /** Day on which control of the domain was proved. */
  verified: date.optional(),
  records: z.array(record).max(200).optional(),
  /** Names below this domain that another member may declare. */
  delegates: z.array(z.strictObject({ name: domainName, to: z.string() })).optional(),
  refund,
  ...voided,
});

const site = z.strictObject({
  name: domainName,
  aliases: z.array(domainName).max(50).optional(),
  /** A copy to try things on: not indexed, sends no mail. */
  staging: z.boolean().optional(),
  /** The site only sends its visitors there. */
  redirect: webAddress.optional(),
  /** Visitors come through the DNS host's network, which hides and shields the server. */
  proxied: z.boolean().optional(),
  /** Left out: a free certificate, renewed by itself. */
  certificate: z.enum(["free", "bought"]).optional(),
});

const database = z.strictObject({
  name: suffix,
  ...lifetime,
  /** Users beside the owner, one `databaseUser` each. */
  users: z.array(z.strictObject({ name: suffix, access: z.enum(["read", "write"]), ...lifetime })).optional(),
});

const account = z.strictObject({
  /** Left out for the first account, whose login is the member's id. */
  name: suffix.optional(),
  kind: z.enum(["sftp", "ftps"]),
  folder: folder.optional(),
  keys: z.array(sshKey).max(20).optional(),
  ...lifetime,
});

const software = z.strictObject({
  software: z.string().regex(/^[a-z][a-z0-9-]{0,29}$/, { error: "format/software" }),
  site: domainName,
  database: suffix.optional(),
  folder: folder.optional(),
  /** Left out: the latest that the association installs. */
  version: version.optional(),
  /** Level 3: which quotation covers it. */
  quotation: reference.optional(),
  ...lifetime,
});

const list = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9.+_-]{0,49}$/, { error: "format/list" }),
  kind: z.enum(["discussion", "announcement", "group", "forum"]),
  /** Left out: on the member's own robot if there is one, else on the shared domain. */
  on: z.enum(["shared", "robot"]).optional(),
  title: line.optional(),
  owners: z.array(recipient).min(1).max(20),
  ...lifetime,
});

const common = { id: reference, on: date, ...voided };
const worked = <Id extends string, Shape extends z.ZodRawShape>(entry: { id: Id; shape: Shape }) =>
  z.strictObject({ service: z.literal(entry.id), ...common, ...entry.shape });
const service = z.discriminatedUnion("service", [
  worked(services.analysis),
  worked(services.graphics),
  worked(services.development),
  worked(services.onsiteSupport),
  worked(services.onsiteIntervention),
  worked(services.remoteIntervention),
]);

const status = z.discriminatedUnion("state", [
  z.strictObject({
    state: z.literal("suspended"),
    since: date,
    reason: line,
    /** `warn`: a notice only; `web`: site and logins closed; `full`: SFTP too. Mail always arrives. */
    level: z.enum(["warn", "web", "full"]),
    /** A later stage: incoming mail is asked to come back later. */
    mail: z.literal("deferred").optional(),
  }),
  z.strictObject({ state: z.literal("leaving"), on: date, retentionDays: z.int().min(30).max(3650).optional() }),
  z.strictObject({ state: z.literal("left"), on: date, retentionDays: z.int().min(30).max(3650).optional() }),
]);

const hostRole = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, { error: "format/host" })
  .optional();

/** A member file. */
export const Declaration = z.strictObject({
  number: z.int().min(1).max(39_999),
  name: line,
  kind: z.enum(["association", "individual"]),
  vat: z.enum(["none", "liable", "mixed", "franchise", "public"]).optional(),
  contacts: z
    .array(z.strictObject({ role: z.enum(["administration", "technical", "billing"]), reference: contactReference }))
    .optional(),
  /** Left out when active. */
  status: status.optional(),
  membership: z.strictObject({ since: date, to }),
  /** Where this member is, when roles of hosts don't decide. */
  host: z.strictObject({ web: hostRole, database: hostRole, mail: hostRole, lists: hostRole }).optional(),
  packs: z.array(pack).optional(),
  options: z.array(option).optional(),
  blocks: z.array(block).optional(),
  recover: z.array(z.strictObject({ block: label, on: date })).optional(),
  overage: z.enum(["alert", "buy", "stop"]).optional(),
  domains: z.array(domain).optional(),
  php: phpVersion.optional(),
  /** Other limits than those of everybody: memory, processes and processor (percent of one) of sites, messages sent an hour. */
  limits: z
    .strictObject({
      memory: memory.optional(),
      processes: z.int().min(5).max(1000).optional(),
      processor: z.int().min(5).max(1600).optional(),
      messagesPerHour: z.int().min(1).max(10_000).optional(),
    })
    .optional(),
  /** Left out: one site named by the first domain, and `www`. */
  sites: z.array(site).optional(),
  databases: z.array(database).optional(),
  accounts: z.array(account).optional(),
  software: z.array(software).optional(),
  mailboxes: z.array(z.strictObject({ address, size: size.optional(), ...lifetime })).optional(),
  /** `to`: addresses of the member's own. */
  aliases: z.array(z.strictObject({ address, to: z.array(address).min(1).max(50) })).optional(),
  /** `to`: contacts whose address is kept apart. */
  forwards: z.array(z.strictObject({ address, to: z.array(contactReference).min(1).max(50) })).optional(),
  robot: z
    .strictObject({
      domain: domainName,
      title: line.optional(),
      listmasters: z.array(recipient).min(1).max(20),
      ...lifetime,
    })
    .optional(),
  lists: z.array(list).optional(),
  services: z.array(service).optional(),
  /** Accepted quotations of projects: what is done under them is counted against their half-days. */
  quotations: z.array(z.strictObject({ reference, halfDays })).optional(),
  costs: z.array(z.strictObject({ reference, on: date, amount, supplier: line, label: line, ...voided })).optional(),
});

/** What a member file says, as read. */
export type Declaration = z.output<typeof Declaration>;
/** What a member file says, as written. */
export type DeclarationInput = z.input<typeof Declaration>;
