import { halfDays, reference } from "../../member/fields.ts";
import { service } from "../define.ts";

export const development = service({
  id: "development",
  offer: "development",
  title: { fr: "Développement", en: "Development" },
  detail: {
    fr: "Développement sur mesure de l'application web.",
    en: "Made-to-measure development of the web application.",
  },
  price: { kind: "work", unit: { fr: "demi-journée", en: "half-day" } },
  shape: { halfDays, quotation: reference.optional() },
  servers: { fr: "rien", en: "nothing" },
  bill: { fr: "Développement", en: "Development" },
});
