import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { association } from "../src/association.ts";
import { isMissing } from "./files.ts";

/** What was counted of the log that nginx writes for a member, and how far. */
export interface Traffic {
  /** Bytes sent by month `yyyy-mm`. */
  months: Record<string, number>;
  /** Bytes of each log file that are counted already, by the file's identity. */
  read: Record<string, number>;
  /** Lines that could not be read, for instance after a crash of the machine: they are said, not guessed. */
  unreadable: number;
}

/** `$msec $status $request_length $bytes_sent`, the log format `meter`; `$bytes_sent` is header and body. */
const line = /^(\d+)\.\d{3} \d{3} \d+ (\d+)$/;
const monthFormat = new Intl.DateTimeFormat("sv-SE", {
  timeZone: association.timeZone,
  year: "numeric",
  month: "2-digit",
});
const hours = new Map<number, string>();

/** The month in which a second of Unix time falls where the association is. */
function monthAt(seconds: number): string {
  const hour = Math.floor(seconds / 3600);
  let month = hours.get(hour);
  if (month === undefined) {
    month = monthFormat.format(hour * 3_600_000).slice(0, 7);
    hours.set(hour, month);
  }
  return month;
}

/** Adds the lines of a text to the months. */
export function countLines(text: string, into: Pick<Traffic, "months" | "unreadable">): void {
  for (const one of text.split("\n")) {
    if (one === "") continue;
    const [, seconds, bytes] = line.exec(one) ?? [];
    if (seconds === undefined || bytes === undefined) into.unreadable += 1;
    else {
      const month = monthAt(Number(seconds));
      into.months[month] = (into.months[month] ?? 0) + Number(bytes);
    }
  }
}

const chunkBytes = 1 << 20;

/**
 * What is counted once all whole lines of the log files are: each from where counting ended before. Files that are no
 * longer there are forgotten. Nothing is written: who stores the result whole counts each line once.
 */
export function countFiles(paths: readonly string[], before: Traffic): Traffic {
  const after: Traffic = { months: { ...before.months }, read: {}, unreadable: before.unreadable };
  for (const path of paths) {
    const handle = openIfThere(path);
    if (handle === undefined) continue;
    try {
      const { ino, birthtimeMs } = fstatSync(handle);
      // A number may be given again to a new file, but not with the same time of birth.
      const identity = `${ino}-${Math.floor(birthtimeMs)}`;
      after.read[identity] = countFrom(handle, before.read[identity] ?? 0, after);
    } finally {
      closeSync(handle);
    }
  }
  return after;
}

/** Counts whole lines from a position on; gives where the last one ends. */
function countFrom(handle: number, start: number, into: Traffic): number {
  let position = start;
  let rest = Buffer.alloc(0);
  const chunk = Buffer.alloc(chunkBytes);
  for (;;) {
    const length = readSync(handle, chunk, 0, chunkBytes, position + rest.length);
    if (length === 0) return position;
    const text = Buffer.concat([rest, chunk.subarray(0, length)]);
    const end = text.lastIndexOf(10) + 1;
    countLines(text.toString("latin1", 0, end), into);
    position += end;
    rest = text.subarray(end);
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
