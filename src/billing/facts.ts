import * as z from "zod";
import { MEMBER_ID } from "../document.ts";

/**
 * What a bill depends on, of one member: the commercial part of the declaration, without prices, names or addresses.
 * It is taken from a member file (`facts()` of `src/member/facts.ts`) or read back from a stack's state, so both give the same bill.
 * All dates are `yyyy-mm-dd`, inclusive at both ends.
 */
const date = z.iso.date();
const interval = { from: date, to: date.optional() };
const correction = { void: z.string().optional() };

export const BillingFacts = z.strictObject({
  schema: z.literal(1),
  member: z.string().regex(MEMBER_ID),
  number: z.int().min(1).max(39999),
  kind: z.enum(["association", "individual"]),
  vat: z.enum(["none", "liable", "mixed", "franchise", "public"]).optional(),
  membership: z.strictObject({ since: date, to: date.optional() }),
  packs: z.array(
    z.strictObject({
      pack: z.enum(["autonomous", "assisted", "sympa", "mailboxes"]),
      label: z.string().optional(),
      ...interval,
      refund: z.boolean().optional(),
      /** `<pack>` or `<pack>/<label>` that this one takes over from, when several could match (B8). */
      replaces: z.string().optional(),
      ...correction,
    }),
  ),
  options: z.array(
    z.strictObject({
      option: z.enum(["mailbox", "database", "ftpAccount", "databaseUser", "certificate", "assistance"]),
      /** Only for `assistance`. */
      level: z.union([z.literal(1), z.literal(2), z.literal(3)]).optional(),
      quantity: z.int().min(1),
      ...interval,
      refund: z.boolean().optional(),
      /** Only for `assistance` of level 3 (B46). */
      quotation: z.strictObject({ reference: z.string(), date, cents: z.int().min(0), validUntil: date }).optional(),
      ...correction,
    }),
  ),
  blocks: z.array(z.strictObject({ kind: z.enum(["disk", "traffic"]), id: z.string(), on: date, ...correction })),
  recover: z.array(z.strictObject({ block: z.string(), on: date })),
  domains: z.array(
    z.strictObject({
      /** A-label. */
      name: z.string(),
      ...interval,
      registeredBy: z.enum(["us", "member"]),
      refund: z.boolean().optional(),
      ...correction,
    }),
  ),
  services: z.array(
    z.strictObject({
      id: z.string(),
      service: z.enum([
        "analysis",
        "graphics",
        "development",
        "onsiteSupport",
        "onsiteIntervention",
        "remoteIntervention",
      ]),
      on: date,
      halfDays: z.int().min(1).optional(),
      minutes: z.int().min(1).optional(),
      /** Both ways, on site only (B51). */
      travelMinutes: z.int().min(0).optional(),
      quotation: z.string().optional(),
      ...correction,
    }),
  ),
  /** Accepted quotations that services name (B53). */
  quotations: z.array(z.strictObject({ reference: z.string(), halfDays: z.int().min(1) })).optional(),
  costs: z.array(
    z.strictObject({
      reference: z.string(),
      on: date,
      cents: z.int().min(1),
      supplier: z.string(),
      label: z.string(),
      ...correction,
    }),
  ),
  overage: z.enum(["alert", "buy", "stop"]),
  /** Set when the member is leaving or has left (B43). */
  leavesOn: date.optional(),
});
export type BillingFacts = z.output<typeof BillingFacts>;
