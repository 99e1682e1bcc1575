import type { Language } from "../messages/index.ts";
import type { Finding } from "./compare.ts";
import type { Step } from "./delegation.ts";
import type { Unanswered } from "./value.ts";

/** Groups of records, in the order in which they are shown. */
export const groups = ["control", "site", "mail", "protection", "programs", "certificates", "own"] as const;
export type Group = (typeof groups)[number];

const fr = {
  lang: "fr" as Language,
  titles: {
    control: "Preuve de contrôle",
    site: "Site",
    mail: "Courrier",
    protection: "Protections du courrier",
    programs: "Logiciels de courrier",
    certificates: "Certificats",
    own: "Enregistrements du membre",
  } satisfies Record<Group, string> as Record<Group, string>,
  where: (elsewhere: boolean): string => (elsewhere ? "DNS ailleurs" : "DNS chez nous"),
  ours: "Ces enregistrements sont donnés à notre DNS par « npx cassiopea up » ; il n'y a rien à recopier.",
  paste: (excluded: readonly string[]): string[] => [
    "À recopier chez celui qui tient le DNS de ce domaine. Chaque ligne est complète :",
    "nom, durée (secondes), IN, type, valeur. Le point final fait partie des noms.",
    `Sous chacun de ces noms, retirez ce qui dirait autre chose : ${excluded.join(", ")}. Laissez tout le reste.`,
  ],
  ended: "ce domaine n'est pas en service : rien n'en découle",
  states: {
    right: "juste",
    missing: "absent",
    different: "différent",
    extra: "en trop",
    unanswered: "sans réponse",
  } satisfies Record<Finding["state"], string> as Record<Finding["state"], string>,
  counted: (number: number, state: Finding["state"]): string =>
    `${number} ${fr.states[state]}${number > 1 && /^(juste|absent|différent)$/.test(fr.states[state]) ? "s" : ""}`,
  read: "lu",
  unanswered: {
    timeout: "le DNS ne répond pas à temps",
    refused: "le DNS refuse de répondre",
    failed: "le DNS n'arrive pas à répondre (signatures DNSSEC fausses ? serveurs de noms éteints ?)",
  } satisfies Record<Unanswered, string> as Record<Unanswered, string>,
  /** Whose it is to do; what is done already begins by `stepStates.done`. */
  registrar: (ours: boolean): string =>
    ours ? "à faire chez notre registraire" : "à faire par le membre chez son registraire",
  steps: {
    NS: (servers: string): string => `donner les serveurs de noms ${servers}`,
    DS: (data: string): string => `donner l'enregistrement DS ${data}, une fois les serveurs de noms changés`,
  } satisfies Record<Step["what"], unknown>,
  stepStates: {
    done: "fait",
    pending: "pas encore fait",
    different: (what: Step["what"], read: string): string =>
      what === "NS"
        ? `le DNS donne encore ${read}`
        : `le DNS en donne un autre, ${read} : retirez-le avant de changer les serveurs de noms`,
  },
  noZone: (stack: string): string => `sa zone n'existe pas encore : « npx cassiopea up --stack ${stack} » la crée`,
  todo: "à faire",
  toVerify: (domain: string): string => `prouver le contrôle : npx cassiopea domains verify ${domain}`,
  verify: {
    notInService: (domain: string): string => `${domain} n'est pas en service : rien n'est à prouver.`,
    already: (domain: string, day: string): string => `${domain} : contrôle prouvé le ${day}, rien n'est changé.`,
    proof: {
      NS: "le registraire mène à nos serveurs de noms",
      TXT: "le DNS donne la preuve attendue",
    } satisfies Record<"NS" | "TXT", string> as Record<"NS" | "TXT", string>,
    written: (domain: string, proof: string, place: string, text: string): string =>
      `${domain} : contrôle prouvé (${proof}).\n${place} : ${text} y est écrit. Proposez ce changement comme les autres (git add, git commit).`,
    changed: (file: string): string => `${file} a changé entre-temps : rien n'est écrit. Recommencez.`,
    unproved: (domain: string, file: string): string =>
      `${domain} : le contrôle n'est pas prouvé, ${file} reste tel quel.`,
    putRecord: "Mettez dans le DNS du domaine, là où il est aujourd'hui :",
    orServers: (servers: string): string => `ou donnez au registraire nos serveurs de noms : ${servers}.`,
    orStack: "ou, si le registraire mène déjà à nos serveurs de noms, dites la pile : --stack prod.",
    again: "Puis recommencez ; le DNS met parfois une heure à le savoir.",
    nothing: "rien",
  },
  /** A refused setting. */
  checkNeedsStack: "--check demande --stack <pile> : ce que le registraire doit avoir est dans l'état de la pile.",
  resolver: (read: string): string =>
    `--resolver : « ${read} » n'est pas une adresse ; écrivez 192.0.2.53, 192.0.2.53:5353 ou [2001:db8::53]:5353`,
};

/** What is said of the DNS, in one language. */
export type Texts = typeof fr;

const en: Texts = {
  lang: "en",
  titles: {
    control: "Proof of control",
    site: "Site",
    mail: "Mail",
    protection: "Protection of mail",
    programs: "Mail programs",
    certificates: "Certificates",
    own: "The member's own records",
  },
  where: (elsewhere) => (elsewhere ? "DNS elsewhere" : "our DNS"),
  ours: 'These records are given to our DNS by "npx cassiopea up"; there is nothing to copy.',
  paste: (excluded) => [
    "To be copied to whoever runs the DNS of this domain. Each line is complete:",
    "name, time (seconds), IN, type, value. The final dot is part of a name.",
    `Under each of these names remove what would say otherwise: ${excluded.join(", ")}. Leave all the rest.`,
  ],
  ended: "this domain is not in service: nothing follows from it",
  states: { right: "right", missing: "missing", different: "different", extra: "too many", unanswered: "no answer" },
  counted: (number, state) => `${number} ${en.states[state]}`,
  read: "read",
  unanswered: {
    timeout: "the DNS does not answer in time",
    refused: "the DNS refuses to answer",
    failed: "the DNS is unable to answer (wrong DNSSEC signatures? name servers down?)",
  },
  registrar: (ours) => (ours ? "to do at our registrar" : "to be done by the member at their registrar"),
  steps: {
    NS: (servers) => `give the name servers ${servers}`,
    DS: (data) => `give the DS record ${data}, once the name servers are changed`,
  },
  stepStates: {
    done: "done",
    pending: "not yet done",
    different: (what, read) =>
      what === "NS"
        ? `the DNS still gives ${read}`
        : `the DNS gives another, ${read}: remove it before the name servers are changed`,
  },
  noZone: (stack) => `its zone does not exist yet: "npx cassiopea up --stack ${stack}" makes it`,
  todo: "to do",
  toVerify: (domain) => `prove control: npx cassiopea domains verify ${domain}`,
  verify: {
    notInService: (domain) => `${domain} is not in service: nothing is to be proved.`,
    already: (domain, day) => `${domain}: control was proved on ${day}, nothing is changed.`,
    proof: { NS: "the registrar leads to our name servers", TXT: "the DNS gives the expected proof" },
    written: (domain, proof, place, text) =>
      `${domain}: control is proved (${proof}).\n${place}: ${text} is written there. Propose this change like any other (git add, git commit).`,
    changed: (file) => `${file} changed meanwhile: nothing is written. Start again.`,
    unproved: (domain, file) => `${domain}: control is not proved, ${file} stays as it is.`,
    putRecord: "Put into the domain's DNS, where it is today:",
    orServers: (servers) => `or give the registrar our name servers: ${servers}.`,
    orStack: "or, if the registrar leads to our name servers already, name the stack: --stack prod.",
    again: "Then start again; the DNS may take an hour to know.",
    nothing: "nothing",
  },
  checkNeedsStack: "--check needs --stack <stack>: what the registrar must have is in the stack's state.",
  resolver: (read) => `--resolver: "${read}" is no address; write 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:5353`,
};

export const dnsTexts: Record<Language, Texts> = { fr, en };
