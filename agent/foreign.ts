import { paths } from "./paths.ts";
import type { Drift } from "./result.ts";
import { tryRun } from "./shell.ts";
import { grantsSeen, mariadb, revocations, type SqlAccount, sql } from "./sql.ts";
import type { Step } from "./steps.ts";
import { namesIn } from "./store.ts";

const units = "/etc/systemd/system";

/** Files that nobody declares where every file is the agent's: those of sites, of PHP, and what changes the units of members. */
export function foreignFiles(known: ReadonlySet<string>): Drift[] {
  const found = (folder: string, key: string, member?: string): Drift[] =>
    namesIn(folder, "")
      .map((name) => `${folder}/${name}`)
      .filter((path) => !known.has(path))
      .map((path) => ({ path, kind: "hand-made", key, ...(member === undefined ? {} : { member }) }));
  const changes = namesIn(units, ".d").flatMap((name) => {
    const [, member] = /^php-member@(.*)\.(?:service|socket)\.d$/.exec(name) ?? [];
    return member === undefined ? [] : found(`${units}/${name}`, "limits", member === "" ? undefined : member);
  });
  return [...found(paths.sites, "sites"), ...found(paths.fpm, "php"), ...changes];
}

/** Who has rights that no document gives: on everything, or on some database by a pattern as the server keeps it. */
interface Holder {
  user: string;
  host: string;
  /** `*` for everything. */
  database: string;
}

/** What Debian's packages make for the server itself. */
const serverAccounts = ["root@localhost", "mysql@localhost", "mariadb.sys@localhost"];

/**
 * Accounts beside those of the documents that have rights on members' databases, as steps that take those rights away. The
 * accounts stay, with whatever else they may do.
 * @param databases declared databases, each with its member
 */
export function foreignRights(known: readonly SqlAccount[], databases: ReadonlyMap<string, string>): Step[] {
  const own = new Set([...serverAccounts, ...known.map(({ user, host }) => `${user}@${host}`)]);
  const reached = new Map<string, { holder: Holder; members: Set<string> }>();
  for (const holder of holders().filter(({ user, host }) => !own.has(`${user}@${host}`))) {
    const found = [...databases].filter(([name]) => reaches(holder.database, name));
    if (found.length === 0) continue;
    const name = `${holder.user}@${holder.host}`;
    const members = reached.get(name)?.members ?? new Set();
    for (const [, member] of found) members.add(member);
    reached.set(name, { holder, members });
  }
  return [...reached].map(([name, { holder, members }]) => {
    const [member] = members;
    return {
      what: `database user ${name}`,
      key: "databases",
      ...(member !== undefined && members.size === 1 ? { member } : {}),
      needs: mariadb,
      wrong: () => true,
      fix: () => {
        sql(`${foreignRevocations(holder, [...databases.keys()]).join(";\n")};`);
      },
    };
  });
}

function holders(): Holder[] {
  const done = tryRun("mariadb", ["--batch", "--skip-column-names", "--connect-timeout=10"], {
    input: `SELECT User, Host, '*' FROM mysql.global_priv WHERE JSON_VALUE(Priv, '$.access') + 0 <> 0;
SELECT User, Host, Db FROM mysql.db; SELECT User, Host, Db FROM mysql.tables_priv;
SELECT User, Host, Db FROM mysql.columns_priv; SELECT User, Host, Db FROM mysql.procs_priv;`,
  });
  if (done.code !== 0) return [];
  return done.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [user = "", host = "", database = ""] = line.split("\t").map((cell) => cell.replaceAll("\\\\", "\\"));
      return { user, host, database };
    });
}

/** Whether a database's name in a grant, where `_` and `%` stand for others and `\` takes that from them, means a database. */
export function reaches(pattern: string, database: string): boolean {
  if (pattern === "*") return true;
  const parts = [...pattern.matchAll(/\\(.)|[\s\S]/g)].map(([sign, plain]) => {
    if (plain === undefined && sign === "%") return ".*";
    if (plain === undefined && sign === "_") return ".";
    return (plain ?? sign).replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`).test(database);
}

function foreignRevocations({ user, host }: Holder, databases: readonly string[]): string[] {
  const quoted = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
  const name = `${quoted(user)}@${quoted(host)}`;
  return sql(`SHOW GRANTS FOR ${name}`).flatMap((line) => {
    const [, target = "", database = "*"] =
      / ON ((?:FUNCTION |PROCEDURE |PACKAGE (?:BODY )?)?(?:\*|`((?:[^`]|``)+)`)\.\S+) TO /.exec(line) ?? [];
    const grants = grantsSeen([line]);
    if (target === "" || grants.has("USAGE ON *.*") || !databases.some((one) => reaches(database, one))) return [];
    return [...grants].flatMap((grant) => revocations(grant, name)).reverse();
  });
}
