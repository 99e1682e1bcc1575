import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readlinkSync, renameSync, symlinkSync } from "node:fs";
import { type DocumentSite, namesOfSite } from "../src/document.ts";
import { boughtChain } from "./bought.ts";
import { readIfThere } from "./files.ts";
import { paths } from "./paths.ts";
import { run } from "./shell.ts";
import { folderStep, type Step } from "./steps.ts";

const day = 86_400_000;
/** Days before its end from which on a certificate is asked for again. */
const renewDays = 30;

/** Where the link of a site leads that has no certificate yet. */
const placeholder = "../placeholder";

/** Files of one certificate in its folder, as the ACME client lays them. */
export const files = { chain: "fullchain.pem", key: "privkey.pem" };

/** Where nginx reads the certificate of a site: a link that leads to a placeholder until there is one. */
export function liveFiles(site: string): { chain: string; key: string } {
  return { chain: `${paths.acme}/live/${site}/${files.chain}`, key: `${paths.acme}/live/${site}/${files.key}` };
}

/** Sites whose link leads to a certificate of their own. */
export function securedSites(): Set<string> {
  const folder = `${paths.acme}/live`;
  if (!existsSync(folder)) return new Set();
  return new Set(readdirSync(folder).filter((site) => readlinkSync(`${folder}/${site}`) !== placeholder));
}

/** Whether a site has a valid certificate: the one that its member bought, or one of the ACME client's. */
export function isHeld({ name, bought }: DocumentSite): boolean {
  return (bought !== undefined && boughtChain(name) !== undefined) || heldCertificate(name) !== undefined;
}

/** Whether nothing has to be asked for a site: a certificate covers its names, and its end is not near. */
export function isSettled(site: DocumentSite): boolean {
  const chain = site.bought === undefined ? undefined : boughtChain(site.name);
  return chain === undefined ? isCovered(site.name, namesOfSite(site)) : true;
}

/** Whether the certificate that the ACME client holds for a site covers these names, and its end is not near. */
export function isCovered(site: string, names: readonly string[]): boolean {
  const held = heldCertificate(site);
  if (held === undefined || Date.parse(held.validTo) - Date.now() < renewDays * day) return false;
  return names.every((name) => held.checkHost(name) !== undefined);
}

function heldCertificate(site: string): X509Certificate | undefined {
  const folder = `${paths.acme}/certs/${site}`;
  const [chain, key] = [readIfThere(`${folder}/${files.chain}`), readIfThere(`${folder}/${files.key}`)];
  if (chain === undefined || key === undefined) return undefined;
  const certificate = new X509Certificate(chain);
  const isValid = Date.parse(certificate.validTo) > Date.now() && certificate.checkPrivateKey(createPrivateKey(key));
  return isValid ? certificate : undefined;
}

/** Has a site's link lead to its own certificate, the bought one first; says whether that changed anything. */
export function takeIntoUse(site: DocumentSite): boolean {
  return link(site.name, wantedTarget(site));
}

/** Whether a site's link leads to the certificate that it should have. */
export function isInUse(site: DocumentSite): boolean {
  return targetOf(site.name) === wantedTarget(site);
}

function wantedTarget({ name, bought }: DocumentSite): string {
  return bought !== undefined && boughtChain(name) !== undefined ? `${paths.bought}/${name}` : `../certs/${name}`;
}

function targetOf(site: string): string | undefined {
  const path = `${paths.acme}/live/${site}`;
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true ? readlinkSync(path) : undefined;
}

function link(site: string, target: string): boolean {
  const path = `${paths.acme}/live/${site}`;
  if (targetOf(site) === target) return false;
  const fresh = `${paths.acme}/.${site}.${process.pid}`;
  symlinkSync(target, fresh);
  renameSync(fresh, path);
  return true;
}

/** A site, or the host itself, has a link before anything reads a certificate by it. */
export function linkStep(site: string, member?: string): Step {
  const path = `${paths.acme}/live/${site}`;
  return {
    what: path,
    key: member === undefined ? "name" : `sites.${site}`,
    ...(member === undefined ? {} : { member }),
    wrong: () => lstatSync(path, { throwIfNoEntry: false }) === undefined,
    fix: () => {
      link(site, placeholder);
    },
  };
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
