import { protocol } from "../plan/records.ts";
import type { DnsRecord } from "../plan/types.ts";
import { type Answer, type Question, recordValue, type Unanswered } from "./value.ts";

/** An expected record beside what the DNS really serves. */
export interface Finding {
  name: string;
  type: DnsRecord["type"];
  state: "right" | "missing" | "different" | "extra" | "unanswered";
  /** Left out for one that is too many. */
  expected?: string;
  /** What stands in its place, or is too many. */
  read: string[];
  why?: Unanswered;
}

/** A record set of a type that is planned. */
export type RecordSet = Question & Pick<DnsRecord, "type">;

/**
 * The record sets to ask for, each once, in the order of the records. Of a name with addresses of one family the other is
 * asked for too: one that was left there leads those elsewhere who prefer it.
 */
export function questionsFor(records: readonly DnsRecord[]): RecordSet[] {
  const sets = records.flatMap(({ name, type }): RecordSet[] =>
    type === "A" || type === "AAAA"
      ? [
          { name, type: "A" },
          { name, type: "AAAA" },
        ]
      : [{ name, type }],
  );
  return [...new Map(sets.map((set) => [`${set.name} ${set.type}`, set])).values()];
}

/**
 * Every expected record with what was read of it, then what is too many: a foreign value that turns visitors or mail
 * elsewhere, or that makes the expected one void, as a second SPF record (RFC 7208, 4.5). Other TXT records are nobody's concern.
 * @param answers those of `questionsFor(records)`, in its order
 */
export function compare(records: readonly DnsRecord[], answers: readonly Answer[]): Finding[] {
  return questionsFor(records).flatMap(({ name, type }, index): Finding[] => {
    const wanted = records.filter((record) => record.name === name && record.type === type);
    const answer = answers[index] ?? { failed: "failed" };
    if ("failed" in answer) {
      return wanted.map((record) => {
        const expected = recordValue(record);
        return { name, type: record.type, state: "unanswered", expected, read: [], why: answer.failed };
      });
    }
    // A proxied name leads to whatever addresses of the DNS host's network.
    if (records.some((record) => record.name === name && record.proxied)) {
      const state = answer.values.length > 0 ? "right" : "missing";
      return wanted.map((record) => ({ name, type: record.type, state, expected: recordValue(record), read: [] }));
    }
    const values = new Set(wanted.map(recordValue));
    const foreign = answer.values.filter((value) => !values.has(value));
    const used = new Set<string>();
    const findings = wanted.map((record): Finding => {
      const expected = recordValue(record);
      const common = { name, type: record.type, expected };
      if (answer.values.includes(expected)) return { ...common, state: "right", read: [] };
      const read = foreign.filter((value) => rivals(record, value));
      for (const value of read) used.add(value);
      return { ...common, state: read.length === 0 ? "missing" : "different", read };
    });
    const extra = foreign.filter(
      (value) => !used.has(value) && (wanted.length === 0 || wanted.some((record) => rivals(record, value))),
    );
    return [...findings, ...extra.map((value): Finding => ({ name, type, state: "extra", read: [value] }))];
  });
}

/** Whether another value of a record set stands in the way of an expected one. */
function rivals(record: DnsRecord, value: string): boolean {
  if (record.type === "CAA") return value.split(" ")[1] === record.data?.["tag"];
  if (record.type !== "TXT") return true;
  const said = protocol(record);
  return said !== undefined && said === protocol({ content: value });
}
