import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Loaded, Member } from "../load.ts";
import { wantedEntry } from "../member/names.ts";
import { mergedEntry, type Places, registryText } from "../registry.ts";

/**
 * Writes into the registry what the members of a folder have and it lacks; takes nothing out. A number that is another's
 * is left for the checks to report. Returns the files written, sorted.
 * @param placed the hosts of a member's data; left out: those that its file names
 */
export function updateRegistry(
  folder: string,
  { members, registry }: Loaded,
  placed?: (member: Member) => Places,
): string[] {
  const byId = new Map(registry.map((registered) => [registered.entry.id, registered]));
  const idOf = new Map(registry.map(({ number, entry }) => [number, entry.id]));
  mkdirSync(join(folder, "registry"), { recursive: true });
  return members
    .flatMap((member) => {
      const { id, declaration } = member;
      const known = byId.get(id);
      const number = known?.number ?? declaration.number;
      const holder = idOf.get(number);
      if (holder !== undefined && holder !== id) return [];
      idOf.set(number, id);
      const wanted = { ...wantedEntry(id, declaration), ...(placed === undefined ? {} : { places: placed(member) }) };
      const text = registryText(known === undefined ? wanted : mergedEntry(known.entry, wanted));
      if (known !== undefined && text === registryText(known.entry)) return [];
      writeFileSync(join(folder, "registry", String(number)), text);
      return [`registry/${number}`];
    })
    .sort();
}
