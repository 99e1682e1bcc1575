import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, unlinkSync } from "node:fs";
import { BlockList, isIPv6 } from "node:net";
import { networkInterfaces } from "node:os";
import type { HostDocument } from "../src/document.ts";
import { acmeSteps, linkStep } from "./certificates.ts";
import { type Facts, observeFacts } from "./facts.ts";
import { type DesiredFile, differs, readIfThere, restore, swapIn, writeAtomic } from "./files.ts";
import { applyAccounts, ftpFolders, withoutDebiansFtp } from "./ftp.ts";
import { complaint, reloadNginx } from "./nginx.ts";
import { paths } from "./paths.ts";
import { quotaStep, quotaWarnings } from "./quota.ts";
import { acmeFiles } from "./render/acme.ts";
import { ftpFiles } from "./render/ftp.ts";
import {
  firewallFile,
  firewallUnit,
  mariadbFile,
  packagesFor,
  sshdFile,
  tls,
  tlsFiles,
  withIdLimits,
} from "./render/host.ts";
import { measureUnits } from "./render/measure.ts";
import { nginxBase } from "./render/nginx.ts";
import { closedPages } from "./render/pages.ts";
import { phpUnits } from "./render/php.ts";
import { emptyResult, Rejection, type Result } from "./result.ts";
import { lastWords, run, tryRun } from "./shell.ts";
import { accountStatements, administratorAccounts, observeAccount, sql } from "./sql.ts";
import { ensure, folderStep, onBtrfs, type Step } from "./steps.ts";
import { noteRendered, pending, readRegistry, storeDocument, storedMembers } from "./store.ts";

/** Files of ours that a host of this document has, the certificate's key included. */
export function hostFiles(document: HostDocument, facts: Pick<Facts, "ipv6">): DesiredFile[] {
  return Object.values(groupedFiles(document, facts)).flat();
}

function groupedFiles(document: HostDocument, facts: Pick<Facts, "ipv6">) {
  const web = document.roles.includes("web");
  const database = document.roles.includes("database");
  return {
    sshd: [sshdFile(document)],
    units: [...(web ? phpUnits() : []), ...measureUnits()],
    // With nginx's: the snippet must be there before nginx reads what includes it.
    nginx: web ? [...acmeFiles(document), ...nginxBase(facts)] : [],
    pages: web ? closedPages(document) : [],
    ftp: web ? ftpFiles(document) : [],
    firewall: firewallWorks() ? [firewallFile(document), firewallUnit()] : [],
    mariadb: database ? [mariadbFile(document)] : [],
    tls: database ? tlsFiles(document, identityKey()) : [],
  } satisfies Record<string, DesiredFile[]>;
}

function identityKey(): string {
  const key = readIfThere(paths.identityKey);
  if (key === undefined) throw new Rejection(`${paths.identityKey} manque : l'identité de l'hôte n'a pas été faite`);
  return key.toString();
}

// A container may run on a kernel without nf_tables; the listing then fails as the loading would.
function firewallWorks(): boolean {
  return tryRun("nft", ["list", "tables"]).code === 0;
}

/** Makes the host what its document says; the caller holds the lock. @throws Rejection after putting files back. */
export function applyHost(document: HostDocument): Result {
  const result = emptyResult("host");
  const facts = observeFacts();
  const foreign = foreignAddresses(document.addresses, Object.values(networkInterfaces()).flat());
  if (foreign.length > 0) throw new Rejection(`adresses absentes de cet hôte : ${foreign.join(", ")}`);
  if (document.roles.includes("database")) refuseCertificate(document);
  // Packages first: they bring the groups that folders and files belong to.
  const first = document.roles.includes("web") ? [withoutDebiansFtp()] : [];
  result.changed.push(...ensure([...first, ...packageSteps(document)]), ...ensure(folders(document)));
  const files = groupedFiles(document, facts);
  const change = (group: readonly DesiredFile[], use: () => void) => {
    const registry = readRegistry();
    if (!group.some((file) => pending(file, registry))) return;
    const different = group.filter((file) => differs(file));
    const previous = swapIn(different);
    try {
      use();
    } catch (error) {
      restore(previous);
      throw error;
    }
    noteRendered(group);
    result.changed.push(...different.map((file) => file.path));
  };
  const reloadUnits = () => run("systemctl", ["daemon-reload"]);
  change(files.pages, () => undefined);
  change(files.units, reloadUnits);
  change(files.sshd, () => {
    run("sshd", ["-t"]);
    run("systemctl", ["try-reload-or-restart", "ssh.service"]);
  });
  change(files.nginx, () => {
    takeDefaultSite();
    const said = complaint([]);
    if (said !== undefined) throw new Rejection(`nginx refuse : ${said}`);
    reloadUnits();
    reloadNginx();
  });
  result.changed.push(...applyAccounts(document, storedMembers().values()));
  change(files.ftp, () => {
    reloadUnits();
    restart("hosting-ftp.service", "ProFTPD");
  });
  change(files.firewall, () => {
    reloadUnits();
    run("systemctl", ["enable", "--quiet", "hosting-firewall.service"]);
    run("systemctl", ["reload-or-restart", "hosting-firewall.service"]);
  });
  change([...files.mariadb, ...files.tls], () => {
    restart("mariadb.service", "MariaDB");
  });
  if (files.firewall.length === 0) result.warnings.push("pare-feu non chargé : ce noyau n'a pas nf_tables");
  for (const role of document.roles.filter((name) => name === "mail" || name === "lists")) {
    result.warnings.push(`le rôle ${role} n'est pas encore installé par cette version`);
  }
  result.changed.push(...ensure(hostSteps(document)));
  result.warnings.push(...quotaWarnings());
  if (storeDocument(document)) result.changed.push(paths.hostDocument);
  return result;
}

/** Declared addresses that no interface has. MariaDB would start all the same, and be out of reach. */
export function foreignAddresses(
  declared: readonly string[],
  local: readonly ({ address: string } | undefined)[],
): string[] {
  const own = new BlockList();
  for (const { address } of local.filter((one) => one !== undefined))
    own.addAddress(address, isIPv6(address) ? "ipv6" : "ipv4");
  return declared.filter((address) => !own.check(address, isIPv6(address) ? "ipv6" : "ipv4"));
}

// Before anything is changed: MariaDB would refuse to start with a certificate of another key.
function refuseCertificate(document: HostDocument): void {
  const certificate = new X509Certificate(document.certificate);
  if (!certificate.checkPrivateKey(createPrivateKey(identityKey()))) {
    throw new Rejection("le certificat du document n'est pas celui de la clé de cet hôte");
  }
  if (certificate.checkHost(document.name) === undefined) {
    throw new Rejection(`le certificat du document ne nomme pas ${document.name}`);
  }
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
          linkStep(document.name),
          ...ftpFolders(),
        ]
      : []),
    ...(database ? [folderStep({ path: tls.folder, mode: 0o750, group: "mysql", key: "certificate" })] : []),
  ];
}

function packageSteps(document: HostDocument): Step[] {
  const wanted = packagesFor(document.roles, { btrfs: onBtrfs("/srv") });
  const missing = () => {
    const listed = tryRun("dpkg-query", ["-W", "-f", "${Package} ${db:Status-Status}\n", ...wanted]).stdout.split("\n");
    return wanted.filter((name) => !listed.includes(`${name} installed`));
  };
  return [
    {
      what: "packages",
      key: "roles",
      wrong: () => missing().length > 0,
      fix: () => {
        const names = missing();
        process.stderr.write(`installation de ${names.length} paquets\n`);
        const options = ["-q", "-y", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Options::=--force-confold"];
        run("apt-get", [...options, "update"]);
        run("apt-get", [...options, "install", "--no-install-recommends", ...names]);
      },
    },
  ];
}

// Debian's own site would be a second default server.
function takeDefaultSite(): void {
  const path = "/etc/nginx/sites-enabled/default";
  if (
    existsSync("/etc/nginx/sites-enabled") &&
    readdirSync("/etc/nginx/sites-enabled").includes("default") &&
    lstatSync(path).isSymbolicLink()
  ) {
    unlinkSync(path);
  }
}

function restart(unit: string, name: string): void {
  tryRun("systemctl", ["reset-failed", unit]);
  const done = tryRun("systemctl", ["restart", unit]);
  if (done.code === 0) return;
  const journal = tryRun("journalctl", ["-u", unit, "-n", "5", "-o", "cat", "--no-pager"]);
  throw new Rejection(`${name} ne démarre pas : ${lastWords(done)} ${lastWords(journal)}`);
}

/** What a host has to be besides its files. */
export function hostSteps(document: HostDocument): Step[] {
  const web = document.roles.includes("web");
  const database = document.roles.includes("database");
  return [
    ...folders(document),
    quotaStep(),
    enabled("hosting-measure.timer"),
    idLimits(),
    ...(web
      ? [
          disabled("php8.4-fpm.service"),
          enabled("php-members.target"),
          running("nginx.service"),
          withoutDebiansFtp(),
          enabled("hosting-ftp.service"),
          enabled("hosting-settle.timer"),
        ]
      : []),
    ...(database ? [running("mariadb.service"), ...administratorAccounts(document).map(administrator)] : []),
  ];
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
    wrong: () => tryRun("systemctl", ["is-enabled", "--quiet", unit]).code === 0,
    fix: () => {
      run("systemctl", ["disable", "--now", "--quiet", unit]);
    },
  };
}

function enabled(unit: string): Step {
  return {
    what: unit,
    key: "roles",
    wrong: () => tryRun("systemctl", ["is-active", "--quiet", unit]).code !== 0,
    fix: () => {
      run("systemctl", ["enable", "--now", "--quiet", unit]);
    },
  };
}

function running(unit: string): Step {
  return {
    what: unit,
    key: "roles",
    wrong: () => tryRun("systemctl", ["is-active", "--quiet", unit]).code !== 0,
    fix: () => {
      run("systemctl", ["start", unit]);
    },
  };
}

function administrator(account: ReturnType<typeof administratorAccounts>[number]): Step {
  const statements = () => accountStatements(account, observeAccount(account));
  return {
    what: `database user ${account.user}@${account.host}`,
    key: "sqlVerifier",
    wrong: () => statements().length > 0,
    fix: () => {
      sql(`${statements().join(";\n")};`);
    },
  };
}
