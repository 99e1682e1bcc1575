import { option, webPacks } from "../define.ts";

export const ftpAccount = option({
  id: "ftpAccount",
  offers: ["ftpAccount"],
  needs: webPacks,
  gives: [{ ftpAccount: 1 }],
  declared: "options",
  title: { fr: "Utilisateur FTP", en: "FTP user" },
  detail: {
    fr: "Un accès SFTP ou FTPS de plus, limité à un dossier si on le veut.",
    en: "One more SFTP or FTPS access, limited to a folder if wanted.",
  },
  price: { kind: "counted", unit: { fr: "an par compte", en: "year per account" } },
  shape: {},
  servers: { fr: "un compte de plus", en: "one more account" },
  bill: { fr: "Utilisateur FTP", en: "FTP user" },
});
