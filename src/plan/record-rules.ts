import type { Words } from "../catalogue/define.ts";
import type { DnsRecord } from "./types.ts";

/** Why a record is there, by its key; the keys of the member's own records are not here. */
const rules: Record<string, Words> = {
  web: {
    fr: "chaque nom d'un site mène à son serveur (A, et AAAA s'il a une adresse IPv6)",
    en: "each name of a site leads to its server (A, and AAAA where it has an IPv6 address)",
  },
  lists: {
    fr: "le nom d'un robot mène au serveur de listes",
    en: "a robot's name leads to the server of lists",
  },
  mail: {
    fr: "le courrier du domaine arrive à notre serveur, et les logiciels de courrier y trouvent leurs services",
    en: "the domain's mail arrives at our server, and mail programs find their services there",
  },
  "no-mail": {
    fr: "un domaine sans courrier le dit (MX nul) : personne ne peut écrire en son nom",
    en: "a domain without mail says so (null MX): nobody can write in its name",
  },
  spf: {
    fr: "SPF : quels serveurs envoient du courrier pour ce domaine",
    en: "SPF: which servers send mail for this domain",
  },
  dkim: {
    fr: "DKIM : les clés de l'association signent le courrier de ce domaine",
    en: "DKIM: the association's keys sign the mail of this domain",
  },
  dmarc: {
    fr: "DMARC : ce que les autres font du courrier qui usurpe ce domaine",
    en: "DMARC: what others do with mail that forges this domain",
  },
  "mta-sts": {
    fr: "MTA-STS : le courrier vers ce domaine n'arrive que chiffré",
    en: "MTA-STS: mail to this domain arrives encrypted only",
  },
  "tls-rpt": {
    fr: "TLS-RPT : où les autres signalent un chiffrement qui échoue",
    en: "TLS-RPT: where others report encryption that fails",
  },
  autoconfig: {
    fr: "Thunderbird se configure tout seul",
    en: "Thunderbird sets itself up",
  },
  autodiscover: {
    fr: "Outlook se configure tout seul",
    en: "Outlook sets itself up",
  },
  iodef: {
    fr: "CAA : à qui signaler une demande de certificat refusée",
    en: "CAA: who is told of a certificate request that was refused",
  },
  control: {
    fr: "prouve que le domaine est bien au membre ; lu une seule fois, par « npx cassiopea domains verify »",
    en: 'proves that the domain is the member\'s; read only once, by "npx cassiopea domains verify"',
  },
  issue: {
    fr: "CAA : quelles autorités peuvent émettre un certificat pour ce domaine",
    en: "CAA: which authorities may issue a certificate for this domain",
  },
};

/** Why a record that follows from a declaration is there; undefined for a key of a member's own. */
export function recordRule({ key }: Pick<DnsRecord, "key">): Words | undefined {
  return rules[key.startsWith("issue-") ? "issue" : key];
}
