import { anniversary, dayOf, yearOf } from "../period.ts";

/** A domain as far as its registration goes; dates inclusive. */
interface Held {
  name: string;
  from: string;
  to?: string | undefined;
  registeredBy?: "us" | "member" | undefined;
  void?: string | undefined;
}

/** One registration of a domain by us. */
export interface Registration {
  name: string;
  from: string;
  to: string | undefined;
  /** Places of its entries in the list of domains. */
  entries: number[];
}

/** Registrations by us. Two entries without a gap are one: the registry's year goes on (B12, B17). Sorted by name and date. */
export function registrations(domains: readonly Held[]): Registration[] {
  const runs: Registration[] = [];
  const ours = domains
    .map((domain, entry) => ({ ...domain, entry }))
    .filter((domain) => domain.registeredBy === "us" && domain.void === undefined)
    .sort((a, b) => (a.name === b.name ? (a.from < b.from ? -1 : 1) : a.name < b.name ? -1 : 1));
  for (const { name, from, to, entry } of ours) {
    const run = runs.at(-1);
    if (run?.name === name && run.to !== undefined && dayOf(from) <= dayOf(run.to) + 1) {
      run.to = to === undefined || to > run.to ? to : run.to;
      run.entries.push(entry);
    } else runs.push({ name, from, to, entries: [entry] });
  }
  return runs;
}

/** The next day on which a registration has to be renewed, `yyyy-mm-dd`, today included; undefined when it ends before. */
export function nextRenewal({ from, to }: Pick<Registration, "from" | "to">, today: string): string | undefined {
  for (let year = yearOf(today > from ? today : from); ; year += 1) {
    const day = anniversary(from, year);
    if (day >= today && day > from) return to !== undefined && to < day ? undefined : day;
  }
}
