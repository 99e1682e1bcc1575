import { halfDays } from "../../member/fields.ts";
import { service } from "../define.ts";

export const onsiteSupport = service({
  id: "onsiteSupport",
  offer: "onsiteSupport",
  title: { fr: "Support en présence", en: "On-site support" },
  detail: {
    fr: "Une demi-journée par mois dans les bureaux du membre ; un mois sans visite n'est pas facturé.",
    en: "One half-day a month at the member's office; a month without a visit is not billed.",
  },
  price: { kind: "work", unit: { fr: "demi-journée/mois", en: "half-day/month" } },
  shape: { halfDays: halfDays.optional() },
  servers: { fr: "rien", en: "nothing" },
  bill: { fr: "Support en présence", en: "On-site support" },
});
