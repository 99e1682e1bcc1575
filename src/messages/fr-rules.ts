import type { Words } from "../catalogue/define.ts";
import { frenchEuros } from "../money.ts";
import { frenchDate } from "../period.ts";
import { hint, or, quoted } from "./words.ts";

type Read = { read: string };
type Choice = Read & { allowed: readonly string[] };
type Taken = Read & { file: string };
type Over = { day: string; existing: number; allowed: number; missing: number };

const allowedText = (allowed: readonly string[], what: string) =>
  allowed.length === 0 ? ` ; aucun ${what} n'est déclaré` : ` ; déclarés : ${or(allowed.slice(0, 12), "et")}`;

const things = {
  sites: "un site",
  databases: "une base de données",
  accounts: "un accès SFTP ou FTPS",
  software: "un logiciel",
  php: "PHP",
  robot: "un robot de listes",
};

/** Rules within and across members, in French. */
export const frRules = {
  "interval/order": ({ from, to }: { from: string; to: string }) =>
    `la fin (${frenchDate(to)}) précède le début (${frenchDate(from)}) ; corrigez l'une des deux dates`,
  "pack/before-membership": ({ read, since }: Read & { since: string }) =>
    `le pack commence le ${frenchDate(read)}, mais la cotisation court depuis le ${frenchDate(since)} ; il faut être membre pour avoir un pack`,
  "pack/after-membership": ({ to }: { to: string }) =>
    `la cotisation finit le ${frenchDate(to)}, le pack continue ; terminez-le à cette date : to: "${to}"`,
  "pack/twice": ({ pack }: { pack: string }) =>
    `deux packs ${quoted(pack)} en même temps ; terminez l'un, ou distinguez-les par « label »`,
  "pack/replaces": ({ read, allowed }: Choice) =>
    `${quoted(read)} n'est pas un pack de ce membre qui finit la veille${allowed.length === 0 ? "" : ` ; possible : ${or(allowed, "ou")}`}${hint(read, allowed)}`,
  "option/pack": ({ what, packs, day }: { what: Words; packs: readonly string[]; day: string }) =>
    `${what.fr} : le ${frenchDate(day)}, aucun pack ne porte cette option ; il faut ${or(packs, "ou")} pendant toute sa durée`,
  "option/quotation-missing": ({ from }: { from: string }) =>
    `le niveau 3 est sur devis ; ajoutez : quotation: { reference: "…", date: "${from}", amount: "0.00 EUR", validUntil: "…" }`,
  "option/quotation-useless": ({ level }: { level: number }) =>
    `le niveau ${level} a son prix au tarif ; retirez « quotation »`,
  "thing/pack": ({ what, packs }: { what: keyof typeof things; packs: readonly string[] }) =>
    `${things[what]} demande un pack ${or(packs, "ou")}, que ce membre n'a pas ; ajoutez le pack ou retirez « ${what} »`,
  "block/twice": ({ read }: Read) => `deux réserves se nomment ${quoted(read)} ; donnez à chacune son nom`,
  "recover/unknown": ({ read, allowed }: Choice) =>
    `aucune réserve ne se nomme ${quoted(read)}${allowedText(allowed, "bloc")}${hint(read, allowed)}`,
  "recover/twice": ({ read }: Read) => `la réserve ${quoted(read)} est déjà récupérée plus haut`,
  "recover/early": ({ read, first }: Read & { first: string }) =>
    `une réserve peut être récupérée à partir du ${frenchDate(first)} (l'année après l'achat), pas le ${frenchDate(read)}`,
  "service/twice": ({ read }: Read) => `la référence ${quoted(read)} est déjà utilisée plus haut ; chacune est unique`,
  "service/membership": ({ read }: Read) =>
    `le ${frenchDate(read)}, ce membre n'était pas membre ; corrigez la date ou la cotisation`,
  "service/month": ({ month }: { month: string }) =>
    `une seule demi-journée de support en présence par mois ; ${month} en a déjà une (un travail en plus est une intervention sur site)`,
  "status/pack-runs": ({ on }: { on: string }) =>
    `le membre est parti le ${frenchDate(on)} et ce pack continue ; terminez-le : to: "${on}"`,

  "quota/missing": ({
    day,
    existing,
    allowed,
    missing,
    what,
    option,
    level,
    cents,
  }: Over & { what: Words; option: string; level: number | undefined; cents: number | undefined }) =>
    `${what.fr}${level === undefined ? "" : ` niveau ${level}`} : ${existing} déclaré(s) au ${frenchDate(day)}, ${allowed} compris ou acheté(s), il en manque ${missing}${cents === undefined ? "" : ` (${frenchEuros(BigInt(cents))}/an chacun)`} ; ajoutez à options : { option: "${option}"${level === undefined ? "" : `, level: ${level}`}, quantity: ${missing}, from: "${day}" }, ou retirez-en`,
  "quota/quotation": ({ missing }: Over) =>
    `ce logiciel n'est pas connu de l'association : assistance de niveau 3, sur devis ; ajoutez à options : { option: "assistance", level: 3, quantity: ${missing}, quotation: { … }, from: "…" }, ou retirez-le`,
  "quota/list": ({ existing, allowed, cents }: Over & { cents: number | undefined }) =>
    `${existing} listes sur le domaine commun, ${allowed} comprises ; pour des listes sans limite sur votre propre domaine, ajoutez le pack sympa${cents === undefined ? "" : ` (${frenchEuros(BigInt(cents))}/an)`}`,

  "domain/taken": ({ read, file }: Taken) =>
    `le domaine ${quoted(read)} est déjà déclaré dans ${file} ; un domaine est à un seul membre à la fois : retirez-le ici, ou mettez-lui là une fin (to) la veille`,
  "domain/parent": ({ read, parent, file, id }: Taken & { parent: string; id: string }) =>
    `${quoted(read)} est sous ${quoted(parent)}, déclaré dans ${file} ; ce fichier doit le déléguer : delegates: [{ name: "${read}", to: "${id}" }]`,
  "domain/delegate": ({ read, domain }: Read & { domain: string }) =>
    `${quoted(read)} n'est pas sous ${quoted(domain)} ; on ne délègue qu'un sous-domaine`,
  "domain/suffix": ({ read }: Read) =>
    `${quoted(read)} est un suffixe public, qui n'est à personne ; écrivez le domaine entier, par exemple jardins.${read}`,
  "domain/provider": ({ read }: Read) =>
    `${quoted(read)} est à un fournisseur de courrier, pas à un membre ; retirez-le`,
  "domain/association": ({ read }: Read) =>
    `${quoted(read)} est à l'association elle-même ; un membre ne peut le déclarer`,
  "domain/zone": ({ read, zone }: Read & { zone: string }) =>
    `${quoted(read)} est un sous-domaine ; déclarez ${quoted(zone)} (ses sous-domaines sont gratuits, nommez-les dans sites), ou écrivez dns: "elsewhere"`,
  "member/unknown": ({ read, allowed }: Choice) =>
    `aucun membre n'a l'identifiant ${quoted(read)}${hint(read, allowed)}`,
  "site/domain": ({ read, allowed }: Choice) =>
    `${quoted(read)} n'est dans aucun domaine de ce membre${allowedText(allowed, "domaine")}${hint(read, allowed)}`,
  "site/taken": ({ read, file }: Taken) =>
    `le nom ${quoted(read)} est déjà celui d'un site dans ${file} ; un nom mène à un seul site`,
  "site/delegated": ({ read, domain, to }: Read & { domain: string; to: string }) =>
    `${quoted(read)} est dans ${quoted(domain)}, délégué à ${quoted(to)} ; retirez ce nom d'ici, ou la délégation`,
  "site/loop": ({ read }: Read) =>
    `le site ${quoted(read)} renvoie à lui-même ; mettez l'adresse d'un autre, ou retirez « redirect »`,
  "site/proxied-elsewhere": ({ read }: Read) =>
    `le DNS de ${read} est ailleurs : ce site ne peut passer par le réseau de notre hébergeur DNS ; retirez proxied`,
  "site/proxied-mail": ({ read }: Read) =>
    `${read} reçoit du courrier ou un autre service (MX, SRV) : ce nom ne peut être « proxied », le réseau de l'hébergeur DNS ne laisse passer que le web ; retirez proxied, ou donnez au service un autre nom`,
  "site/redirect": ({ what }: { what: "software" | "folder" }) =>
    `ce site ne fait que renvoyer ailleurs (redirect), il n'a ni fichiers ni logiciel ; retirez « redirect », ou ce ${{ software: "logiciel", folder: "dossier" }[what]}`,
  "php/unknown": ({ read, allowed }: Choice) => `nos serveurs n'ont pas PHP ${read} ; versions : ${or(allowed, "ou")}`,
  "name/twice": ({ read }: Read) =>
    read === ""
      ? "un seul accès peut être sans nom (son identifiant est celui du membre) ; nommez les autres"
      : `${quoted(read)} est écrit deux fois ; donnez à chacun son nom`,
  "account/keys": () =>
    `un accès SFTP s'ouvre avec une clé ; ajoutez : keys: ["ssh-ed25519 AAAA… nom"], ou choisissez kind: "ftps"`,
  "account/folder": ({ read, allowed }: Choice) =>
    `le dossier ${quoted(read)} ne commence pas par le nom d'un site${allowedText(allowed, "site")}${hint(read, allowed)}`,
  "software/site": ({ read, allowed }: Choice) =>
    `${quoted(read)} n'est pas un site de ce membre${allowedText(allowed, "site")}${hint(read, allowed)}`,
  "software/which-database": ({ allowed }: { allowed: readonly string[] }) =>
    allowed.length === 0
      ? 'ce logiciel a besoin d\'une base ; ajoutez : databases: [{ name: "site" }]'
      : `dites laquelle de ses bases il utilise ; ajoutez : database: "${allowed[0] ?? ""}"${allowedText(allowed, "base")}`,
  "software/database": ({ read, allowed }: Choice) =>
    `${quoted(read)} n'est pas une base de ce membre${allowedText(allowed, "base")}${hint(read, allowed)}`,

  "record/value": ({ read, type }: Read & { type: string }) =>
    `${quoted(read)} ne convient pas à un enregistrement ${type} ; par exemple ${recordExamples[type] ?? ""}`,
  "record/priority": ({ type }: { type: string }) =>
    `seul un enregistrement MX a une priorité, pas ${type} ; retirez « priority »`,
  "record/site": ({ read, type }: Read & { type: string }) =>
    `${quoted(read)} mène à un site chez nous, son adresse suit d'elle-même ; retirez cet enregistrement ${type}, ou retirez ce nom de sites`,
  "record/robot": ({ read, type }: Read & { type: string }) =>
    `${quoted(read)} est le robot de listes, son adresse suit d'elle-même ; retirez cet enregistrement ${type}`,
  "certificate/file": ({ read }: Read) =>
    `${quoted(read)} n'est pas une chaîne de certificats ; le fichier porte le nom du site, suivi de .pem`,
  "certificate/foreign": ({ read, allowed }: Choice) =>
    `${quoted(read)} ne porte pas le nom d'un site dont le certificat est acheté (certificate: "bought")${allowedText(allowed, "site de ce genre")}`,
  "certificate/secret": () =>
    "ce fichier contient une clé privée : elle est à considérer comme perdue. Retirez le fichier, demandez un nouveau certificat avec la demande faite par le serveur (npx cassiopea certificate <site>), et ne donnez que la chaîne publique",
  "certificate/form": () =>
    "ce n'est pas une chaîne de certificats PEM ; elle n'a que des blocs -----BEGIN CERTIFICATE-----, celui du site en premier",
  "certificate/short": () =>
    "il n'y a que le certificat du site ; ajoutez à sa suite ceux de l'autorité (la « chaîne » ou « intermediate »)",
  "certificate/order": ({ read, wanted }: Read & { wanted: string }) =>
    `le certificat qui suit ${quoted(read)} n'est pas celui qui l'a signé ; il faut ensuite ${quoted(wanted)}`,
  "certificate/names": ({ read }: { read: readonly string[] }) =>
    `le certificat ne couvre pas ${or(read, "ni")} ; demandez-le pour tous les noms du site, ou retirez ces alias`,
  "record/apex": () => "un CNAME ne peut être sur le domaine lui-même (@) ; écrivez un A ou un AAAA",
  "record/alone": ({ read }: Read) => `${quoted(read)} : un CNAME est seul sur son nom ; gardez l'un ou les autres`,
  "record/twice": ({ read, type }: Read & { type: string }) =>
    `cet enregistrement ${type} de ${quoted(read)} est écrit deux fois ; gardez-en un`,
  "record/label": ({ read, type }: Read & { type: string }) =>
    `plusieurs enregistrements ${type} pour ${quoted(read)} ; distinguez-les par label: "…", qui ne change plus ensuite`,

  "address/taken": ({ read, file }: Taken) =>
    `l'adresse ${quoted(read)} existe déjà dans ${file} (boîte, alias, redirection ou liste) ; gardez-en une`,
  "address/domain": ({ read, allowed }: Choice) =>
    `l'adresse ${quoted(read)} n'est dans aucun domaine de ce membre${allowedText(allowed, "domaine")}${hint(read.slice(read.indexOf("@") + 1), allowed)}`,
  "address/no-mail": ({ read }: Read) =>
    `l'adresse ${quoted(read)} est dans un domaine sans courrier (mail: false) ; retirez l'un ou l'autre`,
  "address/reserved": ({ read }: Read) =>
    `${quoted(read)} sert à prouver qu'un domaine est au membre ; déclarez-la dans forwards, vers "contact:…"`,
  "address/catch-all": ({ read, allowed }: Choice) =>
    `${quoted(read)} n'est pas une adresse de ce membre ; catchAll mène à une de ses adresses ou à "contact:…"${hint(read, allowed)}`,
  "text/address": ({ read }: Read) =>
    `${quoted(read)} contient une adresse de courrier ; ce fichier est lu par tous : écrivez-le sans elle, une personne se désigne par "contact:<référence>"`,
  "alias/target": ({ read, allowed }: Choice) =>
    `l'alias mène à ${quoted(read)}, qui n'est pas une adresse de ce membre ; vers une personne, utilisez forwards et "contact:…"${hint(read, allowed)}`,
  "alias/loop": ({ path }: { path: readonly string[] }) =>
    `ces alias tournent en rond : ${path.join(" → ")} ; l'un doit mener à une boîte`,
  "list/reserved": ({ read }: Read) => `${quoted(read)} est un nom que Sympa garde pour lui ; choisissez-en un autre`,
  "list/suffix": ({ read, suffix }: Read & { suffix: string }) =>
    `un nom de liste ne finit pas par ${suffix} (${quoted(read)}) ; choisissez-en un autre`,
  "list/no-robot": () =>
    `ce membre n'a pas de robot ; ajoutez robot: { domain: "lists.…", listmasters: ["…"] }, ou écrivez on: "shared"`,
  "robot/domain": ({ read, allowed }: Choice) =>
    `le robot ${quoted(read)} n'est sous aucun domaine de ce membre${allowedText(allowed, "domaine")}`,
  "robot/apex": ({ read }: Read) =>
    `un robot vit sur un sous-domaine, où ses listes ne croisent pas les boîtes ; écrivez par exemple "lists.${read}"`,
  "robot/taken": ({ read, file }: Taken) =>
    `${quoted(read)} est déjà utilisé dans ${file} ; donnez au robot un nom à lui`,
  "owner/unknown": ({ read }: Read) =>
    `${quoted(read)} n'est pas une adresse de ce membre, et une adresse privée n'entre pas dans ce fichier ; écrivez "contact:<référence>"`,
} as const;

const recordExamples: Partial<Record<string, string>> = {
  A: "192.0.2.10",
  AAAA: "2001:db8::10",
  CNAME: "autre.exemple.be",
  MX: "mail.exemple.be",
  TXT: "un texte sans accent",
  SRV: "0 5 443 serveur.exemple.be",
  CAA: '0 issue "letsencrypt.org"',
};
