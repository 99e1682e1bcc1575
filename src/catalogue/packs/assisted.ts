import { pack } from "../define.ts";
import { autonomous } from "./autonomous.ts";

export const assisted = pack({
  id: "assisted",
  offer: "assisted",
  title: { fr: "Hébergement assisté", en: "Assisted hosting" },
  detail: {
    fr: "L'hébergement autonome, et un logiciel de niveau 1 (SPIP, Wikini ou Casiwi) installé et tenu à jour.",
    en: "Self-managed hosting, and one software of level 1 (SPIP, Wikini or Casiwi) installed and kept up to date.",
  },
  price: { kind: "annual", unit: { fr: "an", en: "year" } },
  includes: { ...autonomous.includes, "assistance-1": 1 },
  servers: {
    fr: "comme l'hébergement autonome ; le logiciel est installé et mis à jour",
    en: "as self-managed hosting; the software is installed and upgraded",
  },
  bill: { fr: "Hébergement assisté", en: "Assisted hosting" },
});
