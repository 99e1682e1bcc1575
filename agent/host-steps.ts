import { lstatSync, readFileSync, unlinkSync } from "node:fs";
import type { HostDocument } from "../src/document.ts";
import { acmeSteps, linkStep } from "./certificates.ts";
import { writeAtomic } from "./files.ts";
import { foreignRights } from "./foreign.ts";
import { ftpFolders, withoutDebiansFtp } from "./ftp.ts";
import { installPackages } from "./packages.ts";
import { paths } from "./paths.ts";
import { quotaStep } from "./quota.ts";
import { packagesFor, tls, withIdLimits } from "./render/host.ts";
import { run, tryRun } from "./shell.ts";
import {
  accountStatements,
  administratorAccounts,
  databaseUsers,
  mariadb,
  memberAccount,
  observeAccount,
  sql,
} from "./sql.ts";
import { enableUnit, folderStep, onBtrfs, type Step } from "./steps.ts";
import { appliedMembers } from "./store.ts";

export const firewallName = "hosting-firewall.service";

/** A container may run on a kernel without nf_tables; the listing then fails as the loading would. */
export function firewallWorks(): boolean {
  return tryRun("nft", ["list", "tables"]).code === 0;
}

/** What comes before a host's files: packages bring the groups that folders and files belong to. */
export function baseSteps(document: HostDocument): Step[] {
  const first = document.roles.includes("web") ? [withoutDebiansFtp()] : [];
  return [...first, ...packageSteps(document), ...folders(document)];
}

function folders(document: HostDocument): Step[] {
  const folder = (path: string, mode: number) => folderStep({ path, mode, key: "host" });
  const web = document.roles.includes("web");
  const database = document.roles.includes("database");
  return [
    folder(paths.etc, 0o711),
    folder(paths.members, 0o700),
    folder(paths.state, 0o700),
    folder(paths.fpm, 0o711),
    folder(paths.pages, 0o755),
    folder(paths.srv, 0o711),
    folder(paths.log, 0o711),
    ...(web
      ? [
          folder(paths.sites, 0o755),
          folder("/etc/systemd/system/nginx.service.d", 0o755),
          ...acmeSteps(),
          linkStep({ name: document.name }),
          ...ftpFolders(),
        ]
      : []),
    ...(database ? [folderStep({ path: tls.folder, mode: 0o750, group: "mysql", key: "certificate" })] : []),
  ];
}

function packageSteps(document: HostDocument): Step[] {
  const wanted = packagesFor(document.roles, { btrfs: onBtrfs("/srv") });
  let looked: string[] | undefined;
  const missing = () => {
    if (looked !== undefined) return looked;
    const listed = tryRun("dpkg-query", ["-W", "-f", "${Package} ${db:Status-Status}\n", ...wanted]).stdout.split("\n");
    return (looked = wanted.filter((name) => !listed.includes(`${name} installed`)));
  };
  return wanted.map((name) => ({
    what: `package ${name}`,
    key: "roles",
    wrong: () => missing().includes(name),
    // All that are missing at once.
    fix: () => {
      const names = missing();
      if (!names.includes(name)) return;
      process.stderr.write(`installation de ${names.length} paquets\n`);
      installPackages(names);
      looked = undefined;
    },
  }));
}

/** What a host has to be besides its files. */
export function hostSteps(document: HostDocument): Step[] {
  const web = document.roles.includes("web");
  const database = document.roles.includes("database");
  return [
    ...baseSteps(document),
    quotaStep(),
    enabled("hosting-measure.timer"),
    idLimits(),
    ...(firewallWorks() ? [enabled(firewallName), firewallRules()] : []),
    ...(web
      ? [
          debianSite(),
          disabled("php8.4-fpm.service"),
          enabled("php-members.target"),
          enabled("nginx.service"),
          enabled("hosting-ftp.service"),
          enabled("hosting-settle.timer"),
        ]
      : []),
    ...(database ? [enabled(mariadb), ...administratorAccounts(document).map(administrator), ...rights(document)] : []),
  ];
}

function rights(document: HostDocument): Step[] {
  const members = [...appliedMembers().values()];
  const databases = members.flatMap(({ member, databases = [] }) => databases.map((name) => [name, member] as const));
  const known = [...administratorAccounts(document), ...members.map(memberAccount), ...members.flatMap(databaseUsers)];
  return foreignRights(known, new Map(databases));
}

// What is loaded may differ from the file: both are compared in the kernel's own words, the file's from an empty network.
function firewallRules(): Step {
  const loaded = () => tryRun("nft", ["list", "table", "inet", "hosting"]).stdout;
  const wanted = () =>
    run("unshare", ["-n", "sh", "-c", 'nft -f "$1" && nft list table inet hosting', "sh", paths.firewall]);
  return {
    what: "firewall",
    key: "deployers",
    needs: firewallName,
    wrong: () => loaded() !== wanted(),
    fix: () => {
      run("systemctl", ["reload-or-restart", firewallName]);
    },
  };
}

/** Debian's own site, a link that its package brings, would be a second default server. */
export function debianSite(): Step {
  const path = "/etc/nginx/sites-enabled/default";
  return {
    what: path,
    key: "roles",
    wrong: () => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true,
    fix: () => unlinkSync(path),
  };
}

function idLimits(): Step {
  const path = "/etc/login.defs";
  const text = () => readFileSync(path, "utf8");
  return {
    what: path,
    key: "host",
    wrong: () => withIdLimits(text()) !== text(),
    fix: () => {
      writeAtomic(path, withIdLimits(text()), 0o644);
    },
  };
}

function disabled(unit: string): Step {
  return {
    what: unit,
    key: "roles",
    wrong: () => isSo("is-enabled", unit) || isSo("is-active", unit),
    fix: () => {
      run("systemctl", ["disable", "--now", "--quiet", unit]);
    },
  };
}

function enabled(unit: string): Step {
  return {
    what: unit,
    key: "roles",
    wrong: () => !isSo("is-active", unit) || !isSo("is-enabled", unit),
    fix: () => enableUnit(unit),
  };
}

function isSo(question: "is-active" | "is-enabled", unit: string): boolean {
  return tryRun("systemctl", [question, "--quiet", unit]).code === 0;
}

function administrator(account: ReturnType<typeof administratorAccounts>[number]): Step {
  const statements = () => accountStatements(account, observeAccount(account));
  return {
    what: `database user ${account.user}@${account.host}`,
    key: "sqlVerifier",
    needs: mariadb,
    wrong: () => statements().length > 0,
    fix: () => {
      sql(`${statements().join(";\n")};`);
    },
  };
}
