import { pack } from "../define.ts";

export const sympa = pack({
  id: "sympa",
  offer: "sympa",
  title: { fr: "Listes Sympa", en: "Sympa lists" },
  detail: {
    fr: "Un robot Sympa sur le domaine du membre : listes et abonnés sans limite, archives et documents partagés.",
    en: "A Sympa robot on the member's domain: lists and subscribers without limit, archives and shared documents.",
  },
  price: { kind: "annual", unit: { fr: "an", en: "year" } },
  includes: { robot: 1, disk: 1, traffic: 5, domain: 1 },
  servers: { fr: "robot Sympa et sa page web", en: "Sympa robot and its web page" },
  bill: { fr: "Listes Sympa", en: "Sympa lists" },
});
