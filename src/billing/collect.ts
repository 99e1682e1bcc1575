import { dateOf } from "../period.ts";
import { daysWith, quotas } from "./draw.ts";
import type { BillingFacts } from "./facts.ts";
import type { HostUsage } from "./host-usage.ts";
import { deliveredPacks } from "./packs.ts";
import type { MemberUsage, Usage } from "./usage.ts";

/** A member and the hosts that have to measure it. */
export interface Expected {
  facts: BillingFacts;
  hosts: readonly string[];
}

/** Something that people should know of a month's figures. */
export type UsageNote =
  | { what: "down"; member: string; hosts: string[] }
  | { what: "unmeasured"; member: string; hosts: string[] }
  | { what: "missingDays"; member: string; days: string[]; samples: number }
  | { what: "kept"; member: string }
  | { what: "unknown"; member: string; host: string };

/** Whether a note says that a member's figures could not be had: another try is worth it. */
export function isGap({ what }: UsageNote): boolean {
  return what === "down" || what === "unmeasured";
}

/**
 * The usage of a month from what the hosts answered. A member counts only if all its hosts answered, a day only if they
 * all have its sample: nothing is guessed. What stood there before stays where it holds more, `confirmed` always.
 * @param down hosts that gave no answer
 */
export function collected(
  month: string,
  expected: readonly Expected[],
  answers: readonly HostUsage[],
  down: ReadonlySet<string>,
  before?: Usage,
): { usage: Usage; notes: UsageNote[] } {
  const notes: UsageNote[] = [];
  const members: Usage["members"] = { ...before?.members };
  for (const { facts, hosts } of expected) {
    const { member } = facts;
    const days = daysWith(quotas("disk", deliveredPacks({ facts })), month).map(dateOf);
    if (days.length === 0 || hosts.length === 0) continue;
    const unheard = hosts.filter((host) => down.has(host));
    // Where no day has a sample, nothing was measured yet: its traffic isn't known to be 0 either.
    const samples = (host: string) => ofHost(answers, host)?.members[member]?.days ?? {};
    const silent = hosts.filter((host) => !down.has(host) && !days.some((day) => samples(host)[day] !== undefined));
    if (unheard.length > 0) notes.push({ what: "down", member, hosts: unheard });
    else if (silent.length > 0) notes.push({ what: "unmeasured", member, hosts: silent });
    else {
      const { figures, missing } = memberUsage(member, days, hosts, answers);
      if (missing.length > 0) notes.push({ what: "missingDays", member, days: missing, samples: figures.diskSamples });
      const known = before?.members[member];
      if (known !== undefined && holdsMore(known, figures)) notes.push({ what: "kept", member });
      else members[member] = { ...figures, ...(known?.confirmed === undefined ? {} : { confirmed: known.confirmed }) };
    }
  }
  const declared = new Set(expected.map(({ facts }) => facts.member));
  for (const { host, members: measured } of answers)
    for (const member of Object.keys(measured).filter((id) => !declared.has(id)))
      notes.push({ what: "unknown", member, host });
  const measured = { ...before?.measured };
  for (const { host, measured: at } of answers)
    if (at !== undefined && at > (measured[host] ?? "")) measured[host] = at;
  return { usage: { schema: 1, month, measured, members }, notes };
}

function ofHost(answers: readonly HostUsage[], host: string): HostUsage | undefined {
  return answers.find((answer) => answer.host === host);
}

/** Files may be on one host, databases on another, and a former host adds what it still counted. */
function memberUsage(
  member: string,
  days: readonly string[],
  hosts: readonly string[],
  answers: readonly HostUsage[],
): { figures: MemberUsage; missing: string[] } {
  const own = answers.flatMap(({ members }) => members[member] ?? []);
  const sampled = days.filter((day) =>
    hosts.every((host) => ofHost(answers, host)?.members[member]?.days[day] !== undefined),
  );
  const sizes = sampled.flatMap((day) => own.flatMap((one) => one.days[day] ?? []));
  return {
    figures: {
      diskByteSum: sizes.reduce((sum, { files, databases }) => sum + files + databases, 0),
      diskSamples: sampled.length,
      daysInService: days.length,
      trafficBytes: own.reduce((sum, { trafficBytes }) => sum + trafficBytes, 0),
    },
    missing: days.filter((day) => !sampled.includes(day)),
  };
}

function holdsMore(known: MemberUsage, figures: MemberUsage): boolean {
  return known.diskSamples > figures.diskSamples || known.trafficBytes > figures.trafficBytes;
}
