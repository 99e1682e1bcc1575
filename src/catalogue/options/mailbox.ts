import { anyPack, option } from "../define.ts";

export const mailbox = option({
  id: "mailbox",
  offers: ["mailbox"],
  needs: anyPack,
  gives: [{ mailbox: 1 }],
  declared: "options",
  title: { fr: "Boîte à messages", en: "Mailbox" },
  detail: {
    fr: "Une boîte de 1 Go en plus (alias sans limite) ; une boîte plus grande compte pour autant de boîtes que de Go.",
    en: "One more mailbox of 1 GB (aliases without limit); a larger one counts as many as it has GB.",
  },
  price: { kind: "counted", unit: { fr: "an par boîte de 1 Go", en: "year per mailbox of 1 GB" } },
  shape: {},
  servers: { fr: "une boîte ou un Go de plus", en: "one more mailbox or GB" },
  bill: { fr: "Boîte à messages", en: "Mailbox" },
});
