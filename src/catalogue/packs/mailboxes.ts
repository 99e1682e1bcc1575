import { pack } from "../define.ts";

export const mailboxes = pack({
  id: "mailboxes",
  offer: "mailboxes",
  title: { fr: "Boîtes à messages", en: "Mailboxes" },
  detail: {
    fr: "Une boîte de 1 Go sur le domaine du membre, alias sans limite, sans site.",
    en: "One mailbox of 1 GB on the member's domain, aliases without limit, no site.",
  },
  price: { kind: "annual", unit: { fr: "an", en: "year" } },
  includes: { mailbox: 1, domain: 1 },
  servers: { fr: "domaine de courrier, boîte et alias", en: "mail domain, mailbox and aliases" },
  bill: { fr: "Boîtes à messages", en: "Mailboxes" },
});
