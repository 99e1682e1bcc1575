import { option, webPacks } from "../define.ts";

export const certificate = option({
  id: "certificate",
  offers: ["certificate"],
  needs: webPacks,
  gives: [{ certificate: 1 }],
  declared: "options",
  title: { fr: "Certificat SSL", en: "SSL certificate" },
  detail: {
    fr: "Installation d'un certificat acheté (achat non compris). HTTPS par certificat gratuit est pour tous, sans supplément.",
    en: "Installation of a bought certificate (purchase not included). HTTPS by free certificate is for everybody.",
  },
  price: { kind: "counted", unit: { fr: "an par certificat", en: "year per certificate" } },
  shape: {},
  servers: {
    fr: "la chaîne est vérifiée et installée, sa fin annoncée",
    en: "the chain is checked and installed, its end announced",
  },
  bill: { fr: "Certificat SSL", en: "SSL certificate" },
});
