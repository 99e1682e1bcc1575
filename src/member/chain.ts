import { X509Certificate } from "node:crypto";
import type { Loaded } from "../load.ts";

/** What keeps a chain of certificates from being used. Never holds anything of a key. */
export type ChainFault =
  | { fault: "secret" }
  | { fault: "form" }
  | { fault: "short" }
  | { fault: "order"; read: string; allowed: string }
  | { fault: "names"; missing: string[] };

const pem = /-----BEGIN CERTIFICATE-----\s[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** Certificates of a PEM text in its order; undefined when it holds anything else, or nothing. Lines of explanation outside the blocks are allowed (RFC 7468, 2). */
export function parseChain(text: string): X509Certificate[] | undefined {
  const blocks = text.match(pem) ?? [];
  if (blocks.length === 0 || text.replaceAll(pem, "").includes("-----")) return undefined;
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return undefined;
  }
}

/** Sound chains by site, PEM, without what may stand around the certificates. */
export function chainsOf({ certificates }: Loaded): Map<string, string> {
  return new Map(certificates.map(({ site, text }) => [site, (parseChain(text) ?? []).map(String).join("")]));
}

/**
 * What is wrong with the chain of a bought certificate, as far as it can be told without its key and the date: the site's own
 * certificate first, each signed by the next (RFC 8446, 4.4.2), at least one authority's beside it, every name covered.
 */
export function chainFaults(text: string, names: readonly string[]): ChainFault[] {
  if (/PRIVATE KEY/.test(text)) return [{ fault: "secret" }];
  const chain = parseChain(text);
  const [leaf] = chain ?? [];
  if (chain === undefined || leaf === undefined) return [{ fault: "form" }];
  if (chain.length === 1) return [{ fault: "short" }];
  for (const [index, certificate] of chain.entries()) {
    const issuer = chain[index + 1];
    if (issuer === undefined) break;
    if (!certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey))
      return [{ fault: "order", read: title(certificate.subject), allowed: title(certificate.issuer) }];
  }
  const missing = names.filter((name) => leaf.checkHost(name, { subject: "never" }) === undefined);
  return missing.length === 0 ? [] : [{ fault: "names", missing }];
}

/** The common name in a distinguished name, or all of it. */
function title(name: string): string {
  return /^CN=(.*)$/m.exec(name)?.[1] ?? name.replaceAll("\n", ", ");
}
