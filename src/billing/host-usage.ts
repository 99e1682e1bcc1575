import * as z from "zod";
import { MEMBER_ID } from "../document.ts";
import { frenchNumber } from "../money.ts";
import { Usage } from "./usage.ts";

const natural = z.int().min(0);
const { month } = Usage.shape;

/** What one host measured of one member in a month. */
export const HostMemberUsage = z.strictObject({
  /** Sample of each day that has one, `yyyy-mm-dd` → bytes; mail is in neither (B20). */
  days: z.record(z.iso.date(), z.strictObject({ files: natural, databases: natural })),
  /** Bytes sent by HTTP(S) (B33). */
  trafficBytes: natural,
});
export type HostMemberUsage = z.output<typeof HostMemberUsage>;

/** What `hosting-agent measure --month` gives: figures of one host and month, nothing guessed. */
export const HostUsage = z.strictObject({
  schema: z.literal(1),
  host: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
  month,
  /** When the month's last sample was taken; left out when there is none. */
  measured: z.iso.datetime().optional(),
  members: z.record(z.string().regex(MEMBER_ID), HostMemberUsage),
});
export type HostUsage = z.output<typeof HostUsage>;

/** Hundredths of what is allowed at which a member is warned, the highest first. */
const marks = [100, 95, 80];

/** The highest mark that a use has reached: 80, 95 or 100; undefined below, and where nothing is allowed. */
export function markReached(used: number, allowed: number): number | undefined {
  return allowed <= 0 ? undefined : marks.find((mark) => used * 100 >= allowed * mark);
}

/** Bytes in GB of 10^9 bytes as French people write them, cut to thousandths: `0,82 Go`. */
export function frenchGb(bytes: number): string {
  return `${frenchNumber(String(Math.floor(bytes / 1e6) / 1000))} Go`;
}

/** A warning from 80 % of what is allowed on, in French; nothing below. */
export function nearLimit(
  who: string,
  kind: "disk" | "traffic",
  used: number,
  allowed: number | undefined,
): string | undefined {
  const mark = allowed === undefined ? undefined : markReached(used, allowed);
  if (allowed === undefined || mark === undefined) return undefined;
  const name = { disk: "espace disque", traffic: "trafic compris du mois" }[kind];
  return `${who} : ${name} à ${mark} % ou plus (${frenchGb(used)} sur ${frenchGb(allowed)})`;
}
