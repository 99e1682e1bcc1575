import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { association } from "../src/association.ts";
import { type HostMemberUsage, type HostUsage, nearLimit } from "../src/billing/host-usage.ts";
import { canonical, type MemberDocument, sortedKeys } from "../src/document.ts";
import { readIfThere, sweep, writeAtomic } from "./files.ts";
import { takeLock } from "./lock.ts";
import { nginxRuns, reloadNginx } from "./nginx.ts";
import { paths } from "./paths.ts";
import { purgeOf } from "./purged.ts";
import { filesOf } from "./quota.ts";
import { EXIT, type ExitCode, emptyResult, Rejection, type Result } from "./result.ts";
import { run } from "./shell.ts";
import { sql } from "./sql.ts";
import { namesIn, storedHost, storedMembers } from "./store.ts";
import { countFiles, type Traffic } from "./traffic.ts";

/** One day's sample, bytes. */
interface Sample {
  /** When it was taken, ISO 8601 in UTC. */
  at: string;
  files: number;
  databases: number;
}

/** All that is measured of one member, and how far its log is counted: one file, so that both change together. */
interface Measures extends Traffic {
  schema: 1;
  /** By day `yyyy-mm-dd`. */
  disk: Record<string, Sample>;
}

/** Generations of a member's access log that are kept. */
const keptLogs = 14;
const dayFormat = new Intl.DateTimeFormat("sv-SE", { timeZone: association.timeZone });

/**
 * The daily measure: counts what the logs hold, takes the day's sample of each member that has none, begins new logs.
 * @returns warnings for members near a limit; the code says whether all samples of the day are there
 */
export async function measure(now = new Date()): Promise<{ result: Result; code: ExitCode }> {
  const result = emptyResult("measure");
  const letGo = await takeLock(60, paths.measureLock);
  try {
    const members = knownMembers();
    const measures = countAll(members);
    const today = dayFormat.format(now);
    const missed = takeSamples(members, measures, today, now.toISOString(), result);
    for (const { member, disk, traffic } of members) {
      const { disk: samples, months, unreadable } = measures.get(member) ?? noMeasures();
      const sample = samples[today];
      const said = [
        sample === undefined ? undefined : nearLimit(member, "disk", sample.files + sample.databases, disk),
        nearLimit(member, "traffic", months[today.slice(0, 7)] ?? 0, traffic),
        unreadable === 0 ? undefined : `${member} : ${unreadable} lignes illisibles du journal de trafic, non comptées`,
      ];
      result.warnings.push(...said.filter((one) => one !== undefined));
    }
    result.warnings.push(...missed);
    await beginLogs(members);
    return { result, code: missed.length === 0 ? EXIT.ok : EXIT.rejected };
  } finally {
    letGo();
  }
}

/**
 * A month's figures of all members of this host, the traffic up to now included; no sample is taken.
 * @throws Rejection when the month is not `yyyy-mm` or the host has no document
 */
export async function monthOf(month: string): Promise<HostUsage> {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw new Rejection(`« ${month} » n'est pas un mois : écrire 2026-11`);
  const host = storedHost();
  if (host === undefined) throw new Rejection("cet hôte n'a encore reçu aucun document");
  const letGo = await takeLock(60, paths.measureLock);
  try {
    const measures = countAll(knownMembers());
    // Also members whose document is gone: what was measured stays measured.
    for (const name of namesIn(paths.measure, ".json")) {
      const member = name.replace(/\.json$/, "");
      if (!measures.has(member)) measures.set(member, readMeasures(member));
    }
    const samples = [...measures.values()].flatMap(({ disk }) => inMonth(disk, month).map(([, { at }]) => at));
    const measured = samples.sort().at(-1);
    return sortedKeys({
      schema: 1,
      host: host.host,
      month,
      ...(measured === undefined ? {} : { measured }),
      members: Object.fromEntries([...measures].map(([member, one]) => [member, monthOfMember(one, month)])),
    }) as HostUsage;
  } finally {
    letGo();
  }
}

function monthOfMember({ disk, months }: Measures, month: string): HostMemberUsage {
  const days = inMonth(disk, month).map(([day, { files, databases }]) => [day, { files, databases }] as const);
  return { days: Object.fromEntries(days), trafficBytes: months[month] ?? 0 };
}

function inMonth(disk: Measures["disk"], month: string): [string, Sample][] {
  return Object.entries(disk).filter(([day]) => day.startsWith(`${month}-`));
}

function knownMembers(): MemberDocument[] {
  mkdirSync(paths.measure, { recursive: true, mode: 0o700 });
  sweep(paths.measure);
  return [...storedMembers().values()].filter(({ member }) => purgeOf(member) === undefined);
}

function noMeasures(): Measures {
  return { schema: 1, disk: {}, months: {}, read: {}, unreadable: 0 };
}

function readMeasures(member: string): Measures {
  const text = readIfThere(`${paths.measure}/${member}.json`);
  return text === undefined ? noMeasures() : (JSON.parse(text.toString()) as Measures);
}

// Written whole and swapped in: a run that is killed leaves counts and positions of the run before.
function store(member: string, measures: Measures): void {
  const text = canonical(measures);
  const path = `${paths.measure}/${member}.json`;
  if (readIfThere(path)?.toString() !== text) writeAtomic(path, text, 0o600);
}

const logOf = (member: string) => `${paths.log}/${member}/traffic.log`;
/** The log before, to which nginx's old workers may still write. */
const before = (log: string) => `${log}.1`;

function countAll(members: readonly MemberDocument[]): Map<string, Measures> {
  return new Map(
    members.map(({ member }) => {
      const known = readMeasures(member);
      const counted = { ...known, ...countFiles([before(logOf(member)), logOf(member)], known) };
      store(member, counted);
      return [member, counted];
    }),
  );
}

/** Takes the samples of a day that are missing; gives why some could not be taken: nothing is guessed then. */
function takeSamples(
  members: readonly MemberDocument[],
  measures: ReadonlyMap<string, Measures>,
  today: string,
  at: string,
  result: Result,
): string[] {
  const open = members.filter(({ member }) => measures.get(member)?.disk[today] === undefined);
  if (open.length === 0) return [];
  try {
    // What was written last is counted by btrfs at the next commit only.
    run("sync", ["-f", paths.srv]);
    const databases = databaseSizes(members);
    return open.flatMap(({ member, uid }) => {
      const known = measures.get(member);
      if (known === undefined) return [];
      try {
        known.disk[today] = { at, files: filesOf(member, uid), databases: databases.get(member) ?? 0 };
        store(member, known);
        result.changed.push(`${member} ${today}`);
        return [];
      } catch (error) {
        return [notMeasured(member, error)];
      }
    });
  } catch (error) {
    return [notMeasured("tous les membres", error)];
  }
}

function notMeasured(who: string, error: unknown): string {
  if (!(error instanceof Rejection)) throw error;
  return `${who} : pas mesuré aujourd'hui : ${error.message}`;
}

/** Bytes of each member's databases, data and indexes, as the server tells them. @throws Rejection when it does not answer */
function databaseSizes(members: readonly MemberDocument[]): Map<string, number> {
  const sizes = new Map<string, number>();
  if (!members.some(({ databases = [] }) => databases.length > 0)) return sizes;
  const rows = sql(
    "SELECT table_schema, SUM(data_length + index_length) FROM information_schema.tables WHERE table_type = 'BASE TABLE' GROUP BY table_schema",
  );
  for (const row of rows) {
    const [name = "", bytes] = row.split("\t");
    // An id has no `_`: what stands before the first one is the member.
    const [member = ""] = name.split("_");
    if (name.includes("_")) sizes.set(member, (sizes.get(member) ?? 0) + Number(bytes));
  }
  return sizes;
}

/**
 * Begins new logs. nginx's old workers go on writing to the log before until their last request ends, so that stays where it
 * is counted, and no log is put in its place until nobody has it open. All by reload: nginx's workers may not enter the folders.
 */
async function beginLogs(members: readonly MemberDocument[]): Promise<void> {
  if (!nginxRuns()) return;
  const inUse = openByNginx();
  // Once more after looking: who has closed the log before has written its last line into it.
  countAll(members);
  const ready = members
    .map(({ member }) => logOf(member))
    .filter((log) => sizeOf(log) > 0 && !(existsSync(before(log)) && inUse.has(statSync(before(log)).ino)));
  const interrupted = members.some(({ member }) => !existsSync(logOf(member)) && existsSync(before(logOf(member))));
  if (ready.length === 0 && !interrupted) return;
  for (const log of ready) {
    shift(log.replace(/traffic\.log$/, "access.log"));
    renameSync(log, before(log));
  }
  reloadNginx();
  // Most requests end at once; what is written later is counted by the next run.
  for (let tries = 0; tries < 20; tries += 1) {
    const still = openByNginx();
    if (!ready.some((log) => still.has(statSync(before(log)).ino))) break;
    await setTimeout(100);
  }
  countAll(members);
}

function shift(log: string): void {
  for (let age = keptLogs - 1; age >= 1; age -= 1)
    if (existsSync(`${log}.${age}`)) renameSync(`${log}.${age}`, `${log}.${age + 1}`);
  if (existsSync(log)) renameSync(log, `${log}.1`);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Inodes of all files that nginx's processes have open. */
function openByNginx(): Set<number> {
  const inodes = new Set<number>();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (readIfThere(`/proc/${pid}/comm`)?.toString().trim() !== "nginx") continue;
      for (const fd of readdirSync(`/proc/${pid}/fd`)) {
        const stat = statSync(`/proc/${pid}/fd/${fd}`, { throwIfNoEntry: false });
        if (stat?.isFile() === true) inodes.add(stat.ino);
      }
    } catch {
      // The process has ended meanwhile.
    }
  }
  return inodes;
}
