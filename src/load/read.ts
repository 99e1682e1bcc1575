import {
  type Argument,
  type ArrayExpressionElement,
  type Expression,
  type ObjectProperty,
  type ParseResult,
  type Program,
  parseSync,
} from "oxc-parser";
import type { Details, Rule } from "../messages/index.ts";
import { readPlain } from "./plain.ts";
import { MAX_DEPTH, scan } from "./scan.ts";
import { slipOf } from "./slip.ts";

type Node = Expression | ArrayExpressionElement | Argument;

/** Something wrong at an offset of the text. */
export interface Flaw<R extends Rule = Rule> {
  rule: R;
  details: Details<R>;
  offset: number;
  keys: PropertyKey[];
}

export interface Read {
  /** The plain value; undefined when the file is not a literal declaration. */
  value: Record<string, unknown> | undefined;
  flaws: Flaw[];
}

/** Where a value begins in a text; with `#end` where it ends, with `#key` where its key begins. */
export type Offsets = Map<string, number>;

const MISLEADING =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/u;

/** Reads the text of a member file as data. Nothing of it is executed. */
export function readText(text: string, offsets?: Offsets): Read {
  const flaws: Flaw[] = [];
  const flaw = <R extends Rule>(rule: R, details: Details<R>, offset: number, keys: PropertyKey[] = []) => {
    flaws.push({ rule, details, offset, keys });
    return undefined;
  };
  const refused = (): Read => ({ value: undefined, flaws });

  const misleading = MISLEADING.exec(text);
  if (misleading !== null) {
    const code = misleading[0].codePointAt(0) ?? 0;
    flaw("file/characters", { read: `U+${code.toString(16).toUpperCase().padStart(4, "0")}` }, misleading.index);
    return refused();
  }
  const plain = offsets === undefined ? readPlain(text) : undefined;
  if (plain !== undefined) return { value: plain, flaws };
  const danger = scan(text);
  if (danger !== undefined) {
    if (danger.rule === "deep") flaw("file/deep", { most: MAX_DEPTH }, danger.offset);
    else flaw("file/code", { read: danger.read }, danger.offset);
    return refused();
  }
  const parsed = parseSync("member.ts", text, { sourceType: "module", astType: "js", preserveParens: true });
  const [error] = parsed.errors;
  if (error !== undefined) {
    flaw("file/syntax", { read: error.message, slip: slipOf(error.message) }, error.labels[0]?.start ?? 0);
    return refused();
  }
  const root = declared(parsed, text, flaw);
  if (root === undefined) return refused();
  const value = object(root, [], flaw, text, offsets);
  return { value: flaws.length > 0 ? undefined : value, flaws };
}

// `member(` as it is: no escape, no type between them.
const CALL = /^member(?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/|\/\/[^\n]*\n)*\(/;

type Report = <R extends Rule>(rule: R, details: Details<R>, offset: number, keys?: PropertyKey[]) => undefined;

/** The object within `import { member } …; export default member({ … });`; nothing else may be in the file. */
function declared(parsed: ParseResult, text: string, flaw: Report) {
  const program: Program = parsed.program;
  const strange = (node: { start: number; end: number } | undefined) =>
    flaw(
      "file/frame",
      { read: node === undefined ? "" : short(text, node) },
      node?.start ?? Math.max(0, text.trimEnd().length - 1),
    );
  let imported = false;
  let found: Extract<Expression, { type: "ObjectExpression" }> | undefined;
  for (const statement of program.body) {
    if (statement.type === "ImportDeclaration" && !imported && imports(text.slice(statement.start, statement.end))) {
      imported = true;
      continue;
    }
    const call =
      statement.type === "ExportDefaultDeclaration" && found === undefined ? statement.declaration : undefined;
    const right = call?.type === "CallExpression" && CALL.test(text.slice(call.start, call.end));
    const argument = right && call.arguments.length === 1 ? call.arguments[0] : undefined;
    if (argument?.type === "ObjectExpression") found = argument;
    else strange(statement);
  }
  if (!imported) flaw("file/import", undefined, 0);
  if (found === undefined) strange(undefined);
  return found;
}

/** Source text of a node, on one line and short enough for a message. */
function short(text: string, { start, end }: { start: number; end: number }): string {
  const written = text.slice(start, end).replaceAll(/\s+/g, " ");
  return written.length > 40 ? `${written.slice(0, 39)}…` : written;
}

function imports(statement: string): boolean {
  return /^import\s*\{\s*member\s*,?\s*\}\s*from\s*(["'])\.\.\/src\/member\.ts\1\s*;?$/.test(statement);
}

function evaluate(node: Node, keys: PropertyKey[], flaw: Report, text: string, offsets?: Offsets): unknown {
  if (node === null) return flaw("file/syntax", { read: ",,", slip: "hole" }, 0, keys);
  offsets?.set(offsetKey(keys), node.start);
  offsets?.set(`${offsetKey(keys)}#end`, node.end);
  if (node.type === "ObjectExpression") return object(node, keys, flaw, text, offsets);
  if (node.type === "ArrayExpression") {
    return node.elements.map((element, index) =>
      element === null
        ? flaw("file/syntax", { read: ",,", slip: "hole" }, node.start, [...keys, index])
        : evaluate(element, [...keys, index], flaw, text, offsets),
    );
  }
  const read = short(text, node);
  if (node.type === "Literal") {
    if (typeof node.value === "string" || typeof node.value === "boolean") return node.value;
    if (typeof node.value === "number") {
      if (/^(0|[1-9]\d{0,14})(\.\d{1,6})?$/.test(read)) return node.value;
      return flaw("file/number", { read }, node.start, keys);
    }
  }
  return flaw("file/code", { read }, node.start, keys);
}

function object(
  node: Extract<Expression, { type: "ObjectExpression" }>,
  keys: PropertyKey[],
  flaw: Report,
  text: string,
  offsets?: Offsets,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  const seen = new Set<string>();
  for (const property of node.properties) {
    const plain = property.type === "Property" ? plainKey(property) : undefined;
    if (property.type !== "Property" || plain === undefined) {
      flaw("file/code", { read: short(text, property) }, property.start, keys);
      continue;
    }
    const inner = [...keys, plain];
    if (plain === "__proto__" || plain === "constructor" || plain === "prototype") {
      flaw("file/key", { read: plain }, property.start, keys);
    } else if (seen.has(plain)) {
      flaw("file/key-twice", { read: plain }, property.start, inner);
    } else {
      seen.add(plain);
      offsets?.set(`${offsetKey(inner)}#key`, property.start);
      result[plain] = evaluate(property.value, inner, flaw, text, offsets);
    }
  }
  return result;
}

/** The key's text when a property is nothing but `key: value`. */
function plainKey(property: ObjectProperty): string | undefined {
  const { key } = property;
  if (property.kind !== "init" || property.method || property.shorthand || property.computed) return undefined;
  if (key.type === "Identifier") return key.name;
  return key.type === "Literal" && typeof key.value === "string" ? key.value : undefined;
}

/** Key of a path in `Offsets`. */
export function offsetKey(keys: readonly PropertyKey[]): string {
  return keys.map(String).join("\u0000");
}
