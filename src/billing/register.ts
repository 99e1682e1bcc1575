import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import * as z from "zod";
import { MEMBER_ID } from "../document.ts";
import { documentNumber, LAST_NUMBER, numberParts, type Series } from "./identifiers.ts";
import type { IssuedLine } from "./plan.ts";
import { texts } from "./texts.ts";
import { documentTotal } from "./vat.ts";

const date = z.iso.date();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const number = z.string().regex(/^(F|NC|COT)\d{4}-\d{5}$/);

/** One issued document: keys, cents, numbers and hashes, no personal data; the documents themselves are kept apart. */
const Content = z.strictObject({
  number,
  date,
  /** The day up to which dues were counted. */
  until: date,
  member: z.string().regex(MEMBER_ID),
  /** Of a credit note: the document that it corrects. */
  refersTo: number.optional(),
  lines: z
    .array(
      z.strictObject({
        key: z.string(),
        cents: z.int(),
        vat: z.enum(["franchise", "subject", "notSubject"]),
        against: z.strictObject({ document: number, key: z.string() }).optional(),
      }),
    )
    .min(1),
  net: z.int(),
  vat: z.int(),
  gross: z.int(),
  /** Hash of each price list that was in use, by id: an issued list is frozen. */
  priceLists: z.record(z.string(), sha256),
  /** Hash of each file of the document, by name. */
  files: z.record(z.string(), sha256),
});
export type RecordContent = z.output<typeof Content>;

export const RegisterRecord = Content.extend({ previous: sha256, hash: sha256 });
export type RegisterRecord = z.output<typeof RegisterRecord>;

/** What the first record follows. */
export const GENESIS = "0".repeat(64);

/** The register's text is not what was written: altered, cut, or out of order. */
export class RegisterError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "RegisterError";
  }
}

/**
 * Length of the part of the text that holds whole records: what follows the last line end was never completed,
 * so no number was given by it.
 */
export function completeLength(text: string): number {
  return text.lastIndexOf("\n") + 1;
}

/** Where a register ends: what the next record must follow. */
export interface Tail {
  hash: string;
  date: string | undefined;
  /** Latest `until` of all records. */
  until: string | undefined;
  /** Last number given, by series and year (`F2026`). */
  counts: ReadonlyMap<string, number>;
}

/** Number of the document that a line seems to be of; empty when there is none. */
export function nameIn(line: string): string {
  return /"number":"((?:F|NC|COT)\d{4}-\d{5})"/.exec(line)?.[1] ?? "";
}

/** Records of a register's text, one canonical JSON object a line. RegisterError naming the first that is wrong. */
export function readRegister(text: string): { records: RegisterRecord[]; tail: Tail } {
  const records: RegisterRecord[] = [];
  let tail: Tail = { hash: GENESIS, date: undefined, until: undefined, counts: new Map() };
  for (const [index, line] of text.slice(0, completeLength(text)).split("\n").slice(0, -1).entries()) {
    if (line.endsWith("\r")) throw new RegisterError(texts.register.crlf(index + 1));
    const record = RegisterRecord.safeParse(parsed(line));
    if (!record.success) throw new RegisterError(texts.register.unreadable(index + 1, nameIn(line)));
    const { previous, hash, ...content } = record.data;
    const name = record.data.number;
    if (canonicalize(record.data) !== line) throw new RegisterError(texts.register.altered(name, index + 1));
    if (previous !== tail.hash) throw new RegisterError(texts.register.broken(name, index + 1));
    if (hash !== chained(previous, content)) throw new RegisterError(texts.register.altered(name, index + 1));
    tail = after(tail, content, hash);
    records.push(record.data);
  }
  return { records, tail };
}

/** The record that follows, its line of the register and where the register ends then. RegisterError when it does not follow. */
export function nextRecord(tail: Tail, content: RecordContent): { record: RegisterRecord; line: string; tail: Tail } {
  const hash = chained(tail.hash, content);
  const record = { ...content, previous: tail.hash, hash };
  return { record, line: `${canonicalize(record)}\n`, tail: after(tail, content, hash) };
}

/** The next free number of a series in a year: without gaps (B58). */
export function nextNumber({ counts }: Tail, series: Series, year: number): string {
  return documentNumber(series, year, (counts.get(`${series}${year}`) ?? 0) + 1);
}

/** RegisterError unless documents of these series can follow on a day: numbers must last (B58), dates never go back. */
export function mustFollow({ counts, date: last }: Tail, series: readonly Series[], today: string): void {
  if (last !== undefined && today < last) throw new RegisterError(texts.register.clock(today, last));
  for (const [one, wanted] of Map.groupBy(series, (each) => each)) {
    const name = `${one}${today.slice(0, 4)}`;
    if ((counts.get(name) ?? 0) + wanted.length > LAST_NUMBER) {
      throw new RegisterError(texts.register.full(name, wanted.length));
    }
  }
}

/** All issued lines in the order of the register. */
export function issuedLines(records: readonly RegisterRecord[]): IssuedLine[] {
  return records.flatMap(({ number: document, member, lines }) =>
    lines.map(({ key, cents, vat, against }) => ({
      document,
      member,
      key,
      cents: BigInt(cents),
      vat,
      ...(against === undefined ? {} : { against }),
    })),
  );
}

/** Hash of any plain value in canonical form (RFC 8785). */
export function canonicalHash(value: unknown): string {
  return createHash("sha256")
    .update(canonicalize(value) ?? "")
    .digest("hex");
}

function chained(previous: string, content: object): string {
  return createHash("sha256")
    .update(previous)
    .update(canonicalize(content) ?? "")
    .digest("hex");
}

/** The tail with one more record. RegisterError when number, date or totals are not what they must be. */
function after(tail: Tail, content: RecordContent, hash: string): Tail {
  const { number: name, date: day, until, lines, net, vat, gross } = content;
  const parts = numberParts(name);
  const expected = parts === undefined ? "" : nextNumber(tail, parts.series, parts.year);
  if (parts === undefined || name !== expected) throw new RegisterError(texts.register.gap(name, expected));
  if (tail.date !== undefined && tail.date > day) throw new RegisterError(texts.register.backwards(name, tail.date));
  const totals = documentTotal(lines.map(({ cents, vat: regime }) => ({ cents: BigInt(cents), vat: regime })));
  if (totals.net !== BigInt(net) || totals.vat !== BigInt(vat) || totals.gross !== BigInt(gross)) {
    throw new RegisterError(texts.register.total(name));
  }
  const counts = new Map(tail.counts).set(`${parts.series}${parts.year}`, parts.sequence);
  return { hash, date: day, until: tail.until === undefined || until > tail.until ? until : tail.until, counts };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
