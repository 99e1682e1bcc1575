import { halfDays, reference } from "../../member/fields.ts";
import { service } from "../define.ts";

export const analysis = service({
  id: "analysis",
  offer: "analysis",
  title: { fr: "Analyse", en: "Analysis" },
  detail: {
    fr: "Analyse des besoins et préparation de la mise en œuvre du projet.",
    en: "Analysis of needs and preparation of the project.",
  },
  price: { kind: "work", unit: { fr: "demi-journée", en: "half-day" } },
  shape: { halfDays, quotation: reference.optional() },
  servers: { fr: "rien", en: "nothing" },
  bill: { fr: "Analyse", en: "Analysis" },
});
