import { anyPack, option } from "../define.ts";

export const domainManagement = option({
  id: "domainManagement",
  offers: ["domainManagement"],
  needs: anyPack,
  gives: [{}],
  declared: "domains",
  title: { fr: "Gestion de domaines", en: "Domain management" },
  detail: {
    fr: "Pour un domaine au-delà des domaines compris, non enregistré par nous ; se déduit des domaines déclarés.",
    en: "For a domain beyond the included ones that we did not register; follows from the declared domains.",
  },
  price: { kind: "counted", unit: { fr: "an par domaine", en: "year per domain" } },
  shape: {},
  servers: {
    fr: "zone et enregistrements DNS, comme un domaine compris",
    en: "zone and DNS records, as an included domain",
  },
  bill: { fr: "Gestion de domaines", en: "Domain management" },
});
