/** Everything that has a published price, by the id that bills and states use. Level 3 of assistance is on quotation only. */
export const offers = [
  "autonomous",
  "assisted",
  "sympa",
  "mailboxes",
  "assistance-1",
  "assistance-2",
  "mailbox",
  "disk",
  "traffic",
  "domainRegistration",
  "domainManagement",
  "database",
  "ftpAccount",
  "databaseUser",
  "certificate",
  "analysis",
  "graphics",
  "development",
  "onsiteSupport",
  "onsiteIntervention",
  "remoteIntervention",
] as const;

export type OfferId = (typeof offers)[number];

/** A published list. A new list is one new file; what was due under an older one never changes (B4). */
export interface PriceList {
  id: string;
  /** First day in force, `yyyy-mm-dd`; in force until the next list's first day. */
  from: string;
  /** Net integer cents by offer. An offer that is not listed cannot be billed: an error, never 0. */
  prices: Readonly<Partial<Record<OfferId, number>>>;
  /** Membership fee by category, integer cents per civil year. A category that is missing cannot be billed (B60). */
  membership: Readonly<{ association?: number; individual?: number }>;
  /** What the published page says beside the amounts, in French. */
  notes: readonly string[];
}
