import { halfDays, reference } from "../../member/fields.ts";
import { service } from "../define.ts";

export const graphics = service({
  id: "graphics",
  offer: "graphics",
  title: { fr: "Graphisme", en: "Graphics" },
  detail: {
    fr: "Création de maquette graphique, intégration dans l'outil web.",
    en: "Graphic design, integration into the web tool.",
  },
  price: { kind: "work", unit: { fr: "demi-journée", en: "half-day" } },
  shape: { halfDays, quotation: reference.optional() },
  servers: { fr: "rien", en: "nothing" },
  bill: { fr: "Graphisme", en: "Graphics" },
});
