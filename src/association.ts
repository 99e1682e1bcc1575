import type { MailPolicy } from "./plan/types.ts";

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
  /** What the DNS of domains with mail refers to, and the policies that it announces. */
  mail: {
    zone: "cassiopea.org",
    spf: "_spf.cassiopea.org",
    dkimSelectors: ["c202601", "c202607"],
    dmarc: { policy: "none", reports: "dmarc@cassiopea.org" },
    tlsReports: "tls-reports@cassiopea.org",
    mtaSts: { mode: "testing", maxAge: 604_800 },
    caa: { issuers: ["letsencrypt.org"], reports: "hostmaster@cassiopea.org" },
  } satisfies MailPolicy as MailPolicy,
  contact: "secretariat@cassiopea.org",
};
