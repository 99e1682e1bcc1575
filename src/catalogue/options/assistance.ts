import * as z from "zod";
import { amount, date, reference } from "../../member/fields.ts";
import { option, webPacks } from "../define.ts";

export const assistance = option({
  id: "assistance",
  offers: ["assistance-1", "assistance-2"],
  needs: webPacks,
  gives: [{ "assistance-1": 1 }, { "assistance-2": 1 }, { "assistance-3": 1 }],
  declared: "options",
  title: { fr: "Assistance logicielle", en: "Software assistance" },
  detail: {
    fr: "Mises à niveau et corrections d'un logiciel. Niveau 1 : SPIP, Wikini, Casiwi ; niveau 2 : phpBB, Dolibarr ; niveau 3 : tout autre, sur devis.",
    en: "Upgrades and fixes of one software. Level 1: SPIP, Wikini, Casiwi; level 2: phpBB, Dolibarr; level 3: any other, on quotation.",
  },
  price: { kind: "counted", unit: { fr: "an par logiciel", en: "year per software" } },
  shape: {
    level: z.union([z.literal(1), z.literal(2), z.literal(3)]),
    /** Level 3 only: its price is that of an accepted quotation. */
    quotation: z.strictObject({ reference, date, amount, validUntil: date }).optional(),
  },
  servers: {
    fr: "le logiciel est installé, mis à jour et surveillé",
    en: "the software is installed, upgraded and watched",
  },
  bill: { fr: "Assistance logicielle niveau", en: "Software assistance level" },
});
