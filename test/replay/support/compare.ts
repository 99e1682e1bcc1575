import type { Properties } from "../../../lab/plugins/wire.ts";

/** gRPC's codes as transcripts and libraries write them. */
export const codes: Record<string, string> = {
  Unknown: "UNKNOWN",
  Internal: "INTERNAL",
  Unimplemented: "UNIMPLEMENTED",
  DeadlineExceeded: "DEADLINE_EXCEEDED",
};
const changes: Record<string, number> = { DIFF_UNKNOWN: 0, DIFF_NONE: 1, DIFF_SOME: 2 };
const kinds: Record<string, number> = {
  ADD: 0,
  ADD_REPLACE: 1,
  DELETE: 2,
  DELETE_REPLACE: 3,
  UPDATE: 4,
  UPDATE_REPLACE: 5,
};
const generatedId = /^(?<name>.*)[0-9a-f]{8}$/;
const generatedName = /^(?<name>[a-z]+)-[0-9a-f]{7}$/;

/** Output of a failed command comes from two streams: its lines have no fixed order. */
export function unordered(message: string): unknown {
  const [head = "", ...lines] = message.split("\n");
  return head.includes(": running ") ? [head, lines.join("\n").length, lines.sort()] : message;
}

/** A text, or an empty one. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function details(value: unknown): unknown {
  return Object.fromEntries(
    Object.entries(value as Record<string, { kind?: string; inputDiff?: boolean }>).map(
      ([path, { kind = "ADD", inputDiff }]) => [
        path,
        { ...(kinds[kind] === 0 ? {} : { kind: kinds[kind] }), ...(inputDiff === true ? { inputdiff: true } : {}) },
      ],
    ),
  );
}

/** `diffs` comes in no fixed order. */
export function sorted(response: Properties): Properties {
  const { diffs } = response;
  return Array.isArray(diffs) ? { ...response, diffs: diffs.map(String).sort() } : response;
}

/** The answer that a transcript expects, as a message's plain form has it: keys in lower case, enums as numbers. */
export function expectedResponse(recorded: Properties, last: Properties | undefined): Properties {
  const fields = Object.entries(recorded).map(([key, value]): [string, unknown] => {
    if (value === "$last") return [key.toLowerCase(), last];
    if (key === "changes") return [key, changes[String(value)]];
    return [key.toLowerCase(), key === "detailedDiff" ? details(value) : value];
  });
  return sorted(Object.fromEntries(fields));
}

/** Ids and names that a plugin makes up, recorded and actual, where both have the same form. */
export function madeUp(recorded: Properties, actual: Properties): [string, string][] {
  const nameIn = (message: Properties) => (message["inputs"] as Properties | undefined)?.["name"];
  const pairs = [
    [generatedId, recorded["id"], actual["id"]],
    [generatedName, nameIn(recorded), nameIn(actual)],
  ] as const;
  return pairs.flatMap(([form, before, now]): [string, string][] => {
    if (typeof before !== "string" || typeof now !== "string" || before === now) return [];
    const prefix = form.exec(before)?.groups?.["name"];
    return prefix !== undefined && form.exec(now)?.groups?.["name"] === prefix ? [[before, now]] : [];
  });
}
