import { dataTypes, resourceTypes } from "../names.ts";
import type { StateResource } from "./state.ts";
import { texts, thingByName } from "./texts.ts";
import type { Wanted } from "./wanted.ts";

interface GuardInput {
  wanted: readonly Pick<Wanted, "urn">[];
  settings: { dns: { accountId: string } };
}

/** What a run would destroy although it holds data of members; nothing may be, whatever the reason. */
export function destroyedData(session: GuardInput, state: ReadonlyMap<string, StateResource>): string[] {
  const wanted = new Set(session.wanted.map((one) => one.urn));
  return [...state.values()].flatMap((resource) => {
    if (!dataTypes.includes(resource.type)) return [];
    const what = thingByName(resource.urn.split("::").slice(3).join("::"));
    if (!wanted.has(resource.urn)) return [texts.removedData(what)];
    const account = (resource.inputs?.["account"] as { id?: string } | undefined)?.id;
    const moved =
      resource.type === resourceTypes.zone && account !== undefined && account !== session.settings.dns.accountId;
    return moved ? [texts.movedZone(what.replace("zone ", ""))] : [];
  });
}
