import { option, storagePacks } from "../define.ts";

export const traffic = option({
  id: "traffic",
  offers: ["traffic"],
  needs: storagePacks,
  gives: [{}],
  declared: "blocks",
  title: { fr: "Trafic Internet", en: "Internet traffic" },
  detail: {
    fr: "Une réserve de 20 Go.mois pour ce qui dépasse le trafic compris ; reportable indéfiniment, ou récupérable par note de crédit l'année suivante.",
    en: "A reserve of 20 GB·month for what exceeds the included traffic; carried over for ever, or recovered by credit note the next year.",
  },
  price: { kind: "once", unit: { fr: "20 Go.mois", en: "20 GB·month" } },
  shape: {},
  servers: { fr: "compté seulement : rien n'est coupé", en: "only counted: nothing is cut" },
  bill: { fr: "Trafic Internet", en: "Internet traffic" },
});
