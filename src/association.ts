/**
 * The association's own facts. Amounts and numbers marked TEST are samples: replace them before a bill is issued.
 * The price lists hold what services cost; this file holds what is the association's and no member's.
 */
export const association = {
  name: "Cassiopea ASBL",
  /** Language of what members and the treasurer read. */
  language: "fr",
  timeZone: "Europe/Brussels",
  /** First day that the register of documents bills; what was due before was billed otherwise. */
  billedFrom: "2026-01-01",
  /** TEST: highest fee that the statutes allow, cents; the fee itself stands in each price list. */
  membershipMaximum: 10_000,
  /** From this day of the year on, a new member pays from the next year; undefined: no such rule. */
  freeJoinFrom: undefined as string | undefined,
  vatRegime: [{ from: "2009-01-01", regime: "franchise" as "franchise" | "subject" | "notSubject" }],
  /** Own names: no member may declare them or a name below. */
  domains: ["cassiopea.org"],
  listsDomain: "lists.cassiopea.org",
  contact: "secretariat@cassiopea.org",
};
