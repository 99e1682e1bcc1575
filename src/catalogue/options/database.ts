import { option, webPacks } from "../define.ts";

export const database = option({
  id: "database",
  offers: ["database"],
  needs: webPacks,
  gives: [{ database: 1 }],
  declared: "options",
  title: { fr: "Base de données", en: "Database" },
  detail: {
    fr: "Une base de données de plus, avec son utilisateur.",
    en: "One more database, with its user.",
  },
  price: { kind: "counted", unit: { fr: "an par base", en: "year per database" } },
  shape: {},
  servers: { fr: "une base MariaDB de plus", en: "one more MariaDB database" },
  bill: { fr: "Base de données", en: "Database" },
});
