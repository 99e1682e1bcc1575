import { isDeepStrictEqual } from "node:util";
import type { DiffAnswer, DiffKind } from "./protocol.ts";
import { archiveSignature, assetSignature, isObject, isSecret, type Properties, signatureKey } from "./wire.ts";

function isAsset(value: unknown): value is Properties {
  return isObject(value) && (value[signatureKey] === assetSignature || value[signatureKey] === archiveSignature);
}

/** Equality of the engine: assets by their hash, everything else by value, a secret only with a secret. */
export function equal(a: unknown, b: unknown): boolean {
  if (isAsset(a) && isAsset(b)) return a[signatureKey] === b[signatureKey] && a["hash"] === b["hash"];
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => equal(item, b[index]));
  if (isObject(a) && isObject(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].every((key) => equal(a[key], b[key]));
  }
  return isDeepStrictEqual(a, b);
}

function step(path: string, key: string): string {
  if (/^[A-Za-z_][\w-]*$/.test(key) || path === "") return path === "" ? key : `${path}.${key}`;
  return `${path}["${key.replaceAll('"', '\\"')}"]`;
}

function walk(path: string, before: unknown, after: unknown, found: Record<string, { kind: DiffKind }>): void {
  if (equal(before, after)) return;
  if (before === undefined) {
    found[path] = { kind: "ADD" };
  } else if (after === undefined) {
    found[path] = { kind: "DELETE" };
  } else if (Array.isArray(before) && Array.isArray(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
      walk(`${path}[${index}]`, before[index], after[index], found);
    }
  } else if (
    isObject(before) &&
    isObject(after) &&
    ![before, after].some((value) => isSecret(value) || isAsset(value))
  ) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      walk(step(path, key), before[key], after[key], found);
    }
  } else {
    found[path] = { kind: "UPDATE" };
  }
}

/** The differences of two sets of inputs, each as an update in place, with paths into lists and maps. */
export function detailedDiff(before: Properties, after: Properties): DiffAnswer {
  const found: Record<string, { kind: DiffKind }> = {};
  const diffs: string[] = [];
  for (const key of new Set([...Object.keys(after), ...Object.keys(before)])) {
    const size = Object.keys(found).length;
    walk(key, before[key], after[key], found);
    if (Object.keys(found).length > size) diffs.push(key);
  }
  if (diffs.length === 0) return { changes: "DIFF_NONE", hasDetailedDiff: true };
  return { changes: "DIFF_SOME", diffs, detailedDiff: found, hasDetailedDiff: true };
}
