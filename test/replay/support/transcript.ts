import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, type Properties, secret, signatureKey } from "../../../lab/plugins/wire.ts";

/** One line of a transcript: an RPC, the opening of a run (`$ pulumi …`), or something done or seen outside. */
export interface Step {
  method: string;
  what?: string;
  request?: unknown;
  response?: unknown;
  error?: { code: string; message: string };
  output?: string[];
}

export interface Scenario {
  name: string;
  what: string;
  steps: Step[];
}

const folder = join(import.meta.dirname, "..", "..", "transcripts");

interface Transcript {
  scenarios: Scenario[];
  definitions: Properties;
}

/** Reads a transcript; its definitions are apart. */
export function readTranscript(name: "command" | "mysql"): Transcript {
  const all = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as (Scenario & {
    definitions?: Properties;
  })[];
  return {
    scenarios: all.filter(({ name: scenario }) => scenario !== "_definitions"),
    definitions: all.find(({ definitions }) => definitions !== undefined)?.definitions ?? {},
  };
}

/** Placeholders whose value differs at each run: any text matches them. */
const wild = /<(?:port|resolver|seed)>/g;

/** Fields of a connection that the official plugin wraps as secrets. */
const secretFields = new Set(["privateKey", "password"]);

function override(definition: unknown, fields: Properties, wrap: boolean): unknown {
  const { value } = definition as { value: Properties };
  const merged: Properties = { ...value };
  for (const [key, field] of Object.entries(fields)) {
    if (field === null) delete merged[key];
    else merged[key] = wrap && secretFields.has(key) ? secret(field) : field;
  }
  return secret(merged);
}

/** Makes of the abbreviations of a transcript what was on the wire, with this run's values for the placeholders. */
export function expander(definitions: Properties, placeholders: ReadonlyMap<string, string>) {
  const names = [...placeholders.keys()].sort((a, b) => b.length - a.length);
  const text = (value: string): string => {
    const cut = /^(?<head>.+)…<(?<length>\d+) characters in all>$/s.exec(value);
    if (cut?.groups !== undefined) return (cut.groups["head"]?.[0] ?? "").repeat(Number(cut.groups["length"]));
    return names.reduce((result, name) => result.replaceAll(name, placeholders.get(name) ?? ""), value);
  };
  const expand = (value: unknown): unknown => {
    if (typeof value === "string") return value in definitions ? expand(definitions[value]) : text(value);
    if (Array.isArray(value)) return value.map(expand);
    if (!isObject(value)) return value;
    const [only] = Object.keys(value);
    if (only !== undefined && only in definitions && !(signatureKey in value)) {
      return expand(override(definitions[only], value[only] as Properties, only === "$connection"));
    }
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [text(key), expand(field)]));
  };
  return expand;
}

/** A pattern for a text that may hold placeholders that match anything, or the text itself. */
export function pattern(expected: string): RegExp | string {
  if (expected.search(wild) < 0) return expected;
  return new RegExp(
    `^${expected
      .split(wild)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("\\S+")}$`,
  );
}
