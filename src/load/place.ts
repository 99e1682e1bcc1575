import { type Place, pathText } from "../problem.ts";
import { type Offsets, offsetKey, readText } from "./read.ts";

/** Line and column (from 1, in UTF-16 units, as editors count) of an offset. */
export function lineColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: before.length - start + 1 };
}

const found = new WeakMap<object, Offsets>();

/**
 * Where a path of a declaration stands in its file: the value, or for `at: "key"` its key; what is missing stands at its
 * nearest parent. The text is parsed again, since only problems need it.
 */
export function placeOf(
  source: { file: string; text: string },
  keys: readonly PropertyKey[],
  at: "value" | "key" = "value",
): Place {
  let offsets = found.get(source);
  if (offsets === undefined) {
    offsets = new Map();
    readText(source.text, offsets);
    found.set(source, offsets);
  }
  const path = pathText(keys);
  for (let length = keys.length; length > 0; length--) {
    const key = offsetKey(keys.slice(0, length));
    // A missing key's parent object is named by its own key, where a reader looks first.
    const offset =
      at === "key" || length < keys.length ? (offsets.get(`${key}#key`) ?? offsets.get(key)) : offsets.get(key);
    if (offset !== undefined) return { file: source.file, path, ...lineColumn(source.text, offset) };
  }
  const start = source.text.indexOf("member(");
  return { file: source.file, path, ...lineColumn(source.text, Math.max(0, start)) };
}
