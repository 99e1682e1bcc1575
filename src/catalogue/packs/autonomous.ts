import { pack } from "../define.ts";

export const autonomous = pack({
  id: "autonomous",
  offer: "autonomous",
  title: { fr: "Hébergement autonome", en: "Self-managed hosting" },
  detail: {
    fr: "Un site avec PHP et une base de données, des adresses et des listes ; le membre gère lui-même ses outils.",
    en: "A site with PHP and a database, addresses and lists; the member runs the tools.",
  },
  price: { kind: "annual", unit: { fr: "an", en: "year" } },
  includes: { disk: 1, traffic: 5, database: 1, ftpAccount: 1, mailbox: 5, list: 5, domain: 5 },
  servers: {
    fr: "compte Unix, PHP isolé, sites, base de données, accès SFTP ou FTPS, adresses, listes du domaine commun",
    en: "Unix account, isolated PHP, sites, database, SFTP or FTPS access, addresses, lists of the shared domain",
  },
  bill: { fr: "Hébergement autonome", en: "Self-managed hosting" },
});
