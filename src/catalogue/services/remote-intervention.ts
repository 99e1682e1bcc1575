import { duration } from "../../member/fields.ts";
import { service } from "../define.ts";

export const remoteIntervention = service({
  id: "remoteIntervention",
  offer: "remoteIntervention",
  title: { fr: "Intervention à distance", en: "Remote intervention" },
  detail: {
    fr: "Intervention à la demande du membre, à distance.",
    en: "Work asked by the member, done remotely.",
  },
  price: { kind: "work", unit: { fr: "heure", en: "hour" } },
  shape: { time: duration },
  servers: { fr: "rien", en: "nothing" },
  bill: { fr: "Intervention à distance", en: "Remote intervention" },
});
