import { type DocumentSite, namesOfSite } from "../document.ts";
import { inService } from "../member/service.ts";
import type { Declaration } from "../schema.ts";

/** Whether a pack with a web site is in service on a day. */
export function hasWeb(declaration: Declaration, today: string | undefined): boolean {
  return (declaration.packs ?? []).some(
    (pack) => (pack.pack === "autonomous" || pack.pack === "assisted") && inService(pack, today),
  );
}

/**
 * Sites of a member on a day: the declared ones, else one named by the first domain, with `www`. Sorted by name.
 * @param chains public chains of bought certificates by site
 */
export function sitesOf(
  declaration: Declaration,
  today: string | undefined,
  chains: ReadonlyMap<string, string> = new Map(),
): DocumentSite[] {
  if (!hasWeb(declaration, today)) return [];
  if (declaration.sites === undefined) {
    const first = declaration.domains?.find((domain) => inService(domain, today));
    return first === undefined ? [] : [{ name: first.name, aliases: [`www.${first.name}`] }];
  }
  return declaration.sites
    .map(({ name, aliases = [], certificate, redirect, staging }) => {
      const chain = chains.get(name);
      return {
        name,
        ...(aliases.length === 0 ? {} : { aliases: aliases.toSorted() }),
        ...(redirect === undefined ? {} : { redirect }),
        ...(staging === true ? { staging } : {}),
        ...(certificate === "bought" ? { bought: chain === undefined ? {} : { chain } } : {}),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Every name that the member's sites answer to. */
export function siteNames(declaration: Declaration, today: string | undefined): string[] {
  return sitesOf(declaration, today).flatMap(namesOfSite);
}
