import { option, storagePacks } from "../define.ts";

export const disk = option({
  id: "disk",
  offers: ["disk"],
  needs: storagePacks,
  gives: [{}],
  declared: "blocks",
  title: { fr: "Espace disque", en: "Disk space" },
  detail: {
    fr: "Une réserve de 20 Go.mois pour ce qui dépasse l'espace compris ; reportable indéfiniment, ou récupérable par note de crédit l'année suivante.",
    en: "A reserve of 20 GB·month for what exceeds the included space; carried over for ever, or recovered by credit note the next year.",
  },
  price: { kind: "once", unit: { fr: "20 Go.mois", en: "20 GB·month" } },
  shape: {},
  servers: {
    fr: "le quota appliqué monte de 20 Go tant qu'il reste un solde",
    en: "the enforced quota rises by 20 GB while a balance exists",
  },
  bill: { fr: "Espace disque", en: "Disk space" },
});
