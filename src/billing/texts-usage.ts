import { frenchDate } from "../period.ts";
import type { UsageNote } from "./collect.ts";
import { frenchGb, nearLimit } from "./host-usage.ts";
import type { Usage } from "./usage.ts";

/** The words of `cassiopea usage`, in French. */
export const usageTexts = {
  badMonth: (read: string): string => `« ${read} » n'est pas un mois : écrire par exemple 2026-11.`,
  notOver: (month: string, stack: string): string =>
    `${month} n'est pas fini : sa mesure n'est écrite qu'après. « npx cassiopea usage show ${month} --stack ${stack} » montre où elle en est.`,
  noFile: (file: string, month: string): string =>
    `${file} n'existe pas : ce mois n'a pas été relevé (npx cassiopea usage collect ${month} --stack prod).`,
  failed: (host: string, said: string): string => `${host} : la mesure n'a pas abouti : ${said}`,
  badAnswer: (host: string, where: string): string => `${host} : la réponse n'a pas la forme attendue (${where}).`,
  note: (note: UsageNote): string => {
    const { member } = note;
    switch (note.what) {
      case "down":
        return `${member} : incomplet, ${note.hosts.join(", ")} n'a pas répondu ; rien n'est compté pour ce membre.`;
      case "unmeasured":
        return `${member} : ${note.hosts.join(", ")} n'a aucune mesure de ce membre pour ce mois.`;
      case "missingDays":
        return `${member} : ${dayCount(note.samples)} avec mesure, sans mesure : ${days(note.days)}.`;
      case "kept":
        return `${member} : la mesure déjà écrite est plus complète, elle est gardée.`;
      case "unknown":
        return `${member} : mesuré par ${note.host}, mais aucun membre de ce nom n'est déclaré ; laissé de côté.`;
      default:
        return note satisfies never;
    }
  },
  written: (file: string, members: number): string => `${file} : ${members} membre${members > 1 ? "s" : ""}.`,
  unchanged: (file: string): string => `${file} : rien à changer.`,
  nothing: (month: string): string => `${month} : aucune mesure.`,
};

function dayCount(count: number): string {
  return `${count} jour${count > 1 ? "s" : ""}`;
}

function days(dates: readonly string[]): string {
  const shown = dates.slice(0, 5).map(frenchDate).join(", ");
  return dates.length > 5 ? `${shown} et ${dates.length - 5} autres` : shown;
}

/**
 * A month's figures, a line a member, with a warning below from 80 % of what is allowed on.
 * @param allowed bytes that each member may use, by id
 */
export function usageText(
  { month, members }: Usage,
  allowed: ReadonlyMap<string, { disk: number; traffic: number }>,
): string {
  const ids = Object.keys(members).sort();
  if (ids.length === 0) return `${usageTexts.nothing(month)}\n`;
  const lines = ids.flatMap((member) => {
    const { diskByteSum, diskSamples, trafficBytes, confirmed } = members[member] ?? nothing;
    const mean = diskSamples === 0 ? undefined : diskByteSum / diskSamples;
    const disk =
      mean === undefined
        ? "disque non mesuré"
        : `disque ${frenchGb(mean)} en moyenne (${dayCount(diskSamples)}${confirmed === true ? ", confirmé" : ""})`;
    const { disk: space, traffic } = allowed.get(member) ?? {};
    const near = [
      mean === undefined ? undefined : nearLimit(member, "disk", mean, space),
      nearLimit(member, "traffic", trafficBytes, traffic),
    ].filter((one) => one !== undefined);
    return [`${member} : ${disk}, trafic ${frenchGb(trafficBytes)}`, ...near.map((one) => `  ! ${one}`)];
  });
  return `${lines.join("\n")}\n`;
}

const nothing: Usage["members"][string] = { diskByteSum: 0, diskSamples: 0, daysInService: 0, trafficBytes: 0 };
