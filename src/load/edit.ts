import { type Offsets, offsetKey, readText } from "./read.ts";

/**
 * The text of a member file with one more property at the end of an object, every other byte as it was: on a line of its
 * own where the last property has one, else beside it.
 * @param keys path of the object, which has a property and lacks this one
 * @throws Error when the file would not read as before but for the property
 */
export function withProperty(text: string, keys: readonly PropertyKey[], key: string, value: string): string {
  const offsets: Offsets = new Map();
  const before = readText(text, offsets).value;
  const prefix = `${offsetKey(keys)}\u0000`;
  const properties = [...offsets].flatMap(([name, start]) => {
    const own = name.startsWith(prefix) && /^[^\0]+#key$/.test(name.slice(prefix.length));
    return own ? [{ start, end: offsets.get(`${name.slice(0, -"#key".length)}#end`) ?? start }] : [];
  });
  const last = properties.reduce((found, one) => (one.start > found.start ? one : found), { start: -1, end: -1 });
  const edited = inserted(text, last, `${key}: ${JSON.stringify(value)}`);
  const after = readText(edited).value;
  if (last.start === -1 || JSON.stringify(after) !== JSON.stringify(changed(before, keys, key, value)))
    throw new Error(`${keys.join(".")}: no place for ${key}`);
  return edited;
}

function inserted(text: string, last: { start: number; end: number }, property: string): string {
  const indent = text.slice(text.lastIndexOf("\n", last.start - 1) + 1, last.start);
  const rest = text.slice(last.end);
  // What may follow on the line: a comma, a comment.
  const line = /^(,?)([^\S\r\n]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/)?[^\S\r\n]*)(\r?\n)/.exec(rest);
  if (/\S/.test(indent) || line === null) return `${text.slice(0, last.end)}, ${property}${rest}`;
  const [whole, comma = "", comment = "", end = ""] = line;
  return `${text.slice(0, last.end)},${comment}${end}${indent}${property}${comma}${end}${rest.slice(whole.length)}`;
}

/** A copy of a value with one more property in the object at a path. */
function changed(value: unknown, [first, ...others]: readonly PropertyKey[], key: string, added: string): unknown {
  if (first === undefined) return { ...(value as object), [key]: added };
  if (Array.isArray(value))
    return value.map((inner, index) => (index === first ? changed(inner, others, key, added) : (inner as unknown)));
  const object = value as Record<PropertyKey, unknown>;
  return { ...object, [first]: changed(object[first], others, key, added) };
}
