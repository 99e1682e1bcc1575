import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { type DocumentSite, namesOfSite } from "../src/document.ts";
import { type ChainFault, chainFaults, parseChain } from "../src/member/chain.ts";
import { type DesiredFile, readIfThere } from "./files.ts";
import { paths } from "./paths.ts";
import { Rejection } from "./result.ts";
import { run } from "./shell.ts";
import { folderStep, type Step } from "./steps.ts";

const day = 86_400_000;
/** Days before its end from which on a bought certificate is told of. */
const warnDays = 30;

const folderOf = (site: string) => `${paths.bought}/${site}`;
const keyFile = (site: string) => `${folderOf(site)}/privkey.pem`;
const requestFile = (site: string) => `${folderOf(site)}/request.pem`;
const chainFile = (site: string) => `${folderOf(site)}/fullchain.pem`;

/** Key and signing request of a site whose certificate is bought: made here, the key never leaves the host and is kept at a renewal. */
export function requestSteps(site: DocumentSite, member: string): Step[] {
  const key = `sites.${site.name}`;
  const names = namesOfSite(site);
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
export function chainFiles({ name, bought, ...site }: DocumentSite, member: string): DesiredFile[] {
  const chain = bought?.chain;
  if (chain === undefined || unusable({ name, bought, ...site }) !== undefined) return [];
  return [{ path: chainFile(name), content: chain, mode: 0o600, key: `sites.${name}`, member }];
}

/** Why the chain that was handed in for a site can't be used, and when it ends if that is near; nothing when all is well. */
export function unusable(site: DocumentSite): string | undefined {
  const chain = site.bought?.chain;
  if (chain === undefined) return undefined;
  const [fault] = chainFaults(chain, namesOfSite(site));
  if (fault !== undefined) return words(fault);
  const [leaf] = parseChain(chain) ?? [];
  const key = readIfThere(keyFile(site.name));
  if (leaf === undefined || key === undefined || !leaf.checkPrivateKey(createPrivateKey(key)))
    return "il n'est pas de la clé de ce serveur : faites signer la demande de ce serveur";
  if (Date.parse(leaf.validFrom) > Date.now()) return `il ne vaut qu'à partir du ${leaf.validFrom}`;
  return Date.parse(leaf.validTo) < Date.now() ? `il ne vaut plus depuis le ${leaf.validTo}` : undefined;
}

/** What to tell of a site's bought certificate: it is awaited, can't be used, or ends soon. */
export function boughtWarnings(site: DocumentSite): string[] {
  if (site.bought === undefined) return [];
  if (site.bought.chain === undefined) return [`${site.name} attend le certificat acheté : sa demande est prête`];
  const why = unusable(site);
  if (why !== undefined) return [`le certificat acheté de ${site.name} n'est pas utilisé : ${why}`];
  const end = Date.parse(new X509Certificate(site.bought.chain).validTo);
  const left = Math.floor((end - Date.now()) / day);
  return left < warnDays ? [`le certificat acheté de ${site.name} finit dans ${left} jours`] : [];
}

/** The valid chain of a bought certificate that lies with its key on this host. */
export function boughtChain(site: string): X509Certificate | undefined {
  const [chain, key] = [readIfThere(chainFile(site)), readIfThere(keyFile(site))];
  if (chain === undefined || key === undefined) return undefined;
  const leaf = new X509Certificate(chain);
  return Date.parse(leaf.validTo) > Date.now() && leaf.checkPrivateKey(createPrivateKey(key)) ? leaf : undefined;
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
