import { describe, expect, it } from "vitest";
import { accountCommands } from "../../agent/accounts.ts";
import { reaches } from "../../agent/foreign.ts";
import { foreignAddresses } from "../../agent/host.ts";
import { refuseConflicts } from "../../agent/member.ts";
import { EXIT, exitCodeOf, Rejection } from "../../agent/result.ts";
import { accountStatements, administratorAccounts, closedUser, databaseUsers, memberAccount } from "../../agent/sql.ts";
import { parseDocument } from "../../agent/store.ts";
import { hostDocument, memberDocument } from "./documents.ts";

const none = { users: [], groups: [] };
const user = { name: "asso42", id: 20042, gid: 20042, home: "/srv/hosting/asso42", shell: "/usr/sbin/nologin" };
const group = { name: "asso42", id: 20042, members: [] };

describe("a member's account", () => {
  it("is made with group and user of one number", () => {
    expect(accountCommands("asso42", 20042, none).map(([command, args]) => [command, ...args.slice(0, 2)])).toEqual([
      ["groupadd", "-g", "20042"],
      ["useradd", "-M", "-N"],
    ]);
  });

  it("needs nothing when it is there", () => {
    expect(accountCommands("asso42", 20042, { users: [user], groups: [group] })).toEqual([]);
  });

  it("is completed when a run ended between group and user", () => {
    const commands = accountCommands("asso42", 20042, { users: [], groups: [group] });
    expect(commands.map(([command]) => command)).toEqual(["useradd"]);
  });

  it.each([
    ["in another group", { users: [{ ...user, gid: 100 }] }, ["-g", "20042"]],
    ["with a shell", { users: [{ ...user, shell: "/bin/bash" }] }, ["-s", "/usr/sbin/nologin"]],
    ["with another home", { users: [{ ...user, home: "/root" }] }, ["-d", "/srv/hosting/asso42"]],
    ["in a further group", { groups: [group, { name: "sudo", id: 27, members: ["eva", "asso42"] }] }, ["-G", ""]],
    ["opened by a password", { open: true }, ["-L"]],
  ])("%s is put right by one command", (_, parts: Partial<Parameters<typeof accountCommands>[2]>, args) => {
    const known = { users: [user], groups: [group], ...parts };
    expect(accountCommands("asso42", 20042, known)).toEqual([["usermod", [...args, "asso42"]]]);
  });

  it.each([
    ["a user of that name", { users: [{ ...user, id: 5555 }], groups: [] }, "existe déjà avec l'uid 5555"],
    ["a user of that number", { users: [{ ...user, name: "other" }], groups: [] }, "appartient à other"],
    ["a group of that name", { users: [], groups: [{ ...group, id: 77 }] }, "existe déjà avec le gid 77"],
    ["a group of that number", { users: [], groups: [{ ...group, name: "other" }] }, "appartient au groupe other"],
  ])("is never taken over from %s", (_, known, words) => {
    expect(() => accountCommands("asso42", 20042, known)).toThrow(words);
  });
});

const files = { login: "asso42_files", kind: "ftps" } as const;
const reader = { name: "asso42_stats", database: "asso42_site", access: "read" } as const;

describe("a member's document", () => {
  const host = hostDocument();
  const other = memberDocument({ member: "asso43", uid: 20043, sites: [{ name: "asso43.test" }], databases: [] });

  it("is taken beside its own earlier form and its neighbours", () => {
    expect(() => refuseConflicts(memberDocument(), host, [memberDocument(), other])).not.toThrow();
  });

  it.each([
    ["another host", memberDocument({ host: "web2" }), "document pour web2"],
    ["a PHP that is not there", memberDocument({ php: "7.4" }), "PHP 7.4"],
    [
      "a neighbour's name",
      memberDocument({ sites: [{ name: "a.test", aliases: ["asso43.test"] }] }),
      "déjà servi pour asso43",
    ],
    ["a name given twice", memberDocument({ sites: [{ name: "a.test", aliases: ["a.test"] }] }), "deux fois"],
    ["the host's own name", memberDocument({ sites: [{ name: host.name }] }), "nom de l'hôte"],
    ["a neighbour's number", memberDocument({ uid: 20043 }), "20043"],
    ["a neighbour's database", memberDocument({ databases: ["asso43_site"] }), "n'est pas à asso42"],
    [
      "a neighbour's login",
      memberDocument({ accounts: [{ login: "asso43_photos", kind: "ftps" }] }),
      "l'identifiant asso43_photos n'est pas à asso42",
    ],
    ["a login given twice", memberDocument({ accounts: [files, files] }), "asso42_files figure deux fois"],
    [
      "a database user under a login's name",
      memberDocument({ accounts: [files], databaseUsers: [{ ...reader, name: "asso42_files" }] }),
      "asso42_files figure deux fois",
    ],
    [
      "a user of a database that is not in it",
      memberDocument({ databaseUsers: [{ ...reader, database: "asso42_other" }] }),
      "la base asso42_other n'est pas au document",
    ],
  ])("is refused for %s", (_, document, words) => {
    expect(() => refuseConflicts(document, host, [other])).toThrow(words);
  });

  it("is refused by a host without the role that it needs", () => {
    const webOnly = hostDocument({ roles: ["web"] });
    expect(() => refuseConflicts(memberDocument(), webOnly, [])).toThrow("rôle database");
    expect(() => refuseConflicts(memberDocument({ databases: [] }), webOnly, [])).not.toThrow();
  });

  it.each(["", "{", "[]", '{"kind":"member"}', JSON.stringify({ ...memberDocument(), member: "x; rm" })])(
    "is refused, not a bug, when it reads %j",
    (text) => {
      let thrown: unknown;
      try {
        parseDocument(text);
      } catch (error) {
        thrown = error;
      }
      expect(exitCodeOf(thrown)).toBe(EXIT.rejected);
    },
  );
});

describe("an SQL account", () => {
  const wanted = memberAccount(memberDocument());
  const created =
    "CREATE USER `asso42`@`localhost` IDENTIFIED VIA unix_socket OR mysql_native_password USING 'invalid' WITH MAX_USER_CONNECTIONS 5";
  const usage =
    "GRANT USAGE ON *.* TO `asso42`@`localhost` IDENTIFIED VIA unix_socket OR mysql_native_password USING 'invalid' WITH MAX_USER_CONNECTIONS 5";
  const own = "GRANT ALL PRIVILEGES ON `asso42\\_site`.* TO `asso42`@`localhost`";

  it("is made with its grants, `_` escaped", () => {
    expect(accountStatements(wanted, undefined).at(-1)).toBe(
      "GRANT ALL PRIVILEGES ON `asso42\\_site`.* TO 'asso42'@'localhost'",
    );
  });

  it("needs nothing when the server shows it so", () => {
    expect(accountStatements(wanted, { created, grants: [usage, own] })).toEqual([]);
  });

  it("gets what it lacks and loses what it should not have", () => {
    const wide = "GRANT ALL PRIVILEGES ON `asso42_site`.* TO `asso42`@`localhost`";
    expect(accountStatements(wanted, { created, grants: [usage, wide] })).toEqual([
      "REVOKE ALL PRIVILEGES ON `asso42_site`.* FROM 'asso42'@'localhost'",
      "GRANT ALL PRIVILEGES ON `asso42\\_site`.* TO 'asso42'@'localhost'",
    ]);
  });

  it("loses the right to pass its own on, and keeps these", () => {
    expect(accountStatements(wanted, { created, grants: [usage, `${own} WITH GRANT OPTION`] })).toEqual([
      "REVOKE GRANT OPTION ON `asso42\\_site`.* FROM 'asso42'@'localhost'",
    ]);
  });

  it("is locked with its member, and opened again", () => {
    const locked = memberAccount(memberDocument({ status: "suspended" }));
    expect(accountStatements(locked, { created, grants: [usage, own] })[0]).toMatch(/^ALTER USER .* ACCOUNT LOCK$/);
    expect(accountStatements(locked, { created: `${created} ACCOUNT LOCK`, grants: [usage, own] })).toEqual([]);
    expect(accountStatements(wanted, { created: `${created} ACCOUNT LOCK`, grants: [usage, own] })[0]).toMatch(
      /ACCOUNT UNLOCK$/,
    );
  });

  it("beside the owner's reads or writes one database, lets nobody in before its password was made, and is closed once undeclared", () => {
    const [reads, writes] = databaseUsers(
      memberDocument({ databaseUsers: [reader, { ...reader, name: "asso42_app", access: "write" }] }),
    );
    if (reads === undefined || writes === undefined) throw new Error("two users were declared");
    const made = [
      "CREATE USER IF NOT EXISTS 'asso42_stats'@'localhost' IDENTIFIED VIA mysql_native_password USING 'invalid' WITH MAX_USER_CONNECTIONS 5 ACCOUNT UNLOCK",
      "GRANT SELECT, SHOW VIEW ON `asso42\\_site`.* TO 'asso42_stats'@'localhost'",
    ];
    expect(accountStatements(reads, undefined)).toEqual(made);
    expect(writes.grants).toEqual(["ALL PRIVILEGES ON `asso42\\_site`.*"]);
    const seen = {
      created:
        "CREATE USER `asso42_stats`@`localhost` IDENTIFIED VIA mysql_native_password USING 'invalid' WITH MAX_USER_CONNECTIONS 5",
      grants: ["GRANT SELECT, SHOW VIEW ON `asso42\\_site`.* TO `asso42_stats`@`localhost`"],
    };
    expect(accountStatements(reads, seen)).toEqual([]);
    expect(accountStatements(closedUser(reads), seen)).toEqual([
      expect.stringMatching(/^ALTER USER 'asso42_stats'@'localhost' .* ACCOUNT LOCK$/),
      "REVOKE SELECT, SHOW VIEW ON `asso42\\_site`.* FROM 'asso42_stats'@'localhost'",
    ]);
  });

  it("of the administrator is recognised in the server's older words, and has no right to drop or read", () => {
    const [admin] = administratorAccounts(hostDocument());
    const verifier = hostDocument().sqlVerifier;
    const shown = `IDENTIFIED BY PASSWORD '${verifier}' REQUIRE SSL`;
    expect(admin?.grants).toEqual(["CREATE, ALTER, SHOW DATABASES ON *.*"]);
    expect(
      admin &&
        accountStatements(admin, {
          created: `CREATE USER \`pulumi\`@\`192.0.2.1\` ${shown}`,
          grants: [`GRANT CREATE, ALTER, SHOW DATABASES ON *.* TO \`pulumi\`@\`192.0.2.1\` ${shown}`],
        }),
    ).toEqual([]);
  });
});

describe("a right on databases by a pattern", () => {
  it.each([
    ["*", true],
    ["asso42\\_site", true],
    ["asso42_site", true],
    ["asso42%", true],
    ["%", true],
    ["asso4_\\_site", true],
    ["asso4\\_site", false],
    ["asso42\\_%", true],
    ["asso42", false],
    ["asso.*", false],
  ])("%s reaches asso42_site: %s", (pattern, expected) => {
    expect(reaches(pattern, "asso42_site")).toBe(expected);
  });
});

describe("a host's declared addresses", () => {
  it("have to be its own, however they are written", () => {
    const local = [{ address: "192.0.2.10" }, { address: "2001:db8::10" }];
    expect(foreignAddresses(["192.0.2.10", "2001:DB8:0:0::10"], local)).toEqual([]);
    expect(foreignAddresses(["192.0.2.10", "192.0.2.99"], local)).toEqual(["192.0.2.99"]);
  });
});

describe("exit codes", () => {
  it("tell a refusal, a busy host and a bug apart", () => {
    expect(exitCodeOf(new Rejection("x"))).toBe(4);
    expect(exitCodeOf(new Rejection("x", EXIT.locked))).toBe(3);
    expect(exitCodeOf(new TypeError("x"))).toBe(1);
  });
});
