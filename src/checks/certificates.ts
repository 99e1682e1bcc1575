import { basename } from "node:path";
import { namesOfSite } from "../document.ts";
import type { Loaded } from "../load.ts";
import { chainFaults } from "../member/chain.ts";
import { displayName } from "../member/fields.ts";
import type { Problem } from "../problem.ts";
import { atFile } from "./context.ts";

/** A chain that was handed in is of a site whose certificate is bought, and can be used for it. */
export function chainsAreUsable({ members, certificates }: Loaded): Problem[] {
  const bought = new Map(
    members.flatMap(({ declaration }) =>
      (declaration.sites ?? [])
        .filter(({ certificate }) => certificate === "bought")
        .map((site) => [site.name, namesOfSite(site)] as const),
    ),
  );
  return certificates.flatMap(({ site, file, text }) => {
    const names = bought.get(site);
    if (names === undefined)
      return [atFile(file, "certificate/foreign", { read: basename(file), allowed: [...bought.keys()].sort() })];
    return chainFaults(text, names).map((one) => {
      if (one.fault === "order") return atFile(file, "certificate/order", { read: one.read, wanted: one.allowed });
      if (one.fault === "names") return atFile(file, "certificate/names", { read: one.missing.map(displayName) });
      return atFile(file, `certificate/${one.fault}`, undefined);
    });
  });
}
