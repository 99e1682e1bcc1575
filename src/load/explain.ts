import type * as z from "zod";
import type { Details, Rule } from "../messages/index.ts";
import { Declaration } from "../schema.ts";

type Issue = z.core.$ZodIssue;

/** A rule that a declaration breaks, at a path. */
export interface Finding<R extends Rule = Rule> {
  rule: R;
  details: Details<R>;
  keys: PropertyKey[];
  at: "value" | "key";
}

/** What zod found, in rules with what was read. `root` is the value that was checked. */
export function explain(issue: Issue, root: unknown): Finding[] {
  const keys = [...issue.path];
  const value = valueAt(root, keys);
  const read = shown(value);
  const finding = <R extends Rule>(
    rule: R,
    details: Details<R>,
    path: PropertyKey[] = keys,
    at: "value" | "key" = "value",
  ) => [{ rule, details, keys: path, at }];
  switch (issue.code) {
    case "unrecognized_keys": {
      const allowed = keysAllowed(root, keys);
      return issue.keys.flatMap((key) => finding("shape/unknown", { read: key, allowed }, [...keys, key], "key"));
    }
    case "invalid_type":
      if (value === undefined) return missing(keys, "");
      return finding("shape/type", { read, wanted: issue.expected });
    case "invalid_value": {
      const allowed = issue.values.map((allowedValue) => shown(allowedValue));
      return value === undefined ? missing(keys, allowed.join(", ")) : finding("shape/value", { read, allowed });
    }
    case "invalid_union": {
      const allowed = unionValues(issue);
      if (issue.discriminator !== undefined) {
        const inner = [...keys, issue.discriminator].filter((key, index, all) => index === 0 || key !== all[index - 1]);
        const given = valueAt(root, inner);
        return given === undefined
          ? missing(inner, allowed.join(", "))
          : finding("shape/value", { read: shown(given), allowed }, inner);
      }
      return value === undefined ? missing(keys, allowed.join(", ")) : finding("shape/value", { read, allowed });
    }
    case "too_small":
    case "too_big": {
      const bound = "minimum" in issue ? issue.minimum : issue.maximum;
      const limits = {
        least: issue.code === "too_small" ? String(bound) : "",
        most: issue.code === "too_big" ? String(bound) : "",
      };
      if (issue.origin === "array")
        return finding("shape/length", { read: String((value as unknown[]).length), ...limits });
      return finding("shape/range", { read, ...limits });
    }
    case "invalid_format":
    case "custom":
      return isRule(issue.message) ? finding(issue.message, { read }) : finding("shape/other", { read });
    case "not_multiple_of":
    case "invalid_key":
    case "invalid_element":
    default:
      return finding("shape/other", { read });
  }
}

function missing(keys: PropertyKey[], allowed: string): Finding[] {
  const what = String(keys.at(-1) ?? "");
  return [{ rule: "shape/missing", details: { what, allowed }, keys, at: "key" }];
}

function isRule(text: string): text is Extract<Rule, `format/${string}`> {
  return text.startsWith("format/");
}

/** Values that a union of literals or a discriminator allows. */
function unionValues(issue: Extract<Issue, { code: "invalid_union" }>): string[] {
  const options = (issue as { options?: readonly unknown[] }).options;
  if (options !== undefined) return options.map((option) => shown(option));
  return issue.errors.flatMap((errors) =>
    errors.flatMap((error) => (error.code === "invalid_value" ? error.values.map((value) => shown(value)) : [])),
  );
}

function valueAt(root: unknown, keys: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of keys) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** What was read, short enough for one line. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return "[ … ]";
  if (typeof value === "object" && value !== null) return "{ … }";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…${typeof value === "string" ? '"' : ""}` : text;
}

/** Keys that the schema knows at a path of the value. */
function keysAllowed(root: unknown, keys: readonly PropertyKey[]): string[] {
  let schema: unknown = Declaration;
  let value = root;
  for (const key of keys) {
    schema = inside(unwrap(schema, value), key);
    value = valueAt(value, [key]);
  }
  const object = unwrap(schema, value) as { shape?: Record<string, unknown> } | undefined;
  return Object.keys(object?.shape ?? {});
}

interface Def {
  type: string;
  innerType?: unknown;
  in?: unknown;
  element?: unknown;
  options?: unknown[];
  discriminator?: string;
}

function unwrap(schema: unknown, value: unknown): unknown {
  const def = (schema as { def?: Def } | undefined)?.def;
  if (def === undefined) return undefined;
  if (def.innerType !== undefined) return unwrap(def.innerType, value);
  if (def.type === "pipe") return unwrap(def.in, value);
  if (def.type === "union" && def.discriminator !== undefined) {
    const { discriminator } = def;
    const given = valueAt(value, [discriminator]);
    return def.options?.find(
      (option) =>
        (option as { shape: Record<string, { safeParse(value: unknown): { success: boolean } }> }).shape[
          discriminator
        ]?.safeParse(given).success,
    );
  }
  return schema;
}

function inside(schema: unknown, key: PropertyKey): unknown {
  const found = schema as { def?: Def; shape?: Record<PropertyKey, unknown> } | undefined;
  return found?.def?.type === "array" ? found.def.element : found?.shape?.[key];
}
