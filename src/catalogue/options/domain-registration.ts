import { anyPack, option } from "../define.ts";

export const domainRegistration = option({
  id: "domainRegistration",
  offers: ["domainRegistration"],
  needs: anyPack,
  gives: [{}],
  declared: "domains",
  title: { fr: "Enregistrement de domaines", en: "Domain registration" },
  detail: {
    fr: "Nous enregistrons et renouvelons le domaine, gestion comprise ; le membre en reste le propriétaire.",
    en: "We register and renew the domain, management included; the member stays its owner.",
  },
  price: { kind: "date", unit: { fr: "an par domaine", en: "year per domain" } },
  shape: {},
  servers: { fr: "liste de ce qui est à renouveler", en: "list of what is to be renewed" },
  bill: { fr: "Enregistrement de domaines", en: "Domain registration" },
});
