import type { HostDocument, MemberDocument } from "../src/document.ts";
import { verifierOf } from "./credentials.ts";
import { Rejection } from "./result.ts";
import { lastWords, tryRun } from "./shell.ts";

/** Runs statements as root over the local socket; gives the rows, tab-separated. */
export function sql(statements: string): string[] {
  const done = tryRun("mariadb", ["--batch", "--skip-column-names", "--raw", "--connect-timeout=10"], {
    input: statements,
  });
  if (done.code !== 0) throw new Rejection(`MariaDB : ${lastWords(done)}`);
  return done.stdout.split("\n").filter((line) => line !== "");
}

/** The server's unit: without it nothing of it can be looked at. */
export const mariadb = "mariadb.service";

/** What an SQL account should be. */
export interface SqlAccount {
  /** `'name'@'host'`, parts already checked against quotes by the schema. */
  user: string;
  host: string;
  /** What follows the user in CREATE USER. */
  identity: string;
  locked: boolean;
  /** Lines of SHOW GRANTS without the user: `ALL PRIVILEGES ON …`. USAGE stands for itself. */
  grants: string[];
}

const ownIdentity = "IDENTIFIED VIA unix_socket OR mysql_native_password USING 'invalid' WITH MAX_USER_CONNECTIONS 5";

/** Account of a member: by socket only, on its own declared databases. */
export function memberAccount(document: MemberDocument): SqlAccount {
  return {
    user: document.member,
    host: "localhost",
    identity: ownIdentity,
    locked: document.status !== undefined,
    grants: (document.databases ?? []).map((name) => `ALL PRIVILEGES ON ${grantName(name)}.*`),
  };
}

/**
 * Users beside the owner, each by the password that was made for it here, on one database of the member's: nobody gets in before.
 */
export function databaseUsers({ databaseUsers: users = [], status }: Partial<MemberDocument>): SqlAccount[] {
  return users.map(({ name, database, access }) => ({
    user: name,
    host: "localhost",
    identity: `IDENTIFIED VIA mysql_native_password USING '${verifierOf(name) ?? "invalid"}' WITH MAX_USER_CONNECTIONS 5`,
    locked: status !== undefined,
    grants: [`${access === "read" ? "SELECT, SHOW VIEW" : "ALL PRIVILEGES"} ON ${grantName(database)}.*`],
  }));
}

/** The same user once it is no longer declared: it has no right, and nobody gets in. */
export function closedUser(account: SqlAccount): SqlAccount {
  return { ...account, locked: true, grants: [] };
}

/** A database's name in a grant: `_` would else stand for any character, and reach a neighbour's database. */
export function grantName(database: string): string {
  return `\`${database.replaceAll("_", "\\_")}\``;
}

/** The SQL administrator, one per deploying address: makes databases, sees no row, drops nothing. */
export function administratorAccounts(document: HostDocument): SqlAccount[] {
  return document.deployers.map((host) => ({
    user: "pulumi",
    host,
    identity: `IDENTIFIED VIA mysql_native_password USING '${document.sqlVerifier}' REQUIRE SSL`,
    locked: false,
    grants: ["CREATE, ALTER, SHOW DATABASES ON *.*"],
  }));
}

/** What SHOW CREATE USER and SHOW GRANTS say of an account; nothing when it does not exist. */
export function observeAccount({ user, host }: SqlAccount): { created: string; grants: string[] } | undefined {
  const name = `'${user}'@'${host}'`;
  if (sql(`SELECT 1 FROM mysql.global_priv WHERE User='${user}' AND Host='${host}'`).length === 0) return undefined;
  const [created = "", ...grants] = sql(`SHOW CREATE USER ${name}; SHOW GRANTS FOR ${name};`);
  return { created, grants };
}

/** Statements that make the account what it should be; none when it is so already. */
export function accountStatements(wanted: SqlAccount, seen: ReturnType<typeof observeAccount>): string[] {
  const name = `'${wanted.user}'@'${wanted.host}'`;
  const lock = wanted.locked ? "ACCOUNT LOCK" : "ACCOUNT UNLOCK";
  if (seen === undefined) {
    return [
      `CREATE USER IF NOT EXISTS ${name} ${wanted.identity} ${lock}`,
      ...wanted.grants.map((grant) => `GRANT ${grant} TO ${name}`),
    ];
  }
  const has = grantsSeen(seen.grants);
  const missing = wanted.grants.filter((grant) => !has.has(normal(grant)));
  const wantedNormal = new Set(wanted.grants.map(normal));
  const surplus = [...has].filter((grant) => !wantedNormal.has(grant) && !grant.startsWith("USAGE ON"));
  const same = sameIdentity(wanted, seen);
  return [
    ...(same ? [] : [`ALTER USER ${name} ${wanted.identity} ${lock}`]),
    ...surplus.flatMap((grant) => revocations(grant, name)),
    ...missing.map((grant) => `GRANT ${grant} TO ${name}`),
  ];
}

function sameIdentity(wanted: SqlAccount, seen: { created: string; grants: string[] }): boolean {
  // The server shows a plain password account in the older words.
  const words = seen.created.replace("IDENTIFIED BY PASSWORD", "IDENTIFIED VIA mysql_native_password USING");
  const created = normal(words.replaceAll("`", "'"));
  const full = normal(
    `CREATE USER '${wanted.user}'@'${wanted.host}' ${wanted.identity}${wanted.locked ? " ACCOUNT LOCK" : ""}`,
  );
  return created === full;
}

const passedOn = " WITH GRANT OPTION";

/** `GRANT <what> TO …` with whatever follows the user (identity, limits) left off; the right to pass it on is one more. */
export function grantsSeen(lines: readonly string[]): Set<string> {
  return new Set(
    lines.flatMap((line) => {
      const grant = normal(line.replace(/^GRANT /, "").replace(/ TO [`'].*$/, ""));
      return line.includes(passedOn) ? [grant, `${grant}${passedOn}`] : [grant];
    }),
  );
}

/** Statements that take a right away, as `grantsSeen` gives it. */
export function revocations(grant: string, name: string): string[] {
  if (!grant.endsWith(passedOn)) return [`REVOKE ${grant} FROM ${name}`];
  return [`REVOKE GRANT OPTION${grant.slice(grant.lastIndexOf(" ON "), -passedOn.length)} FROM ${name}`];
}

function normal(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
