import { option, webPacks } from "../define.ts";

export const databaseUser = option({
  id: "databaseUser",
  offers: ["databaseUser"],
  needs: webPacks,
  gives: [{ databaseUser: 1 }],
  declared: "options",
  title: { fr: "Utilisateur MySQL", en: "MySQL user" },
  detail: {
    fr: "Un utilisateur de plus sur une base de données, en lecture seule si on le veut.",
    en: "One more user on a database, read-only if wanted.",
  },
  price: { kind: "counted", unit: { fr: "an par compte", en: "year per account" } },
  shape: {},
  servers: { fr: "un utilisateur MariaDB de plus", en: "one more MariaDB user" },
  bill: { fr: "Utilisateur MySQL", en: "MySQL user" },
});
