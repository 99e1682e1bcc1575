import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { type ChainFault, chainFaults, parseChain } from "../src/member/chain.ts";
import { type DesiredFile, readIfThere } from "./files.ts";
import { declaredNames, type ServedSite } from "./leaving.ts";
import { paths } from "./paths.ts";
import { Rejection } from "./result.ts";
import { run } from "./shell.ts";
import { folderStep, type Step } from "./steps.ts";

const day = 86_400_000;
/** Days before its end from which on a bought certificate is told of. */
const warnDays = 30;

/** Files of one certificate in its folder, as the ACME client lays them. */
export const files = { chain: "fullchain.pem", key: "privkey.pem" };

/** Folder of a site's bought certificate, with its key. */
export const folderOf = (site: string) => `${paths.bought}/${site}`;
const keyFile = (site: string) => `${folderOf(site)}/${files.key}`;
const requestFile = (site: string) => `${folderOf(site)}/request.pem`;
const chainFile = (site: string) => `${folderOf(site)}/${files.chain}`;

/** Key and signing request of a site whose certificate is bought: made here, the key never leaves the host and is kept at a renewal. */
export function requestSteps(site: ServedSite, member: string): Step[] {
  const key = `sites.${site.name}`;
  const names = declaredNames(site);
  return [
    folderStep({ path: folderOf(site.name), mode: 0o700, key, member }),
    {
      what: requestFile(site.name),
      key,
      member,
      wrong: () => !existsSync(keyFile(site.name)) || !requestedNames(site.name, names),
      fix: () => {
        const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-keyout", keyFile(site.name)];
        const kept = existsSync(keyFile(site.name)) ? ["-key", keyFile(site.name)] : made;
        const subject = ["-subj", `/CN=${site.name}`, "-addext", `subjectAltName=${subjectNames(names)}`];
        run("openssl", ["req", "-new", ...kept, ...subject, "-out", requestFile(site.name)]);
      },
    },
  ];
}

const subjectNames = (names: readonly string[]) => names.map((name) => `DNS:${name}`).join(",");

function requestedNames(site: string, names: readonly string[]): boolean {
  if (!existsSync(requestFile(site))) return false;
  const text = run("openssl", ["req", "-in", requestFile(site), "-noout", "-text"]);
  return text.replaceAll(", ", ",").includes(`${subjectNames(names)}\n`);
}

/** The chain of a site whose certificate was handed in, as a file; none while it can't be used. */
export function chainFiles(site: ServedSite, member: string): DesiredFile[] {
  const chain = site.bought?.chain;
  if (chain === undefined || unusable(site) !== undefined) return [];
  return [{ path: chainFile(site.name), content: chain, mode: 0o600, key: `sites.${site.name}`, member }];
}

/** Why the chain that was handed in for a site can't be used; nothing when all is well. */
export function unusable(site: ServedSite): string | undefined {
  const chain = site.bought?.chain;
  if (chain === undefined) return undefined;
  const [fault] = chainFaults(chain, declaredNames(site));
  if (fault !== undefined) return words(fault);
  const [leaf] = parseChain(chain) ?? [];
  if (leaf === undefined || !isOfKey(leaf, keyFile(site.name)))
    return "il n'est pas de la clé de ce serveur : faites signer la demande de ce serveur";
  if (Date.parse(leaf.validFrom) > Date.now()) return `il ne vaut qu'à partir du ${dayOf(leaf.validFrom)}`;
  return Date.parse(leaf.validTo) < Date.now() ? `il ne vaut plus depuis le ${dayOf(leaf.validTo)}` : undefined;
}

/** A certificate's point in time, as a day of ours in French. */
function dayOf(time: string): string {
  return new Date(time).toLocaleDateString("fr", { dateStyle: "long", timeZone: "Europe/Brussels" });
}

/** What to tell of a site's bought certificate: it is awaited, can't be used, or ends soon. */
export function boughtWarnings(site: ServedSite): string[] {
  if (site.bought === undefined) return [];
  if (site.bought.chain === undefined) return [`${site.name} attend le certificat acheté : sa demande est prête`];
  const why = unusable(site);
  if (why !== undefined) return [`le certificat acheté de ${site.name} n'est pas utilisé : ${why}`];
  const { validTo } = new X509Certificate(site.bought.chain);
  const isNear = Date.parse(validTo) - Date.now() < warnDays * day;
  return isNear ? [`le certificat acheté de ${site.name} finit le ${dayOf(validTo)} : faites-le renouveler`] : [];
}

/** The certificate at the head of a chain's file, when it is valid now and its key lies beside it; none too when one can't be read. */
export function validIn(folder: string): X509Certificate | undefined {
  const chain = readIfThere(`${folder}/${files.chain}`);
  try {
    const leaf = chain === undefined ? undefined : new X509Certificate(chain);
    const isValid = leaf !== undefined && Date.parse(leaf.validTo) > Date.now();
    return isValid && isOfKey(leaf, `${folder}/${files.key}`) ? leaf : undefined;
  } catch {
    return undefined;
  }
}

/** Whether nginx can load what lies in a certificate's folder: every block of the chain, and the key of the first. */
export function isLoadable(folder: string): boolean {
  const chain = readIfThere(`${folder}/${files.chain}`)?.toString() ?? "";
  const [leaf] = parseChain(chain) ?? [];
  return leaf !== undefined && isOfKey(leaf, `${folder}/${files.key}`);
}

function isOfKey(certificate: X509Certificate, file: string): boolean {
  const key = readIfThere(file);
  try {
    return key !== undefined && certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

/** The signing request of a site, PEM. @throws Rejection when none was made here */
export function signingRequest(site: string): string {
  const text = /^[a-z0-9.-]+$/.test(site) ? readIfThere(requestFile(site)) : undefined;
  if (text === undefined) throw new Rejection(`aucune demande de certificat pour ${site} sur cet hôte`);
  return text.toString();
}

function words(fault: ChainFault): string {
  switch (fault.fault) {
    case "names":
      return `il ne couvre pas ${fault.missing.join(", ")}`;
    case "order":
      return `le certificat qui suit ${fault.read} n'est pas celui qui l'a signé`;
    case "short":
      return "la chaîne de l'autorité manque";
    case "secret":
    case "form":
      return "ce n'est pas une chaîne de certificats";
    default:
      return fault satisfies never;
  }
}
