import { duration } from "../../member/fields.ts";
import { service } from "../define.ts";

export const onsiteIntervention = service({
  id: "onsiteIntervention",
  offer: "onsiteIntervention",
  title: { fr: "Intervention sur site", en: "On-site intervention" },
  detail: {
    fr: "Intervention dans les bureaux du membre ; le déplacement est compté comme temps de travail.",
    en: "Work at the member's office; travel counts as work.",
  },
  price: { kind: "work", unit: { fr: "heure", en: "hour" } },
  shape: { time: duration, travel: duration.optional() },
  servers: { fr: "rien", en: "nothing" },
  bill: { fr: "Intervention sur site", en: "On-site intervention" },
});
