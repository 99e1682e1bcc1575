import { createPrivateKey, X509Certificate } from "node:crypto";
import { BlockList, isIPv6 } from "node:net";
import { networkInterfaces } from "node:os";
import type { HostDocument } from "../src/document.ts";
import { keepEdited } from "./aside.ts";
import { type Facts, observeFacts } from "./facts.ts";
import { type DesiredFile, differs, readIfThere, restore, swapIn } from "./files.ts";
import { applyAccounts } from "./ftp.ts";
import { baseSteps, debianSite, firewallName, firewallWorks, hostSteps } from "./host-steps.ts";
import { complaint, reloadNginx } from "./nginx.ts";
import { paths } from "./paths.ts";
import { quotaWarnings } from "./quota.ts";
import { acmeFiles } from "./render/acme.ts";
import { ftpFiles } from "./render/ftp.ts";
import { firewallFile, firewallUnit, mariadbFile, sshdFile, tlsFiles } from "./render/host.ts";
import { measureUnits } from "./render/measure.ts";
import { nginxBase } from "./render/nginx.ts";
import { closedPages } from "./render/pages.ts";
import { phpUnits } from "./render/php.ts";
import { emptyResult, Rejection, type Result } from "./result.ts";
import { lastWords, run, tryRun } from "./shell.ts";
import { mariadb } from "./sql.ts";
import { ensure } from "./steps.ts";
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

/** Makes the host what its document says; the caller holds the lock. @throws Rejection after putting files back. */
export function applyHost(document: HostDocument): Result {
  const result = emptyResult("host");
  const facts = observeFacts();
  const foreign = foreignAddresses(document.addresses, Object.values(networkInterfaces()).flat());
  if (foreign.length > 0) throw new Rejection(`adresses absentes de cet hôte : ${foreign.join(", ")}`);
  if (document.roles.includes("database")) refuseCertificate(document);
  result.changed.push(...ensure(baseSteps(document), result.warnings));
  const files = groupedFiles(document, facts);
  const change = (group: readonly DesiredFile[], use: () => void) => {
    const registry = readRegistry();
    if (!group.some((file) => pending(file, registry))) return;
    const different = group.filter((file) => differs(file));
    result.warnings.push(...keepEdited(different, registry));
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
    result.changed.push(...ensure([debianSite()]));
    const said = complaint([]);
    if (said !== undefined) throw new Rejection(`nginx refuse : ${said}`);
    reloadUnits();
    reloadNginx();
  });
  result.changed.push(...applyAccounts(document, storedMembers().values(), result.warnings));
  change(files.ftp, () => {
    reloadUnits();
    restart("hosting-ftp.service", "ProFTPD");
  });
  change(files.firewall, () => {
    reloadUnits();
    run("systemctl", ["enable", "--quiet", firewallName]);
    run("systemctl", ["reload-or-restart", firewallName]);
  });
  change([...files.mariadb, ...files.tls], () => {
    restart(mariadb, "MariaDB");
  });
  if (files.firewall.length === 0) result.warnings.push("pare-feu non chargé : ce noyau n'a pas nf_tables");
  for (const role of document.roles.filter((name) => name === "mail" || name === "lists")) {
    result.warnings.push(`le rôle ${role} n'est pas encore installé par cette version`);
  }
  result.changed.push(...ensure(hostSteps(document), result.warnings));
  result.warnings.push(...quotaWarnings());
  result.changed.push(...storeDocument(document));
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

function restart(unit: string, name: string): void {
  tryRun("systemctl", ["reset-failed", unit]);
  const done = tryRun("systemctl", ["restart", unit]);
  if (done.code === 0) return;
  const journal = tryRun("journalctl", ["-u", unit, "-n", "5", "-o", "cat", "--no-pager"]);
  throw new Rejection(`${name} ne démarre pas : ${lastWords(done)} ${lastWords(journal)}`);
}
