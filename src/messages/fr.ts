import type { Slip } from "../load/slip.ts";
import { frRules } from "./fr-rules.ts";
import { dateMeant, idMeant, isWord, lastDayOf, sizeMeant, textMeant } from "./meant.ts";
import { hint, or, quoted } from "./words.ts";

type Read = { read: string };
type Named = { what: string };
type Moved = Read & { role: string; registered: string };

const lastDay = (year: string, month: string | undefined) => {
  const last = lastDayOf(year, month);
  return last === undefined ? "" : ` (ce mois a ${last} jours)`;
};
const valueMeant = (read: string, wanted: string) => {
  const meant = textMeant(read, wanted);
  return meant === undefined ? "" : ` ; écrivez ${meant}`;
};

/** What each rule says, in French: what was read, what is allowed, what to do. */
export const fr = {
  // The folder and its files.
  "folder/missing": ({ folder }: { folder: string }) =>
    `le dossier des membres ${quoted(folder)} n'existe pas ou ne peut être lu ; indiquez le bon avec --members`,
  "folder/empty": ({ folder }: { folder: string }) =>
    `aucun fichier de membre dans ${quoted(folder)} ; un dossier vide n'est jamais compris comme « supprimer tous les membres »`,
  "file/name": ({ read }: Read) =>
    `${quoted(read)} ne peut être un identifiant de membre : une minuscule, puis 1 à 15 minuscules ou chiffres, par exemple ${idMeant(read)}.ts`,
  "file/reserved": ({ read }: Read) => `l'identifiant ${quoted(read)} est réservé au système ; choisissez-en un autre`,
  "file/foreign": ({ read }: Read) =>
    `${quoted(read)} n'est pas un fichier de membre ; ce dossier ne contient que des fichiers <identifiant>.ts et le dossier registry ; retirez-le`,
  "file/special": (): string =>
    "ce n'est pas un fichier ordinaire (lien symbolique, dossier …) ; copiez le fichier lui-même",
  "file/unreadable": ({ why }: { why: string }) => `le fichier ne peut être lu (${why})`,
  "file/size": ({ read, most }: { read: number; most: number }) =>
    `le fichier a ${read} octets ; un fichier de membre en a au plus ${most}`,
  "file/encoding": (): string => "le fichier n'est pas en UTF-8 ; enregistrez-le en UTF-8",
  "file/characters": ({ read }: Read) =>
    `caractère invisible ou trompeur (${read}) ; retapez ce passage au clavier, sans copier-coller`,
  "file/deep": ({ most }: { most: number }) => `plus de ${most} niveaux de crochets ; un fichier de membre reste plat`,
  "file/syntax": ({ read, slip }: Read & { slip: Slip }) =>
    ({
      comma: "il manque une virgule ou un crochet juste avant ceci, sans doute à la fin de la ligne précédente",
      semicolon: "ce point-virgule doit être une virgule",
      quote: "ce texte n'est pas fermé ; mettez un guillemet droit (\") à sa fin",
      quotes: "ce guillemet n'est pas droit ; écrivez les textes entre guillemets droits (\"), tapés au clavier",
      equals: "une valeur suit un deux-points, pas un égal ; écrivez « clé: valeur »",
      hole: "deux virgules se suivent ; retirez-en une",
      other: `le fichier n'est plus lisible à partir d'ici ; il manque sans doute une virgule, un guillemet ou une accolade juste avant (lecteur : ${read})`,
    })[slip],
  "file/import": (): string =>
    'il manque la première ligne du fichier ; écrivez tout en haut : import { member } from "../src/member.ts";',
  "file/frame": ({ read }: Read) =>
    `${read === "" ? "il manque quelque chose" : `${quoted(read)} est de trop`} : le fichier contient seulement import { member } from "../src/member.ts"; puis export default member({ … });`,
  "file/code": ({ read }: Read) =>
    isWord(read)
      ? `${read} est écrit sans guillemets ; si c'est un texte, écrivez "${read}" (ce fichier est lu sans être exécuté)`
      : `${read} : un fichier de membre est lu sans jamais être exécuté ; seuls sont permis textes "…", nombres, true, false, [ … ] et { clé: … }`,
  "file/key-twice": ({ read }: Read) => `la clé ${quoted(read)} est écrite deux fois ; gardez-en une`,
  "file/key": ({ read }: Read) => `${quoted(read)} ne peut être une clé`,
  "file/number": ({ read }: Read) => `${quoted(read)} : un nombre s'écrit en chiffres seulement, par exemple 12`,

  // The shape of a declaration.
  "shape/missing": ({ what, allowed }: Named & { allowed: string }) =>
    what === "number"
      ? "il manque le numéro du membre ; « npx cassiopea new » en donne un à un membre nouveau, celui d'un autre est le nom de son fichier dans members/registry"
      : `il manque ${quoted(what)}${allowed === "" ? "" : ` (${allowed})`} ; ajoutez cette ligne`,
  "shape/unknown": ({ read, allowed }: Read & { allowed: readonly string[] }) =>
    `${quoted(read)} n'existe pas ici${hint(read, allowed) || ` ; clés permises : ${or(allowed, "ou")}`}`,
  "shape/value": ({ read, allowed }: Read & { allowed: readonly string[] }) =>
    `${read} n'est pas permis ; permis : ${or(allowed, "ou")}${hint(read, allowed)}`,
  "shape/type": ({ read, wanted }: Read & { wanted: string }) =>
    `lu ${read}, attendu : ${{ string: 'un texte "…"', number: "un nombre", boolean: "true ou false", array: "une liste [ … ]", object: "des accolades { … }", int: "un nombre entier" }[wanted] ?? wanted}${valueMeant(read, wanted)}`,
  "shape/range": ({ read, least, most }: Read & { least: string; most: string }) =>
    `${read} est hors limites${least === "" ? "" : ` ; au moins ${least}`}${most === "" ? "" : ` ; au plus ${most}`}`,
  "shape/length": ({ read, least, most }: Read & { least: string; most: string }) =>
    `${read} élément(s)${least === "" ? "" : ` ; au moins ${least}`}${most === "" ? "" : ` ; au plus ${most}`}`,
  "shape/other": ({ read }: Read) => `${read} n'est pas permis ici`,

  // Fields.
  "format/date": ({ read }: Read) => {
    const [, year, month] = /^"(\d{4})-(\d\d)-\d\d"$/.exec(read) ?? [];
    if (year !== undefined && year >= "2000" && year < "3000")
      return `${read} : ce jour n'existe pas${lastDay(year, month)} ; corrigez le jour ou le mois`;
    return `${read} n'est pas une date ; écrivez année-mois-jour, ${dateMeant(read) ?? 'par exemple "2026-03-01"'}`;
  },
  "format/line": ({ read }: Read) => `${read} : un texte d'une ligne, de 1 à 120 caractères, sans espace au bord`,
  "format/reference": ({ read }: Read) => `${read} : une référence a lettres, chiffres, . _ / -, au plus 40 caractères`,
  "format/suffix": ({ read }: Read) => `${read} : 1 à 15 minuscules ou chiffres, sans le nom du membre`,
  "format/label": ({ read }: Read) => `${read} : minuscules, chiffres et tirets, au plus 30 caractères`,
  "format/domain": ({ read }: Read) =>
    `${read} n'est pas un nom de domaine ; écrivez-le en minuscules, sans http:// ni point final, par exemple "jardins.be"`,
  "format/scripts": ({ read }: Read) => `${read} mêle des alphabets dans un même mot : un tel nom imite un autre nom`,
  "format/address": ({ read }: Read) =>
    `${read} n'est pas une adresse ; écrivez-la en minuscules, sans accent ni espace, avec le domaine entier, par exemple "info@jardins.be"`,
  "format/contact": ({ read }: Read) =>
    `${read} : une personne se désigne par "contact:<référence>", sans son adresse privée`,
  "format/recipient": ({ read }: Read) => `${read} n'est ni une adresse ni "contact:<référence>"`,
  "format/amount": ({ read }: Read) => `${read} n'est pas un montant ; écrivez par exemple "34.90 EUR"`,
  "format/size": ({ read }: Read) =>
    `${read} n'est pas une taille ; écrivez ${sizeMeant(read) ?? 'par exemple "2 GB"'} (GB pour Go, avec une espace)`,
  "format/memory": ({ read }: Read) => `${read} n'est pas une mémoire ; écrivez par exemple "512 MB" (de 64 à 8192)`,
  "format/web-address": ({ read }: Read) =>
    `${read} n'est pas une adresse web ; écrivez par exemple "https://jardins.be/"`,
  "format/version": ({ read }: Read) => `${read} n'est pas une version ; écrivez par exemple "4.4.1"`,
  "format/duration": ({ read }: Read) => `${read} n'est pas une durée ; écrivez par exemple "2 h 20 min"`,
  "format/php": ({ read }: Read) => `${read} n'est pas une version de PHP ; écrivez par exemple "8.4"`,
  "format/ssh-key": ({ read }: Read) =>
    `${read} n'est pas une clé publique SSH ; une ligne comme "ssh-ed25519 AAAA… nom"`,
  "format/folder": ({ read }: Read) => `${read} n'est pas un dossier ; écrivez-le sans / au début et sans ".."`,
  "format/record-name": ({ read }: Read) =>
    `${read} : "@" pour le domaine lui-même, sinon ce qui le précède, en minuscules`,
  "format/software": ({ read }: Read) => `${read} n'est pas un nom de logiciel ; minuscules, chiffres et tirets`,
  "format/list": ({ read }: Read) => `${read} n'est pas un nom de liste ; minuscules, chiffres, . + _ -`,
  "format/host": ({ read }: Read) => `${read} n'est pas un nom court d'hôte ; par exemple "web1"`,

  // The registry of members.
  "registry/file": (): string =>
    "ce fichier du registre n'est pas lisible ; il est écrit par « npx cassiopea check --update », reprenez la version d'avant",
  "registry/lost": ({ id }: { id: string }) =>
    `le membre ${quoted(id)} est au registre mais son fichier ${id}.ts manque ; remettez-le (un départ se déclare par status, jamais en supprimant le fichier)`,
  "registry/renamed": ({ id }: { id: string }) =>
    `ce fichier porte le numéro de ${quoted(id)}, dont le fichier manque ; s'il a été renommé, rendez-lui son nom ${id}.ts : un identifiant ne change jamais`,
  "registry/absent": ({ id }: { id: string }) =>
    `${quoted(id)} n'est pas encore au registre des membres ; lancez : npx cassiopea check --update`,
  "registry/number": ({ read, registered }: { read: number; registered: number }) =>
    `le numéro ${read} n'est pas celui du registre ; un numéro ne change jamais : écrivez ${registered}`,
  "registry/number-taken": ({ read, other }: { read: number; other: string }) =>
    `le numéro ${read} est celui de ${quoted(other)} : un fichier ne se copie pas ; pour un membre nouveau, effacez celui-ci et lancez « npx cassiopea new »`,
  "registry/id-twice": ({ id, other }: { id: string; other: number }) =>
    `${quoted(id)} est déjà au registre sous le numéro ${other} ; gardez le plus ancien des deux fichiers`,
  "registry/name-absent": ({ read }: Read) =>
    `${quoted(read)} n'est pas encore au registre ; lancez : npx cassiopea check --update`,
  "registry/name-gone": ({ read }: Read) =>
    `${quoted(read)} a été donné à ce membre et ne figure plus dans son fichier ; remettez-le, et terminez-le par « to » s'il ne sert plus`,
  "registry/name-taken": ({ read, other }: Read & { other: string }) =>
    `${quoted(read)} a déjà été donné à ${quoted(other)} et n'est jamais donné à un autre ; choisissez un autre nom`,

  // Hosts.
  "host/unknown": ({ read, allowed }: Read & { allowed: readonly string[] }) =>
    `l'hôte ${quoted(read)} n'existe pas ; hôtes : ${or(allowed, "ou")}${hint(read, allowed)}`,
  "host/role": ({ read, role, allowed }: Read & { role: string; allowed: readonly string[] }) =>
    `l'hôte ${quoted(read)} n'a pas le rôle ${role}${allowed.length === 0 ? "" : ` ; l'ont : ${or(allowed, "et")}`}`,
  "host/unregistered": ({ read, role }: Read & { role: string }) =>
    `l'hôte ${quoted(read)} (rôle ${role}) n'est pas encore au registre pour ce membre ; lancez : npx cassiopea check --update`,
  "host/moved": ({ read, role, registered }: Moved) =>
    `les données de ce membre (rôle ${role}) sont sur ${quoted(registered)} ; écrire ${quoted(read)} ici ne les déplace pas : remettez "${registered}" (un déplacement copie d'abord les données, voyez l'administrateur)`,
  "host/left": ({ read, role, registered }: Moved) =>
    `les données de ce membre (rôle ${role}) sont sur ${quoted(registered)}, mais l'hôte par défaut de la pile le mettrait sur ${quoted(read)} sans elles ; écrivez dans ce fichier : host: { ${role}: "${registered}" }`,
  "host/none": ({ role }: { role: string }) => `aucun hôte n'a le rôle ${role}`,
  "host/several": ({ role, allowed }: { role: string; allowed: readonly string[] }) =>
    `plusieurs hôtes ont le rôle ${role} (${or(allowed, "et")}) ; nommez le sien : host: { ${role}: "${allowed[0] ?? ""}" }`,
  ...frRules,
} as const;
