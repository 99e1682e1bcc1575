import { host, type Kind, lac } from "./kind.ts";

const sql = (statements: string) => `mariadb -e "${statements.replaceAll("`", "\\`")}"`;
const user = [lac("user lac", "uid")];
const account = [lac("database user lac", "databases")];
const foreignAccount = (name: string) => [lac(`database user ${name}`, "databases")];

/** Unix and SQL accounts. */
export const accounts: Kind[] = [
  { name: "user with a shell", damage: "usermod -s /bin/bash lac", drift: user },
  { name: "user with another home", damage: "sed -i 's|:/srv/hosting/lac:|:/root:|' /etc/passwd", drift: user },
  { name: "user with another group", damage: "sed -i -E 's/^(lac:x:[0-9]+):[0-9]+/\\1:100/' /etc/passwd", drift: user },
  { name: "user in a further group", damage: "usermod -aG adm lac", drift: user },
  { name: "user opened by a password", damage: "echo 'lac:opened by hand' | chpasswd", drift: user },
  {
    name: "right on a neighbour's database",
    damage: sql("GRANT SELECT ON `mer\\_site`.* TO lac@localhost"),
    drift: account,
  },
  {
    name: "right to pass rights on",
    damage: sql("GRANT ALL ON `lac\\_site`.* TO lac@localhost WITH GRANT OPTION"),
    drift: account,
  },
  { name: "right that was revoked", damage: sql("REVOKE INSERT ON `lac\\_site`.* FROM lac@localhost"), drift: account },
  {
    name: "SQL account with a password",
    damage: sql("ALTER USER lac@localhost IDENTIFIED BY 'by hand'"),
    drift: account,
  },
  { name: "SQL account dropped", damage: sql("DROP USER lac@localhost"), drift: account },
  {
    name: "SQL account of a suspended member opened",
    damage: sql("ALTER USER port@localhost ACCOUNT UNLOCK"),
    drift: [{ path: "database user port", kind: "hand-made", key: "databases", member: "port" }],
  },
  {
    name: "foreign SQL account with rights on a member's database",
    damage: sql("CREATE USER eve@'%'; GRANT SELECT ON lac_site.* TO eve@'%'; GRANT INSERT ON lac_site.note TO eve@'%'"),
    drift: foreignAccount("eve@%"),
    undo: sql("DROP USER eve@'%'"),
  },
  {
    name: "foreign SQL account with rights on all databases",
    damage: sql("CREATE USER eve@localhost; GRANT ALL ON *.* TO eve@localhost WITH GRANT OPTION"),
    drift: [host("database user eve@localhost", "databases")],
    undo: sql("DROP USER eve@localhost"),
  },
  {
    name: "SQL administrator without TLS",
    damage:
      "host=$(mariadb -BNe \"SELECT Host FROM mysql.user WHERE User='pulumi'\"); mariadb -e \"ALTER USER pulumi@'$host' REQUIRE NONE\"",
    drift: [host("database user pulumi@DEPLOYER", "sqlVerifier")],
  },
  {
    name: "further SQL user with another password",
    damage: sql("ALTER USER lac_stats@localhost IDENTIFIED BY 'by hand'"),
    drift: [lac("database user lac_stats", "databaseUsers.lac_stats")],
  },
];
