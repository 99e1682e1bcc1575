import { MAX_DEPTH } from "./scan.ts";

// Each alternative is a whole token of TypeScript by itself; an escape in a text, or anything else, is no token here.
const TOKEN =
  /(?:[ \t\r\n]+|\/\/[^\r\n]*|\/\*(?:[^*]|\*(?!\/))*\*\/)+|"[^"\\\r\n]*"|'[^'\\\r\n]*'|[A-Za-z_$][\w$]*|(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?(?![\w$.])|[{}[\],:();]/y;
const IMPORT = /import \{ member \} from "\.\.\/src\/member\.ts";/y;
const FRAME = ["export", "default", "member", "("];
const SPECIAL = new Set(["__proto__", "constructor", "prototype"]);

/**
 * The declaration of a file that is written as nearly all are: the frame, then texts, numbers, true, false, lists and
 * objects. Undefined when there is anything else in it, wrong or not: then the parser judges. It only spares the parser's
 * time, so it must read what the parser reads, or nothing (a property test holds them together).
 */
export function readPlain(text: string): Record<string, unknown> | undefined {
  const reader = new Reader(text);
  reader.next();
  IMPORT.lastIndex = reader.offset - reader.token.length;
  const [imported] = IMPORT.exec(text) ?? [];
  if (imported === undefined) return undefined;
  reader.offset = IMPORT.lastIndex;
  reader.next();
  if (!FRAME.every((word) => reader.takes(word)) || reader.token !== "{") return undefined;
  const value = reader.object(1);
  if (value === undefined || !reader.takes(")")) return undefined;
  reader.takes(";");
  return reader.ended ? value : undefined;
}

class Reader {
  readonly text: string;
  /** The token to be read next, blanks and comments left out; empty at the end and at what is no token. */
  token = "";
  offset = 0;

  constructor(text: string) {
    this.text = text;
  }

  next(): void {
    do {
      TOKEN.lastIndex = this.offset;
      this.token = TOKEN.exec(this.text)?.[0] ?? "";
      this.offset += this.token.length;
      // A blank begins by a sign below the exclamation mark, a comment by a slash.
    } while (this.token !== "" && (this.token < "!" || this.token.startsWith("/")));
  }

  get ended(): boolean {
    return this.token === "" && this.offset === this.text.length;
  }

  /** Goes over a token; false when it is another. */
  takes(token: string): boolean {
    if (this.token !== token) return false;
    this.next();
    return true;
  }

  object(depth: number): Record<string, unknown> | undefined {
    const result: Record<string, unknown> = {};
    for (this.next(); this.token !== "}"; ) {
      const key = this.key();
      if (key === undefined || SPECIAL.has(key) || Object.hasOwn(result, key)) return undefined;
      this.next();
      if (!this.takes(":")) return undefined;
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      result[key] = value;
      if (!this.separated("}")) return undefined;
    }
    this.next();
    return result;
  }

  list(depth: number): unknown[] | undefined {
    const result: unknown[] = [];
    for (this.next(); this.token !== "]"; ) {
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      result.push(value);
      if (!this.separated("]")) return undefined;
    }
    this.next();
    return result;
  }

  /** Goes over a comma; false when neither it nor the closing bracket is there. */
  separated(closing: string): boolean {
    return this.takes(",") || this.token === closing;
  }

  key(): string | undefined {
    const { token } = this;
    if (isQuote(token)) return token.slice(1, -1);
    return /^[A-Za-z_$]/.test(token) ? token : undefined;
  }

  value(depth: number): unknown {
    const { token } = this;
    if (depth > MAX_DEPTH) return undefined;
    if (token === "{") return this.object(depth);
    if (token === "[") return this.list(depth);
    const value = isQuote(token)
      ? token.slice(1, -1)
      : token === "true" || token === "false"
        ? token === "true"
        : /^\d/.test(token)
          ? Number(token)
          : undefined;
    if (value !== undefined) this.next();
    return value;
  }
}

function isQuote(token: string): boolean {
  return token.startsWith('"') || token.startsWith("'");
}
