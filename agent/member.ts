import { chmodSync, chownSync, closeSync, constants, fchownSync, lstatSync, openSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type HostDocument, type MemberDocument, namesOfSite } from "../src/document.ts";
import { accountCommands, groupId, groups, hasPassword, users } from "./accounts.ts";
import { setAside } from "./aside.ts";
import { chainFiles, requestSteps } from "./bought.ts";
import { linkStep } from "./certificates.ts";
import type { Facts } from "./facts.ts";
import type { DesiredFile } from "./files.ts";
import { accountFolders } from "./ftp.ts";
import { whileIdle } from "./idle.ts";
import { hostPhp, paths } from "./paths.ts";
import { purgeOf } from "./purged.ts";
import { diskSteps } from "./quota.ts";
import { siteFiles } from "./render/nginx.ts";
import { welcomePage } from "./render/pages.ts";
import { limitFiles, poolFile } from "./render/php.ts";
import { Rejection } from "./result.ts";
import { run, tryRun } from "./shell.ts";
import {
  accountStatements,
  closedUser,
  databaseUsers,
  mariadb,
  memberAccount,
  observeAccount,
  type SqlAccount,
  sql,
} from "./sql.ts";
import { enableUnit, folderStep, missingEntries, type Step } from "./steps.ts";

const siteAcl = ["user:www-data:r-x", "default:user:www-data:r-x"];

/** A member's rendered files: its pool and its sites. */
export function memberFiles(document: MemberDocument, facts: Facts): DesiredFile[] {
  if ((document.sites ?? []).length === 0) return [];
  const chains = (document.sites ?? []).flatMap((site) => chainFiles(site, document.member));
  return [poolFile(document), ...limitFiles(document), ...siteFiles(document, facts), ...chains];
}

/** Steps that come before any file of the member is swapped in: account, tree, logs, database account. */
export function memberBase(document: MemberDocument, before: MemberDocument | undefined): Step[] {
  const { member, uid } = document;
  const logs = `${paths.log}/${member}`;
  const account = () => accountCommands(member, uid, { users: users(), groups: groups(), open: hasPassword(member) });
  return [
    {
      what: `user ${member}`,
      key: "uid",
      member,
      wrong: () => account().length > 0,
      fix: () => {
        const commands = account();
        const put = () => {
          for (const [command, args] of commands) run(command, args);
        };
        // usermod(8) gives another home only to who runs nothing.
        if (commands.some(([, args]) => args[0] === "-d")) whileIdle(member, uid, put);
        else put();
      },
    },
    ...(purgeOf(member) === undefined ? dataSteps(document, before) : []),
    folderStep({ path: logs, mode: 0o750, group: member, key: "member", member }),
    ...limitFiles(document).map((file) => folderStep({ path: dirname(file.path), mode: 0o755, key: file.key, member })),
    phpLog(document, `${logs}/php-error.log`),
    ...(document.sites ?? []).flatMap((site) => [
      linkStep(site, member),
      ...(site.bought === undefined ? [] : requestSteps(site, member)),
    ]),
  ];
}

// What holds data of the member's own. Once that was purged, it is not made anew.
function dataSteps(document: MemberDocument, before: MemberDocument | undefined): Step[] {
  const { member } = document;
  const home = `${paths.srv}/${member}`;
  const own = { user: member, group: member, key: "member", member };
  return [
    ...diskSteps(document),
    folderStep({ path: home, mode: 0o750, group: member, acl: ["user:www-data:--x"], key: "member", member }),
    folderStep({ path: `${home}/sites`, mode: 0o750, acl: siteAcl, ...own }),
    ...["tmp", "sessions", "private"].map((name) => folderStep({ path: `${home}/${name}`, mode: 0o700, ...own })),
    ...(document.sites ?? []).map((site) => siteFolder(document, site.name)),
    ...accountFolders(document),
    ...databaseAccounts(document, before),
  ];
}

// PHP-FPM writes there as the member, but may not make it: the folder is root's, since nginx's master opens logs in it.
function phpLog({ member, uid }: MemberDocument, path: string): Step {
  const isFile = () => lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
  return {
    what: path,
    key: "php",
    member,
    wrong: () => !isFile() || lstatSync(path).uid !== uid,
    fix: (warn) => {
      if (lstatSync(path, { throwIfNoEntry: false }) !== undefined && !isFile()) warn(setAside(path));
      writeFileSync(path, "", { flag: "a", mode: 0o640 });
      chmodSync(path, 0o640);
      // Last: by the owner it is known to be done.
      chownSync(path, uid, groupId("adm"));
    },
  };
}

// Inside `sites` the member can put links anywhere, so everything there is done with the member's own rights.
function siteFolder({ member, uid }: MemberDocument, site: string): Step {
  const path = `${paths.srv}/${member}/sites/${site}`;
  const as = { uid, gid: uid };
  const stat = () => lstatSync(path, { throwIfNoEntry: false });
  // Where a link of their own leads is the member's matter.
  const isOwnLink = () => stat()?.isSymbolicLink() === true && stat()?.uid === uid;
  return {
    what: path,
    key: `sites.${site}`,
    member,
    wrong: () => {
      if (isOwnLink()) return false;
      return stat()?.isDirectory() !== true || stat()?.uid !== uid || missingEntries(path, siteAcl).length > 0;
    },
    fix: (warn) => {
      if (stat() !== undefined && stat()?.isDirectory() !== true) {
        const kept = `${path}.${stat()?.ino ?? ""}`;
        run("mv", ["-T", "-n", path, kept], { as });
        warn(`${path} n'était pas un dossier : gardé dans ${kept}`);
      }
      if (stat() === undefined) {
        // Whole in one step: a folder that a killed run had left without its page would stay so.
        const made = `${paths.srv}/${member}/sites/.${site}.new`;
        const make =
          'mkdir -p -m 0750 "$1" && setfacl -m "$3" "$1" && umask 027 && cat > "$1/index.html" && mv -T -n "$1" "$2"';
        run("sh", ["-c", make, "sh", made, path, siteAcl.join(",")], { as, input: welcomePage(site) });
      } else {
        giveFolder(path, uid);
        run("setfacl", ["-m", siteAcl.join(","), path], { as });
      }
    },
  };
}

// By its handle: the member could put a link in the folder's place before its owner is changed.
function giveFolder(path: string, uid: number): void {
  const handle = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    fchownSync(handle, uid, uid);
  } finally {
    closeSync(handle);
  }
}

// A user that is no longer declared is closed, never taken away: what belongs to it, as views and routines do, stays.
function databaseAccounts(document: MemberDocument, before: MemberDocument | undefined): Step[] {
  const count = (document.databases ?? []).length + (before?.databases ?? []).length;
  const users = databaseUsers(document);
  const kept = new Set(users.map(({ user }) => user));
  const closed = databaseUsers(before ?? {})
    .filter(({ user }) => !kept.has(user))
    .map(closedUser);
  return [
    ...(count === 0 ? [] : [databaseAccount(document.member, memberAccount(document), "databases")]),
    ...[...users, ...closed].map((one) => databaseAccount(document.member, one, `databaseUsers.${one.user}`)),
  ];
}

function databaseAccount(member: string, wanted: SqlAccount, key: string): Step {
  const statements = () => {
    const seen = observeAccount(wanted);
    const isNeeded = seen !== undefined || wanted.grants.length > 0;
    return isNeeded ? accountStatements(wanted, seen) : [];
  };
  return {
    what: `database user ${wanted.user}`,
    key,
    member,
    needs: mariadb,
    closing: wanted.locked,
    wrong: () => statements().length > 0,
    fix: () => {
      sql(`${statements().join(";\n")};`);
    },
  };
}

/** Whether the member's PHP answers: it is active and has a site that does more than send its visitors elsewhere. */
export function phpWanted(document: MemberDocument): boolean {
  return document.status === undefined && (document.sites ?? []).some(({ redirect }) => redirect === undefined);
}

/** The socket that starts the member's PHP; closed when the member is not active or has no site. */
export function socketStep(document: MemberDocument): Step {
  const { member } = document;
  const socket = `php-member@${member}.socket`;
  const wanted = phpWanted(document);
  const state = (verb: string) => tryRun("systemctl", [verb, "--quiet", socket]).code === 0;
  return {
    what: socket,
    key: "sites",
    member,
    closing: !wanted,
    wrong: () => (wanted ? !(state("is-enabled") && state("is-active")) : state("is-enabled") || state("is-active")),
    fix: () => {
      if (wanted) enableUnit(socket);
      else run("systemctl", ["disable", "--now", "--quiet", socket, `php-member@${member}.service`]);
    },
  };
}

/** Declared databases that do not exist on this host. */
export function missingDatabases(document: MemberDocument): string[] {
  const declared = document.databases ?? [];
  if (declared.length === 0) return [];
  const there = new Set(sql("SHOW DATABASES"));
  return declared.filter((name) => !there.has(name));
}

/**
 * Refuses a document that this host cannot take, before anything is changed.
 * @throws Rejection: other host, unknown PHP, a name or number that another member's document holds.
 */
export function refuseConflicts(
  document: MemberDocument,
  host: Pick<HostDocument, "host" | "name" | "roles">,
  others: Iterable<MemberDocument>,
): void {
  if (document.host !== host.host) throw new Rejection(`document pour ${document.host}, reçu par ${host.host}`);
  for (const [role, wanted] of [
    ["web", document.sites],
    ["web", document.accounts],
    ["database", document.databases],
  ] as const) {
    if ((wanted ?? []).length > 0 && !host.roles.includes(role))
      throw new Rejection(`${host.host} n'a pas le rôle ${role}`);
  }
  if (document.php !== undefined && document.php !== hostPhp) {
    throw new Rejection(`PHP ${document.php} n'existe pas sur cet hôte (${hostPhp})`);
  }
  const names = namesOf(document);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Rejection(`${twice} figure deux fois dans le document de ${document.member}`);
  if (names.includes(host.name)) throw new Rejection(`${host.name} est le nom de l'hôte`);
  refuseForeignNames(document);
  for (const other of others) {
    if (other.member === document.member) continue;
    const taken = namesOf(other).find((name) => names.includes(name));
    if (taken !== undefined) throw new Rejection(`${taken} est déjà servi pour ${other.member}`);
    if (other.uid === document.uid) throw new Rejection(`l'uid ${document.uid} est déjà celui de ${other.member}`);
  }
}

function refuseForeignNames({
  member,
  databases = [],
  databaseUsers: users = [],
  accounts = [],
}: MemberDocument): void {
  for (const database of databases)
    if (!database.startsWith(`${member}_`)) throw new Rejection(`la base ${database} n'est pas à ${member}`);
  for (const { name, database } of users)
    if (!databases.includes(database)) throw new Rejection(`${name} : la base ${database} n'est pas au document`);
  const logins = [...users.map(({ name }) => name), ...accounts.map(({ login }) => login)];
  for (const [index, login] of logins.entries()) {
    const isOwn = login === member || login.startsWith(`${member}_`);
    if (!isOwn) throw new Rejection(`l'identifiant ${login} n'est pas à ${member}`);
    if (logins.indexOf(login) !== index) throw new Rejection(`${login} figure deux fois dans le document de ${member}`);
  }
}

/** All names that a member's sites answer to. */
export function namesOf(document: MemberDocument): string[] {
  return (document.sites ?? []).flatMap(namesOfSite);
}
