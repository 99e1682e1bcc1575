import { frenchDate } from "../period.ts";

/** What the bill's commands say of what they were given, in French: part of `texts`. */
export const commands = {
  noStack: "Ici, la commande ne sait pas lire l'état d'une pile.",
  noSuchMember: (member: string): string => `Aucun membre « ${member} ».`,
  badYear: (read: string): string =>
    read === ""
      ? "Préciser l'année : --year 2026."
      : `« ${read} » n'est pas une année : écrire par exemple --year 2026.`,
  badDate: (read: string): string => `« ${read} » n'est pas une date qui convient : écrire par exemple 2026-06-30.`,
  badFormat: (read: string): string => `« ${read} » n'est pas une forme de ce relevé : texte ou html.`,
  badUsage: (file: string, where: string): string => `${file} : la mesure n'a pas la forme publiée (${where}).`,

  otherMonth: (file: string, month: string): string =>
    `${file} : le contenu est celui de « ${month} », ce n'est pas le mois du nom du fichier.`,
  unknownMeasured: (file: string, id: string): string =>
    `${file} : « ${id} » est mesuré, mais aucun membre de ce nom n'est déclaré ; corriger la mesure ou la déclaration.`,
  system: {
    reasons: {
      ENOSPC: "le disque est plein",
      EDQUOT: "le quota du disque est atteint",
      EACCES: "l'accès est refusé",
      EPERM: "l'accès est refusé",
      EROFS: "le disque est en lecture seule",
      ENOTDIR: "un fichier est à la place d'un dossier",
      EISDIR: "un dossier est à la place d'un fichier",
      EEXIST: "un fichier est à la place d'un dossier",
    },
    refused: (path: string, why: string): string =>
      `${path === "" ? "Écriture impossible" : path} : ${why}. Aucun numéro n'a été donné hors de ceux qui sont affichés ; y remédier, puis relancer.`,
  },

  reminder: {
    unknown: (number: string): string => `« ${number} » n'est ni une facture ni un appel de cotisation du registre.`,
    early: (number: string, payBy: string): string =>
      `${number} est à payer au plus tard le ${frenchDate(payBy)} : un rappel ne part qu'après.`,
    credited: (number: string): string => `${number} a été crédité en entier : il n'y a rien à rappeler.`,
    lines: (
      of: Record<"number" | "member" | "amount" | "payBy" | "communication" | "begins" | "penaltyFrom", string>,
    ) => [
      `Premier rappel de ${of.number} — ${of.member}`,
      `  Montant, notes de crédit déduites : ${of.amount}`,
      `  Communication structurée : ${of.communication}`,
      `  Était à payer au plus tard le ${of.payBy}`,
      `  Ce rappel est gratuit ; ses 14 jours courent à partir du ${of.begins}.`,
      `  Aucuns frais ne peuvent être demandés à un consommateur avant le ${of.penaltyFrom} (livre XIX du Code de droit économique).`,
      "  Les paiements ne sont pas connus ici : vérifier d'abord le compte.",
    ],
  },

  git: {
    noReference: "Ici, la commande ne sait pas lire un état antérieur du dépôt git.",
    noRepository: (folder: string): string =>
      `« ${folder} » n'est pas un dossier d'un dépôt git : bill diff compare avec un état que git connaît.`,
    unknown: (reference: string): string =>
      `git ne connaît pas « ${reference} » : écrire une branche, une étiquette ou un commit, par exemple main ou HEAD~1 (git fetch l'apporte peut-être).`,
    noFolder: (folder: string, reference: string): string => `« ${folder} » n'existe pas à « ${reference} ».`,
  },
  stack: {
    notDeclared: (member: string): string => `${member} : déployé, mais n'est plus déclaré.`,
    notDeployed: (member: string): string => `${member} : déclaré, mais pas déployé.`,
    differs: (member: string, fields: readonly string[]): string =>
      `${member} : déployé autrement que déclaré (${fields.join(", ")}).`,
  },
};
