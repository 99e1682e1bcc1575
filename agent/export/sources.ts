import { paths } from "../paths.ts";
import { run } from "../shell.ts";
import { sql } from "../sql.ts";
import type { Command } from "./stream.ts";

/**
 * A member's tree as a stream: equal trees give equal bytes. Owners by number, modes, ACLs, attributes, links and holes are in
 * it, times of access and change are not. Links are kept as they are and never followed; folders are opened without following.
 */
export function treeStream(tree: string): Command {
  return [
    "tar",
    [
      "--create",
      "--format=pax",
      "--sort=name",
      "--numeric-owner",
      "--acls",
      "--xattrs",
      "--xattrs-include=user.*",
      "--sparse",
      // Later versions put tar's process number into the stream.
      "--sparse-version=0.0",
      "--pax-option=delete=atime,delete=ctime,exthdr.name=%d/PaxHeaders/%f",
      `--directory=${tree}`,
      ".",
    ],
  ];
}

/** Takes such a stream back into an empty folder. */
export function intoTree(tree: string): Command {
  return [
    "tar",
    [
      "--extract",
      "--preserve-permissions",
      "--same-owner",
      "--numeric-owner",
      "--acls",
      "--xattrs",
      "--xattrs-include=user.*",
      "--delay-directory-restore",
      `--directory=${tree}`,
    ],
  ];
}

const dumpOptions = [
  "--routines",
  "--triggers",
  "--events",
  "--skip-comments",
  "--skip-dump-date",
  "--skip-add-drop-table",
  "--default-character-set=utf8mb4",
];

/**
 * A database as SQL, read in one transaction: equal databases give equal bytes. It drops nothing that is there, so that it
 * can be loaded into an empty database only.
 */
export function databaseStream(name: string): Command {
  return ["mariadb-dump", ["--single-transaction", "--quick", "--hex-blob", ...dumpOptions, "--", name]];
}

/** What a database is made of without its rows. */
export function definitionsStream(name: string): Command {
  return ["mariadb-dump", ["--no-data", ...dumpOptions, "--", name]];
}

/** Takes such a stream back. In sandbox mode nothing in it reaches the host's files or shell. */
export function intoDatabase(name: string): Command {
  return ["mariadb", ["--sandbox", "--default-character-set=utf8mb4", `--database=${name}`]];
}

export interface Database {
  name: string;
  characterSet: string;
  collation: string;
  /** Data and indexes, as the server tells them. */
  bytes: number;
}

/** All databases of a member that exist, declared still or not. An id has no `_`, so that none of a neighbour's is among them. */
export function databasesOf(member: string): Database[] {
  const rows = sql(
    `SELECT s.schema_name, default_character_set_name, default_collation_name, COALESCE(SUM(data_length + index_length), 0)
FROM information_schema.schemata s LEFT JOIN information_schema.tables t ON t.table_schema = s.schema_name
WHERE LEFT(s.schema_name, ${member.length + 1}) = '${member}_' GROUP BY 1, 2, 3 ORDER BY 1`,
  );
  return rows.map((row) => {
    const [name = "", characterSet = "", collation = "", bytes] = row.split("\t");
    return { name, characterSet, collation, bytes: Number(bytes) };
  });
}

/** The member's accounts of the database server with their grants; what identifies them is left out. */
export function accountsOf(member: string): { user: string; host: string; grants: string[] }[] {
  const rows = sql(
    `SELECT User, Host FROM mysql.global_priv WHERE User = '${member}' OR LEFT(User, ${member.length + 1}) = '${member}_' ORDER BY 1, 2`,
  );
  return rows.map((row) => {
    const [user = "", host = ""] = row.split("\t");
    const grants = sql(`SHOW GRANTS FOR '${user}'@'${host}'`).map((line) =>
      line.replace(/ IDENTIFIED (BY PASSWORD|VIA) .*$/, ""),
    );
    return { user, host, grants };
  });
}

/** Tables that one transaction does not hold still, as `database.table engine`. */
export function outsideTransactions(databases: readonly Database[]): string[] {
  if (databases.length === 0) return [];
  const names = databases.map(({ name }) => `'${name}'`).join(",");
  return sql(
    `SELECT CONCAT(table_schema, '.', table_name, ' ', engine) FROM information_schema.tables
WHERE table_schema IN (${names}) AND table_type = 'BASE TABLE' AND engine <> 'InnoDB' ORDER BY 1`,
  );
}

/** First line of what each tool says of its version. */
export function toolVersions(database: boolean): Record<string, string> {
  const tools = ["tar", "zstd", ...(database ? ["mariadb-dump"] : [])];
  const first = (tool: string) => run(tool, ["--version"]).split("\n")[0] ?? "";
  return Object.fromEntries(tools.map((tool) => [tool, first(tool).replaceAll("*", "").trim()]));
}

export const treeOf = (member: string) => `${paths.srv}/${member}`;
