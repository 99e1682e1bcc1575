import { dataTypes, resourceTypes } from "../names.ts";
import type { StateResource } from "./state.ts";
import { texts, thingByName } from "./texts.ts";
import type { Wanted } from "./wanted.ts";

interface GuardInput {
  wanted: readonly Pick<Wanted, "urn">[];
  settings: { dns: { accountId: string } };
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** What a run would destroy although it holds data of members; nothing may be, whatever the reason. */
export function destroyedData(session: GuardInput, state: ReadonlyMap<string, StateResource>): string[] {
  const wanted = new Set(session.wanted.map((one) => one.urn));
  const names = [...wanted].map(nameOf);
  return [...state.values()].flatMap((resource) => {
    const name = nameOf(resource.urn);
    const [member = "", kind = "", host = ""] = name.split("/");
    // A member's document stands for the files on that host.
    const files = kind === "host" && member !== "host";
    if (!dataTypes.includes(resource.type) && !files) return [];
    const what = thingByName(name);
    if (!wanted.has(resource.urn)) {
      const elsewhere = names.find((other) => other.startsWith(`${member}/${kind}/`) && other !== name);
      const moved = elsewhere?.split("/")[2];
      return [moved === undefined || moved === host ? texts.removedData(what) : texts.movedData(member, host, moved)];
    }
    const account = (resource.inputs?.["account"] as { id?: string } | undefined)?.id;
    const moved =
      resource.type === resourceTypes.zone && account !== undefined && account !== session.settings.dns.accountId;
    return moved ? [texts.movedZone(what.replace("zone ", ""))] : [];
  });
}
