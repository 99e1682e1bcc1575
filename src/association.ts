/**
 * The association's own facts. Amounts and numbers marked TEST are samples: replace them before a bill is issued.
 * The price lists hold what services cost; this file holds what is the association's and no member's.
 */
export const association = {
  name: "Cassiopea ASBL",
  /** Language of what members and the treasurer read. */
  language: "fr",
  timeZone: "Europe/Brussels",
  /** TEST: the page of 2009 does not state the fee; statutes do. Cents per civil year, by category. */
  membership: { association: 5000, individual: 2500 },
  membershipMaximum: 10_000,
  /** From this day of the year on, a new member pays from the next year; undefined: no such rule. */
  freeJoinFrom: undefined as string | undefined,
  vatRegime: [{ from: "2009-01-01", regime: "franchise" as "franchise" | "subject" | "notSubject" }],
  /** Own names: no member may declare them or a name below. */
  domains: ["cassiopea.org"],
  listsDomain: "lists.cassiopea.org",
  contact: "secretariat@cassiopea.org",
};
