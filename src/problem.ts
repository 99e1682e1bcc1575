import { type Details, type Language, type Rule, sentence } from "./messages/index.ts";

/** Where something stands: lines and columns count from 1. */
export interface Place {
  file: string;
  line: number;
  column: number;
  /** Path in the declaration, as `domains[0].name`; empty for the file itself. */
  path: string;
}

/** Something wrong in the declarations. It is data; the sentence is made in the reader's language. */
export class Problem<R extends Rule = Rule> implements Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly rule: R;
  readonly details: Details<R>;

  constructor(place: Place, rule: R, details: Details<R>) {
    this.file = visible(place.file);
    this.line = place.line;
    this.column = place.column;
    this.path = visible(place.path);
    this.rule = rule;
    this.details = details;
  }

  /** What was read, what is allowed, what to do. */
  message(language: Language = "fr"): string {
    return visible(sentence(this.rule, this.details, language));
  }

  /** `file:line:column: path: message`, in French. */
  toString(): string {
    return this.text("fr");
  }

  text(language: Language): string {
    const path = this.path === "" ? "" : `${this.path} : `;
    return `${this.file}:${this.line}:${this.column}: ${path}${this.message(language)}`;
  }

  /** For machines. */
  json(language: Language): Place & { rule: string; message: string } {
    const { file, line, column, path, rule } = this;
    return { file, line, column, path, rule, message: this.message(language) };
  }
}

/** The same text with what can't be seen, or would turn the line round or steer a terminal, written as its code. */
export function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}

/** Sorted by file, line, column, rule, without repetitions. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const order = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);
  const sorted = [...problems].sort(
    (a, b) =>
      order(a.file, b.file) ||
      order(a.line, b.line) ||
      order(a.column, b.column) ||
      order(a.path, b.path) ||
      order(a.rule, b.rule),
  );
  return sorted.filter((problem, index) => index === 0 || problem.toString() !== sorted[index - 1]?.toString());
}

/** `domains[0].name` of a path's keys. */
export function pathText(keys: readonly PropertyKey[]): string {
  return keys
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");
}
