import type { X509Certificate } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readlinkSync, renameSync, symlinkSync, unlinkSync } from "node:fs";
import { resolve } from "node:path";
import { setAside } from "./aside.ts";
import { files, folderOf, isLoadable, validIn } from "./bought.ts";
import { declaredNames, type ServedSite } from "./leaving.ts";
import { paths } from "./paths.ts";
import { run, tryRun } from "./shell.ts";
import { folderStep, type Step } from "./steps.ts";

const day = 86_400_000;
/** Days before its end from which on a certificate is asked for again. */
const renewDays = 30;
/** Days before the end of a bought certificate from which on a free one is held ready to stand in. */
const standInDays = 3;

/** Where the link of a site leads that has no certificate yet. */
const placeholder = "../placeholder";

/** Where nginx reads the certificate of a site: a link that leads to a placeholder until there is one. */
export function liveFiles(site: string): { chain: string; key: string } {
  return { chain: `${paths.acme}/live/${site}/${files.chain}`, key: `${paths.acme}/live/${site}/${files.key}` };
}

/** Sites whose link leads to a certificate of their own. */
export function securedSites(): Set<string> {
  const folder = `${paths.acme}/live`;
  if (!existsSync(folder)) return new Set();
  return new Set(readdirSync(folder).filter((site) => (targetOf(site) ?? placeholder) !== placeholder));
}

/** Whether a site has a valid certificate: the one that its member bought, or one of the ACME client's. */
export function isHeld(site: ServedSite): boolean {
  return boughtFor(site) !== undefined || heldCertificate(site.name) !== undefined;
}

/** Whether nothing has to be asked for a site: a certificate covers its names, and its end is not near. */
export function isSettled(site: ServedSite): boolean {
  const bought = boughtFor(site);
  const lasts = bought !== undefined && Date.parse(bought.validTo) - Date.now() > standInDays * day;
  return (lasts && covers(bought, declaredNames(site))) || isCovered(site.name, declaredNames(site));
}

function boughtFor({ name, bought }: ServedSite): X509Certificate | undefined {
  return bought === undefined ? undefined : validIn(folderOf(name));
}

function covers(certificate: X509Certificate, names: readonly string[]): boolean {
  return names.every((name) => certificate.checkHost(name) !== undefined);
}

/** Whether the certificate that the ACME client holds for a site covers these names, and its end is not near. */
export function isCovered(site: string, names: readonly string[]): boolean {
  const held = heldCertificate(site);
  if (held === undefined || Date.parse(held.validTo) - Date.now() < renewDays * day) return false;
  return covers(held, names);
}

function heldCertificate(site: string): X509Certificate | undefined {
  return validIn(`${paths.acme}/certs/${site}`);
}

/** Has a site's link lead to its own certificate, the bought one first; says whether that changed anything. */
export function takeIntoUse(site: ServedSite): boolean {
  return link(site.name, wantedTarget(site));
}

/** Whether a site's link leads to the certificate that it should have. */
export function isInUse(site: ServedSite): boolean {
  return targetOf(site.name) === wantedTarget(site);
}

// One that lacks a name, which was added since, gives way to a free one that has them all.
function wantedTarget(site: ServedSite): string {
  const [bought, free, names] = [boughtFor(site), heldCertificate(site.name), declaredNames(site)];
  const isBetter = bought !== undefined && (covers(bought, names) || free === undefined || !covers(free, names));
  return isBetter ? folderOf(site.name) : `../certs/${site.name}`;
}

function targetOf(site: string): string | undefined {
  const path = linkOf(site);
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true ? readlinkSync(path) : undefined;
}

function link(site: string, target: string): boolean {
  const path = linkOf(site);
  if (targetOf(site) === target) return false;
  const fresh = `${paths.acme}/.${site}`;
  // A run that was killed may have left it.
  if (lstatSync(fresh, { throwIfNoEntry: false }) !== undefined) unlinkSync(fresh);
  symlinkSync(target, fresh);
  renameSync(fresh, path);
  return true;
}

/**
 * Leads sites away from certificates that nginx refuses to load, by which it would refuse everything else as well; gives their
 * names. Such a certificate is asked for anew.
 */
export function setDamagedAside(): string[] {
  return [...securedSites()].filter(
    (site) => !isLoadable(resolve(`${paths.acme}/live`, targetOf(site) ?? placeholder)) && link(site, placeholder),
  );
}

/**
 * A site, or the host itself, has a link before anything reads a certificate by it. Which of its own certificates it leads to is
 * up to `settle`; one that leads to none while there is one was changed by hand, unless `settle` is at work.
 */
export function linkStep(site: ServedSite, member?: string): Step {
  const { name } = site;
  const path = linkOf(name);
  const free = `../certs/${name}`;
  const isIdle = () => tryRun("flock", ["-n", paths.settleLock, "true"]).code === 0;
  return {
    what: path,
    key: member === undefined ? "name" : `sites.${name}`,
    ...(member === undefined ? {} : { member }),
    wrong: () => {
      const target = targetOf(name);
      if (target === placeholder) return heldCertificate(name) !== undefined && isIdle();
      return target !== free && target !== folderOf(name);
    },
    fix: (warn) => {
      const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
      if (isThere && targetOf(name) === undefined) warn(setAside(path));
      link(name, isHeld(site) ? wantedTarget(site) : placeholder);
    },
  };
}

/** Path of a site's link. */
export function linkOf(site: string): string {
  return `${paths.acme}/live/${site}`;
}

/** Folders of the ACME client, and a self-signed certificate that stands in until the first real one: nginx always starts. */
export function acmeSteps(): Step[] {
  const folder = (name: string, mode: number) => folderStep({ path: `${paths.acme}${name}`, mode, key: "acme" });
  const standIn = `${paths.acme}/placeholder`;
  return [
    folderStep({ path: "/var/lib/hosting", mode: 0o711, key: "acme" }),
    folder("", 0o711),
    folder("/live", 0o700),
    folder("/certs", 0o700),
    folder("/accounts", 0o700),
    folder("/placeholder", 0o700),
    folder("/challenge", 0o755),
    folderStep({ path: paths.bought, mode: 0o700, key: "acme" }),
    {
      what: `${standIn}/${files.chain}`,
      key: "acme",
      wrong: () => !existsSync(`${standIn}/${files.chain}`),
      fix: () => {
        const made = `${standIn}/.${files.chain}`;
        const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "36500"];
        const out = ["-keyout", `${standIn}/${files.key}`, "-out", made, "-subj", "/CN=placeholder.invalid"];
        run("openssl", ["req", ...kind, ...out]);
        renameSync(made, `${standIn}/${files.chain}`);
      },
    },
  ];
}
