import type { PriceList } from "./types.ts";

/** The list of the page "Nouveaux services et tarifs 2009", as published; the fee is a sample. */
export const list2009: PriceList = {
  id: "2009",
  from: "2009-01-01",
  prices: {
    autonomous: 2000,
    assisted: 8000,
    sympa: 3000,
    mailboxes: 500,
    "assistance-1": 6000,
    "assistance-2": 15_000,
    mailbox: 500,
    disk: 1500,
    traffic: 1500,
    domainRegistration: 2000,
    domainManagement: 500,
    database: 500,
    ftpAccount: 500,
    databaseUser: 500,
    certificate: 6000,
    analysis: 15_000,
    graphics: 15_000,
    development: 15_000,
    onsiteSupport: 15_000,
    onsiteIntervention: 5000,
    remoteIntervention: 3750,
  },
  // TEST: the page does not state the fee, statutes do. Replace both before a call for membership is issued.
  membership: { association: 5000, individual: 2500 },
  notes: [
    "Assistance logicielle niveau 3 : sur demande.",
    "Enregistrement de domaines : gestion comprise. Certificat SSL : hors achat du certificat.",
    "Intervention sur site : le déplacement est compté comme temps de travail.",
  ],
};
