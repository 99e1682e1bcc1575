import type { ExportManifest } from "../../src/export.ts";
import type { Handover } from "../../src/handover.ts";
import type { PurgeAnswer } from "../../src/purge.ts";
import type { LoginProblem, SqlError } from "./hosts.ts";
import type { Wanted } from "./wanted.ts";

/** What answers of the DNS API mean for who reads them, by what is in them. */
const hints: readonly (readonly [RegExp, string])[] = [
  [
    /Authentication error|\b10000\b/,
    "Le jeton de l'API DNS n'a pas le droit de le faire : il lui faut Zone.Zone et Zone.DNS, en modification, pour ce compte.",
  ],
  [
    /\b1061\b|\b1118\b|zone.*already exists/i,
    "Ce domaine est déjà dans un autre compte de l'hébergeur DNS : son titulaire l'en retire d'abord.",
  ],
];

/** An error of the engine with what it means, where that is known. */
export function explained(said: string): string {
  const hint = hints.find(([pattern]) => pattern.test(said))?.[1];
  return hint === undefined ? said : `${said}\n${hint}`;
}

/** What the runner says, in French. */
export const texts = {
  login: (host: string, address: string, problem: LoginProblem, said: string) => {
    const where = `${host} (${address})`;
    const reasons: Record<LoginProblem, string> = {
      "host key": `${where} : la clé de l'hôte n'est pas celle de la configuration. Rien n'a été envoyé. Si le serveur a été réinstallé, mettez sa nouvelle clé dans la configuration de la pile ; sinon, quelqu'un se fait passer pour lui.`,
      login: `${where} : la connexion SSH est refusée. La clé de déploiement est-elle dans l'agent SSH (ssh-add -l) et sur le serveur ?`,
      refused: `${where} : le serveur répond, mais n'accepte pas de connexion SSH sur ce port.`,
      unreachable: `${where} : injoignable. Le serveur est-il en marche ?`,
      closed: `${where} : le serveur ferme la connexion SSH aussitôt (trop de connexions refusées depuis cette adresse ? réessayez dans quelques minutes).`,
      other: `${where} : connexion SSH impossible : ${said}`,
    };
    return reasons[problem];
  },
  sql: (host: string, kind: SqlError["kind"], said: string) => {
    const reasons: Record<SqlError["kind"], string> = {
      password: `${host} : MariaDB refuse le mot de passe de l'administrateur « pulumi ». Avec --repair, le mot de passe de la configuration est remis sur le serveur.`,
      down: `${host} : MariaDB ne répond pas (${said}). Est-il en marche ? (systemctl status mariadb)`,
      other: `${host} : MariaDB ne peut pas être utilisé : ${said}`,
    };
    return reasons[kind];
  },
  dns: {
    unreachable: (said: string) => `API DNS : injoignable (${said}). Le DNS est laissé tel quel.`,
    refused: (said: string) => `API DNS : le jeton est refusé (${said}). Le DNS est laissé tel quel.`,
    failed: (said: string) => `API DNS : erreur (${said}). Le DNS est laissé tel quel.`,
  },
  foreignZone: (domain: string, records: number, stack: string) =>
    `${domain} : la zone existe déjà à l'hébergeur DNS, avec ${count(records, "enregistrement")} qui ne sont pas d'ici. Rien n'y est changé. Pour la reprendre : npx cassiopea adopt ${domain} --stack ${stack}`,
  competing: (domain: string, records: readonly { name: string; type: string; content?: string | undefined }[]) =>
    `${domain} : la zone n'est pas reprise, ces enregistrements tiennent la place des nôtres : ${records.map(({ name, type, content = "" }) => `${name} ${type} ${content}`).join(" ; ")}. Retirez-les chez l'hébergeur DNS, ou écrivez-les dans les « records » du domaine.`,
  others: (domain: string, records: number) =>
    `${domain} : ${count(records, "enregistrement")} d'autrui dans la zone, laissé${records > 1 ? "s" : ""} tel${records > 1 ? "s" : ""} quel${records > 1 ? "s" : ""}.`,
  noDomain: (name: string) =>
    `Aucun membre ne déclare ${name} avec son DNS chez nous ; « npx cassiopea domains » montre les domaines.`,
  noZone: (name: string) =>
    `${name} n'a pas encore de zone à l'hébergeur DNS : « up » la fait, il n'y a rien à reprendre.`,
  doctor: {
    noZone: (zone: string) => `${zone} n'est pas une zone de ce compte. Faites-en une pour l'essai, vide.`,
    inUse: (zone: string, n: number) =>
      `${zone} a ${count(n, "enregistrement")} : l'examen ne se fait que sur une zone d'essai vide.`,
    left: (zone: string, records: readonly string[], said: string) =>
      `${zone} : ${count(records.length, "enregistrement")} de l'examen n'${records.length > 1 ? "ont" : "a"} pu être retiré${records.length > 1 ? "s" : ""} (${said}) : ${records.join(" ; ")}. Relancez l'examen, qui les retire d'abord, ou retirez-les chez l'hébergeur DNS.`,
    total: (n: number, different: number) =>
      different === 0
        ? `${n} questions, toutes les réponses sont celles que l'atelier suppose.`
        : `${n} questions, ${count(different, "réponse diffère", "réponses diffèrent")} de ce que l'atelier suppose : c'est à corriger dans l'émulateur et ses essais.`,
  },
  adoption: {
    ours: (domain: string, n: number) =>
      `${domain} : la zone existe ; ${count(n, "enregistrement")} ${n > 1 ? "y sont" : "y est"} déjà comme déclaré.`,
    kept: (n: number) => `  Restent tels quels, sans être à nous (${n}) :`,
    inTheWay: (n: number) => `  Tiennent la place des nôtres (${n}) :`,
    settle: `  Retirez-les chez l'hébergeur DNS, ou écrivez-les dans les « records » du domaine ; puis relancez.`,
    ready: (domain: string, stack: string) =>
      `  Pour reprendre la zone : npx cassiopea adopt ${domain} --stack ${stack} --yes`,
  },
  conflict: (name: string, type: string, other: string) =>
    `${name} : un enregistrement fait à la main (${other}) tient la place du nôtre (${type}), qui n'est pas fait. Retirez-le chez l'hébergeur DNS, ou écrivez-le dans les « records » du domaine.`,
  lostDatabase: (host: string, database: string) =>
    `${host} : la base ${database} n'existe plus sur le serveur. Restaurez-la de la sauvegarde, ou relancez avec --repair pour la refaire vide.`,
  removedData: (what: string) =>
    `${what} ne figure plus dans les déclarations, mais existe : elle serait détruite. Rien n'est changé. Un membre part par son statut, jamais par la disparition de son fichier.`,
  movedData: (member: string, from: string, to: string) =>
    `${member} : ses données sont sur ${from}, les déclarations le mettent sur ${to} sans elles. Rien n'est changé. Écrivez dans son fichier host: { web: "${from}" } ; un déplacement copie d'abord les données.`,
  movedZone: (domain: string) => `zone ${domain} : le compte DNS a changé, la zone serait refaite. Rien n'est changé.`,
  archive: {
    noMember: (member: string) =>
      `Aucun membre n'a l'identifiant « ${member} » ; les identifiants sont les noms des fichiers de members/.`,
    nowhere: (member: string) => `${member} n'a pas d'hébergement : rien de lui n'est sur un serveur.`,
    failed: (host: string, said: string) => `${host} : ${said}`,
    exists: (file: string) => `${file} existe déjà ; rien n'est écrasé.`,
    unreadable: (file: string, said: string) => `${file} : ce n'est pas une archive lisible (${said}).`,
    noManifest: (file: string) => `${file} : pas de manifeste lisible ; ce n'est pas l'archive entière d'un membre.`,
    otherParts: (file: string) => `${file} : les fichiers de l'archive ne sont pas ceux de son manifeste.`,
    altered: (file: string, name: string) =>
      `${file} : ${name} n'a pas la taille ou la somme de contrôle du manifeste : archive incomplète ou altérée. Refaites-la.`,
    otherMember: (file: string, found: string) => `${file} est l'archive de ${found}.`,
    otherHost: (file: string, host: string, places: readonly string[]) =>
      `${file} vient de ${host} ; le membre est sur ${places.join(" et ")}. Mettez-le d'abord sur ce serveur (host), ou donnez l'archive de l'un de ceux-là.`,
    restored: (host: string, file: string, what: readonly string[]) =>
      `${host} : remis en place depuis ${file}, relu et identique : ${what.join(", ")}`,
    exported: (file: string, { parts }: Pick<ExportManifest, "parts">, sha256: string) =>
      `${file} : vérifié, ${count(parts.length, "partie")}, ${parts.reduce((sum, { bytes }) => sum + bytes, 0)} octets\n  sha256 ${sha256}`,
  },
  purge: {
    notLeft: (member: string) =>
      `${member} n'est pas parti : rien ne peut être retiré. Un départ se déclare dans son fichier : status: { state: "left", on: "…" }.`,
    shown: (answers: readonly PurgeAnswer[], until: string, token: string, stack: string, over: boolean) =>
      [
        ...answers.flatMap(({ state, progress }) => [
          `${state.host} : ${progress === "begun" ? "retrait interrompu, à continuer" : progress === "ended" ? "déjà retiré" : "serait retiré pour toujours"}`,
          `  ${state.files.path} : ${state.files.bytes} octets, ${count(state.files.count, "entrée")}`,
          ...state.databases.map(({ name, bytes }) => `  base ${name} : ${bytes} octets`),
          ...state.accounts.map((account) => `  compte MariaDB ${account}`),
          `  tout cela est, à l'octet, dans l'archive vérifiée ${state.export.id}, qui reste`,
        ]),
        over ? `La durée de conservation est passée (${until}).` : `À conserver jusqu'au ${until} compris : pas avant.`,
        `Pour le faire : npx cassiopea purge ${answers[0]?.state.member ?? ""} --stack ${stack} --confirm ${token} --archive ${answers.map(({ state }) => `${state.export.id}.tar`).join(" ")}`,
      ].join("\n"),
    otherToken: (member: string, token: string) =>
      `${token} n'est pas le jeton de ce que ${member} a maintenant : rien n'est retiré. Relancez sans --confirm, et relisez.`,
    kept: (member: string, until: string) =>
      `Tout de ${member} est à conserver jusqu'au ${until} compris : rien n'est retiré.`,
    noArchive: (host: string, id: string) =>
      `${host} : il manque --archive ${id}.tar : sans l'archive en main, rien n'est retiré (npx cassiopea export la fait).`,
    otherArchive: (file: string, host: string) =>
      `${file} n'est pas l'archive qui est sur ${host} : rien n'est retiré.`,
    done: (answers: readonly PurgeAnswer[]) =>
      answers
        .map(
          ({ state }) =>
            `${state.host} : retiré : ${[state.files.path, ...state.databases.map(({ name }) => name)].join(", ")}. L'archive ${state.export.id} reste.`,
        )
        .join("\n"),
    ended: (member: string) => `${member} : déjà retiré ; rien à faire.`,
  },
  handover: {
    noLogin: (member: string, login: string) =>
      `${member} n'a pas d'identifiant à mot de passe « ${login} » : ce sont les accès FTPS (accounts) et les utilisateurs de bases (databases, users) de son fichier.`,
    shown: (member: string, said: readonly Handover[], stack: string) =>
      [
        `Accès de ${member}. Les mots de passe ne sont montrés que cette fois : transmettez-les par un chemin sûr.`,
        ...said.flatMap(handedOver),
        `Un mot de passe perdu se remplace : npx cassiopea handover ${member} --stack ${stack} --renew <identifiant>`,
        "",
      ].join("\n"),
  },
  noStack: (stack: string) => `La pile ${stack} n'existe pas encore : « npx cassiopea up --stack ${stack} » la crée.`,
  noSettings: (file: string) => `${file} manque : chaque pile a sa configuration.`,
  noEngine: "Le moteur (pulumi) ne se trouve pas dans PATH. En atelier : npm run lab -- up",
  problems: (n: number) => `${count(n, "problème")} dans les déclarations ; rien n'est changé.`,
  nothingReachable: "Aucun serveur n'est joignable ; rien n'est changé.",
  repaired: (host: string, thing: string) => `${host} : réparé : ${thing}`,
  nothingToRepair: (host: string) => `${host} : rien à réparer`,
  repairWarning: (host: string, said: string) => `${host} : ${said}`,
  repairFailed: (host: string, said: string) => `${host} : réparation impossible : ${said}`,
  settling: (host: string) => `${host} : les certificats suivent ; le serveur continue de lui-même.`,
  settleFailed: (host: string, said: string) => `${host} : certificats : ${said}`,
  waiting: (host: string, said: string) => `${host} : en attente : ${said}`,
  noSite: (name: string) => `Aucun membre n'a de site nommé ${name} ; les noms sont dans « npx cassiopea show ».`,
  freeCertificate: (name: string, member: string) =>
    `Le certificat de ${name} est gratuit et se renouvelle de lui-même. Pour en acheter un, écrivez certificate: "bought" à ce site dans le fichier de ${member}, et lancez « up ».`,
  noRequest: (host: string, said: string, stack: string) =>
    `${host} : la demande n'est pas encore faite (${said}). Lancez d'abord « npx cassiopea up --stack ${stack} ».`,
  adopted: (n: number) =>
    `${count(n, "objet")} déjà en place ${n > 1 ? "sont repris" : "est repris"} au lieu d'être ${n > 1 ? "recréés" : "recréé"}.`,
  gone: (n: number) =>
    `${count(n, "objet")} ${n > 1 ? "n'existent" : "n'existe"} plus et ${n > 1 ? "seront refaits" : "sera refait"}.`,
  orphans: (n: number) =>
    `${count(n, "processus", "processus")} d'une exécution interrompue ${n > 1 ? "ont été arrêtés" : "a été arrêté"}.`,
  stopping: "Arrêt demandé : ce qui est en cours se termine.",
  runLimit: (said: string) =>
    `CASSIOPEA_RUN_LIMIT : « ${said} » n'est pas un nombre de minutes entre 0.25 et 1440. Corrigez cette variable, ou retirez-la : sans elle, c'est 40.`,
  late: "Le moteur a dépassé son temps et a été arrêté. Relancez la commande : ce qui est fait est repris.",
  locked: (said: string) => `Une autre exécution est en cours sur cette pile : ${said}`,
  engineFailed: (said: string) => `Le moteur s'est arrêté :\n${said}`,
  unchanged: (members: number, hosts: number) =>
    `rien à changer (${count(members, "membre")}, ${count(hosts, "serveur")})`,
  pending: (things: string) => `pas encore fait : ${things}`,
} as const;

function handedOver({ host, name, sftp, ftps, files, credentials }: Handover): string[] {
  const withKeys = files.filter(({ keys }) => keys > 0).map(({ login, keys }) => `${login} (${count(keys, "clé")})`);
  const withPassword = files.filter(({ kind }) => kind === "ftps").map(({ login }) => login);
  const lines = [
    ...(sftp === undefined || withKeys.length === 0
      ? []
      : [`SFTP : ${name}, port ${sftp.port}, empreinte ${sftp.fingerprint} : ${withKeys.join(", ")}`]),
    ...(ftps === undefined || withPassword.length === 0
      ? []
      : [`FTPS (TLS explicite) : ${name}, port ${ftps.port} : ${withPassword.join(", ")}`]),
    ...credentials.map(
      ({ what, login, password }) =>
        `${credentialNames[what] ?? what} : identifiant ${login}, mot de passe ${password}`,
    ),
    ...(credentials.length === 0 ? ["aucun nouveau mot de passe"] : []),
  ];
  return [`${host} :`, ...lines.map((line) => `  ${line}`)];
}

const credentialNames: Record<string, string> = { ftps: "FTPS", database: "base de données" };

/** A count with its noun. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n > 1 ? many : one}`;
}

const hostThings = { agent: "agent", identity: "clé du serveur", setUp: "préparation du serveur", keys: "clés DKIM" };

const setting = (id: string, domain: string) => `réglage ${id} de ${domain}`;

/** A resource in the members' words. */
export function thing(wanted: Wanted): string {
  if (wanted.kind === "database") return `base ${wanted.database} (${wanted.host})`;
  if (wanted.kind === "document") return `sites et compte sur ${wanted.host}`;
  if (wanted.kind === "zone") return `zone ${wanted.domain}`;
  if (wanted.kind === "dnssec") return `DNSSEC ${wanted.domain}`;
  if (wanted.kind === "setting") return setting(wanted.setting, wanted.domain);
  if (wanted.kind === "record") return `DNS ${wanted.record.name} ${wanted.record.type}`;
  return hostThings[wanted.kind];
}

/** A resource that is no longer declared, by its logical name. */
export function thingByName(name: string): string {
  const record = /^domain\/[^/]+\/([^/]+)\/([^/]+)\/[^/]+$/.exec(name);
  if (record !== null) return `DNS ${record[1] ?? ""} ${record[2] ?? ""}`;
  const zone = /^domain\/([^/]+)\/zone$/.exec(name);
  if (zone !== null) return `zone ${zone[1] ?? ""}`;
  const ofZone = /^domain\/([^/]+)\/setting\/(.+)$/.exec(name);
  if (ofZone !== null) return setting(ofZone[2] ?? "", ofZone[1] ?? "");
  const dnssec = /^domain\/([^/]+)\/dnssec$/.exec(name);
  if (dnssec !== null) return `DNSSEC ${dnssec[1] ?? ""}`;
  const database = /^[^/]+\/db\/([^/]+)\/(.+)$/.exec(name);
  if (database !== null) return `base ${database[2] ?? ""} (${database[1] ?? ""})`;
  return name;
}
