import { getDomain } from "tldts";

/**
 * The registrable domain of a name, by the public suffix list (private part included, so that nobody takes a hoster's
 * suffix). A top-level domain that the list lacks, as the reserved `.test` and `.example`, counts as a suffix.
 * Undefined for a public suffix itself.
 */
export function registrable(name: string): string | undefined {
  return getDomain(name, { allowPrivateDomains: true, validateHostname: false }) ?? undefined;
}

/** Whether a name is a domain or below it. */
export function isWithin(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}
