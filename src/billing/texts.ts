import { frenchEuros, frenchNumber } from "../money.ts";
import { frenchDate } from "../period.ts";
import { BLOCK } from "./draw.ts";
import { commands } from "./texts-commands.ts";
import { pages } from "./texts-pages.ts";
import type { BilledOffer, DueLine } from "./types.ts";

/** The bill's words for members, staff and treasurer, in French. Another language is another file of this shape. */
const offers: Record<BilledOffer, string> = {
  autonomous: "Hébergement autonome",
  assisted: "Hébergement assisté",
  sympa: "Listes Sympa",
  mailboxes: "Boîtes à messages",
  "assistance-1": "Assistance logicielle niveau 1",
  "assistance-2": "Assistance logicielle niveau 2",
  "assistance-3": "Assistance logicielle niveau 3",
  mailbox: "Mailbox supplémentaire",
  database: "Base de données supplémentaire",
  ftpAccount: "Utilisateur FTP supplémentaire",
  databaseUser: "Utilisateur MySQL supplémentaire",
  certificate: "Certificat SSL",
  domainManagement: "Gestion de domaines",
  domainRegistration: "Enregistrement de domaine",
  disk: "Espace disque, 20 Go·mois",
  traffic: "Trafic Internet, 20 Go·mois",
  analysis: "Analyse",
  graphics: "Graphisme",
  development: "Développement",
  onsiteSupport: "Support en présence",
  onsiteIntervention: "Intervention sur site",
  remoteIntervention: "Intervention à distance",
  cost: "Achat à prix coûtant",
  membership: "Cotisation",
};

const kinds = { association: "association", individual: "personne" };
const ledgers = { disk: "espace disque", traffic: "trafic" };

const months = [
  "janvier",
  "février",
  "mars",
  "avril",
  "mai",
  "juin",
  "juillet",
  "août",
  "septembre",
  "octobre",
  "novembre",
  "décembre",
];

/** `2026-03` in French: `mars 2026`. */
function month(yearAndMonth: string): string {
  const [year, number] = yearAndMonth.split("-");
  return `${months[Number(number) - 1] ?? ""}\u00a0${year}`;
}

/** Months of a year or two in few words: `avril, mai et juin 2026`. */
function monthList(list: readonly string[]): string {
  const words = list.map((one, index) =>
    one.slice(0, 4) === list[index + 1]?.slice(0, 4) ? month(one).split("\u00a0")[0] : month(one),
  );
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} et ${words.at(-1) ?? ""}`;
}

/** Thousandths as a number with three decimals: `−1,000`. */
function thousandths(amount: number): string {
  const digits = String(Math.abs(amount)).padStart(4, "0");
  return frenchNumber(`${amount < 0 ? "-" : ""}${digits.slice(0, -3)}.${digits.slice(-3)}`);
}

/** Thousandths of GB·month in French: `−1,000 Go·mois`. */
function gigabyteMonths(amount: number): string {
  return `${thousandths(amount)}\u00a0Go·mois`;
}

function quantity({ quantity: { numerator, denominator, unit }, base, offer }: DueLine): string {
  if (denominator === BLOCK) return gigabyteMonths(numerator);
  const amount = frenchNumber(String(numerator / denominator));
  if (unit === "day") {
    const places = offer === "autonomous" || offer === "assisted" || offer === "sympa" || offer === "mailboxes";
    return `${amount} ${places ? (numerator > 1 ? "jours" : "jour") : numerator > 1 ? "unités·jours" : "unité·jour"} sur ${base}`;
  }
  if (unit === "hour") return `${amount} h`;
  if (unit === "halfDay") return `${amount} ${numerator > 1 ? "demi-journées" : "demi-journée"}`;
  return unit === "year" ? "année civile" : "1";
}

export const texts = {
  ...pages,
  ...commands,
  offers,
  kinds,
  ledgers,
  gigabyteMonths,
  thousandths,
  month,
  monthList,
  quantity,
  label: ({ offer, detail }: Pick<DueLine, "offer" | "detail">): string =>
    detail === undefined ? offers[offer] : `${offers[offer]} — ${detail}`,
  period: ({ from, to }: DueLine["period"]): string =>
    from === to ? frenchDate(from) : `${frenchDate(from)} – ${frenchDate(to)}`,

  problem: ({ member, rule, message }: { member: string; rule: string; message: string }): string =>
    `${member} (${rule}) : ${message}`,

  series: { F: "Facture", NC: "Note de crédit", COT: "Appel de cotisation" },
  plan: {
    title: (until: string): string => `À émettre au ${frenchDate(until)}`,
    refersTo: (number: string): string => `sur ${number}`,
  },
  csv: [
    "Membre",
    "Poste",
    "Date",
    "Du",
    "Au",
    "Quantité",
    "Prix unitaire",
    "Montant HTVA",
    "TVA %",
    "Liste de prix",
    "Règles",
    "Clé",
  ],
  explain: {
    due: (amount: string, date: string): string => `${amount}, dû le ${date}`,
    declared: "Déclaré",
    reckoned: "Calcul",
    issued: "Émis",
    days: (days: number, level: number): string => (level === 1 ? `${days} jours` : `${days} jours × ${level}`),
    list: (id: string): string => `Prix : liste ou référence ${id}`,
    rules: (rules: string): string => `Règles : ${rules}`,
    unknown: (key: string, keys: string[]): string =>
      keys.length === 0 ? `Aucune ligne « ${key} ».` : `Aucune ligne « ${key} ». Lignes : ${keys.join(", ")}`,
  },
  diff: (year: number): [string, string, string] => ["Membre", `Année ${year}`, `Année entière (${year + 1})`],
  nothingToIssue: "Rien à émettre.",
  retroactive: pages.report.mark,
  issued: ({ number, member, gross }: { number: string; member: string; gross: number }): string =>
    `${number}  ${member}  ${frenchEuros(BigInt(gross))}`,
  verified: (count: number): string => `Registre intact : ${count} document(s), fichiers et listes de prix conformes.`,

  page: {
    title: (period: string): string => `Ce que doivent les membres, ${period}`,
    year: (year: number): string => `année ${year}`,
    until: (from: string, to: string): string => `du ${from} au ${to}`,
    nothing: "Rien n'est dû.",
    notes: "À savoir",
    problems: "À régler : rien n'est compté pour ces points",
    columns: ["Poste", "Période", "Quantité", "Prix unitaire", "Montant"],
    lineColumns: ["Poste", "Quantité et prix", "Montant"] as const,
    each: (price: string): string => `à ${price}`,
    net: "Hors TVA",
    vat: "TVA",
    total: "Total",
    all: (count: number): string => (count === 1 ? "Total pour 1 membre" : `Total pour ${count} membres`),
    balance: "solde",
    provisional: "solde provisoire",
    ledger: { purchase: "achat", draw: "usage", recovery: "reprise" },
  },
  // Problems and notes of `due`
  noPrice: (offer: BilledOffer, list: string | undefined, date: string): string =>
    list === undefined
      ? `Aucune liste de prix n'est en vigueur au ${frenchDate(date)} pour « ${offers[offer]} ».`
      : `La liste de prix ${list} n'a pas de prix pour « ${offers[offer]} » (au ${frenchDate(date)}).`,
  noFee: (kind: "association" | "individual", list: string | undefined, date: string): string =>
    list === undefined
      ? `Aucune liste de prix n'est en vigueur au ${frenchDate(date)} pour la cotisation.`
      : `La liste de prix ${list} n'a pas de cotisation pour la catégorie « ${kinds[kind]} » : écrire membership.${kind} dans la liste.`,
  feeTooHigh: (cents: number, maximum: number): string =>
    `La cotisation de ${frenchEuros(BigInt(cents))} dépasse le maximum des statuts, ${frenchEuros(BigInt(maximum))}.`,
  replacesNothing: (id: string, replaces: string, from: string): string =>
    `Le pack « ${id} » remplace « ${replaces} », mais aucun pack de ce nom ne se termine la veille du ${frenchDate(from)}.`,
  replacesTwice: (id: string, replaces: string, from: string): string =>
    `Le pack « ${id} » remplace « ${replaces} », mais au ${frenchDate(from)} un autre pack en prend déjà la suite : un pack n'a qu'un successeur.`,
  replacesUnclear: (id: string, ended: string[], from: string): string =>
    `Au ${frenchDate(from)}, on ne sait pas lequel des packs prend la suite (${ended.join(", ")}) : écrire « replaces » dans « ${id} ».`,
  noQuotation: "L'assistance de niveau 3 demande un devis : quotation { reference, date, cents, validUntil }.",
  twoAmounts: (reference: string): string =>
    `Le devis « ${reference} » est donné avec deux montants différents : un devis n'en a qu'un, un nouveau devis a sa référence.`,
  noQuantity: (id: string, byHour: boolean): string =>
    `La prestation « ${id} » n'a pas de quantité : écrire ${byHour ? "minutes" : "halfDays"}.`,
  secondVisit: (month: string): string => `Support en présence : deuxième visite en ${month}, une seule par mois.`,
  noVisit: (month: string): string => `Support en présence : pas de visite en ${month}, rien n'est compté.`,
  overQuoted: (reference: string, done: number, quoted: number): string =>
    `Devis ${reference} : ${done} demi-journées faites sur ${quoted} acceptées (${done} / ${quoted}).`,
  sameKey: (key: string): string => `Deux lignes portent la même clé « ${key} ».`,
  noSuchBlock: (block: string): string =>
    `Le bloc « ${block} » à reprendre n'est pas déclaré, ou il est annulé (void) : corriger « recover ».`,
  recoverTooEarly: (block: string, earliest: string): string =>
    `Le bloc « ${block} » peut être repris à partir du ${frenchDate(earliest)}.`,
  recoverUnmeasured: (block: string, on: string): string =>
    `La reprise du bloc « ${block} » au ${frenchDate(on)} attend que les mois précédents soient mesurés.`,
  unmeasured: (kind: "disk" | "traffic", measured: string): string =>
    `${month(measured)} : ${ledgers[kind]} non mesuré, solde provisoire.`,
  unmeasuredMonths: (kind: "disk" | "traffic", list: readonly string[]): string =>
    `${pages.ledger.kinds[kind]} non mesuré en ${monthList(list)}, solde provisoire.`,
  incomplete: (measured: string, samples: number, needed: number): string =>
    `${month(measured)} : mesure incomplète de l'espace disque (${samples} relevés sur ${needed}), à confirmer.`,
  overdraft: (kind: "disk" | "traffic", measured: string, balance: number): string =>
    `${month(measured)} : ${ledgers[kind]} dépassé, solde ${gigabyteMonths(balance)}, repris sur le prochain bloc.`,
  held: (kind: "disk" | "traffic", measured: string, excess: number): string =>
    `${month(measured)} : ${ledgers[kind]} au-delà du quota de ${gigabyteMonths(excess)}, non compté (réglage « stop »).`,

  // The plan
  vanished: (key: string): string =>
    `« ${key} » a été émis mais n'est plus déclaré : y mettre fin par « to », ou écrire « void » avec la raison si rien n'a été livré.`,
  recoveryVanished: (key: string): string =>
    `« ${key} » a été crédité mais n'est plus déclaré : remettre la reprise dans « recover ».`,
  creditTooLarge: (key: string): string =>
    `« ${key} » : le crédit dépasse ce qui reste des factures, à régler à la main.`,
  notIssuedYet: (key: string): string =>
    `« ${key} » : en attente de paiement, le bloc n'a pas encore de facture ; la reprise suivra.`,
  withdrawn: (key: string): string => `Annulation : ${key.split("/").slice(1).join("/")}`,
  difference: (due: bigint, before: bigint): string => `dû ${frenchEuros(due)}, déjà émis ${frenchEuros(before)}`,

  register: {
    unreadable: (line: number, number: string): string =>
      `Registre, ligne ${line}${number === "" ? "" : ` (${number})`} : ce n'est pas un enregistrement.`,
    incomplete: (number: string): string =>
      `Registre : la dernière ligne${number === "" ? "" : ` (${number})`} n'est pas complète ; rétablir le fichier tel qu'il était.`,
    wrongLine: (number: string, key: string): string =>
      `${number} : la ligne « ${key} » n'est pas celle d'un tel document (signe ou référence).`,
    overCredited: (number: string, line: string): string => `${number} crédite plus que ce qui reste de « ${line} ».`,
    unbalanced: (member: string, kind: "disk" | "traffic", block?: string): string =>
      `${member}, ${ledgers[kind]} : ${block === undefined ? "le compte" : `le bloc ${block}`} n'est pas équilibré.`,
    recoveredOtherwise: (key: string, paid: bigint, due: bigint): string =>
      `« ${key} » : ${frenchEuros(paid)} crédités, ${frenchEuros(due)} selon les mesures d'aujourd'hui.`,
    altered: (number: string, line: number): string =>
      `Registre, ligne ${line} : le document ${number} a été modifié, son empreinte ne correspond plus.`,
    broken: (number: string, line: number): string =>
      `Registre, ligne ${line} : la chaîne est rompue avant le document ${number}.`,
    gap: (number: string, expected: string): string => `Le document ${number} ne suit pas : ${expected} est attendu.`,
    backwards: (number: string, date: string): string =>
      `Le document ${number} serait daté avant le précédent (${frenchDate(date)}).`,
    total: (number: string): string => `Les totaux du document ${number} ne sont pas la somme de ses lignes.`,
    list: (id: string, number: string): string =>
      `La liste de prix ${id} a été modifiée depuis l'émission de ${number} ; un nouveau prix est une nouvelle liste.`,
    missingList: (id: string, number: string): string =>
      `La liste de prix ${id}, utilisée par ${number}, n'existe plus.`,
    missingFile: (number: string, file: string): string => `${number} : le fichier ${file} manque.`,
    changedFile: (number: string, file: string): string => `${number} : le fichier ${file} a été modifié.`,
    stray: (folder: string): string => `${folder} ne correspond à aucun document du registre.`,
    behind: (number: string): string =>
      `Le document ${number} existe, mais ce registre ne le connaît pas : mettre le dépôt à jour avant d'émettre.`,
    crlf: (line: number): string =>
      `Registre, ligne ${line} : la ligne finit par CRLF ; rétablir le fichier tel que git le garde, sans conversion des fins de ligne.`,
    clock: (today: string, last: string): string =>
      `Nous serions le ${frenchDate(today)}, mais le dernier document est du ${frenchDate(last)} : vérifier l'horloge de cette machine.`,
    full: (series: string, wanted: number): string =>
      `La série ${series} n'a plus assez de numéros pour ${wanted} document(s) : elle va jusqu'à 99999.`,
    privateInGit: (folder: string): string =>
      `« ${folder} » est dans un dépôt git qui prendrait les documents et les adresses : choisir un dossier ailleurs (--private), ou l'exclure par .gitignore.`,
    locked: (owner: string): string => `Une autre émission est en cours (${owner}).`,
    noParty: (file: string): string =>
      `${file} manque ou n'a pas la forme publiée : nom, adresse et, s'il y a lieu, numéro d'entreprise du membre.`,
  },

  // The state of a stack
  notExport: "L'export de la pile n'a pas la forme attendue (deployment.resources).",
  noFacts: (member: string): string => `${member} : l'état de la pile n'a pas ses faits de facturation lisibles.`,
  notDeployed: (member: string, host: string): string =>
    `${member} : le document prévu pour le serveur ${host} n'est pas celui qui a été appliqué ; rien n'est compté.`,
};
