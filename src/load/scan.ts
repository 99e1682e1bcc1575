/** Deepest nesting of brackets in a member file. */
export const MAX_DEPTH = 24;
// A parser is recursive: chains such as `!!!!…` or `a:a:a:…` could exhaust its native stack. So code is counted before it is parsed.
const MAX_CODE = 100;
// Too short to nest that deep: such a file goes to the parser as it is.
const SHORT = 1500;

const TOKEN =
  /\s+|\/\/[^\n]*|\/\*[^]*?\*\/|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'|[\p{L}\p{N}_$]+|[{[(]|[}\])]|[,;:]|[^]/uy;
const FRAME = new Set(["import", "member", "from", "export", "default", "true", "false"]);

/** Why a text is not even given to the parser; undefined when it may be. */
export function scan(text: string): { rule: "deep" | "code"; offset: number; read: string } | undefined {
  if (text.length <= SHORT) return undefined;
  let depth = 0;
  let code = 0;
  let first: { offset: number; read: string } | undefined;
  let before = "";
  let word: { text: string; offset: number; opens: boolean } | undefined;
  const count = (read: string, offset: number) => {
    code++;
    first ??= { read, offset };
  };
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const [token] = match;
    if (/^(\s|\/[/*])/.test(token)) continue;
    // A word may only be a key (after `{` or `,`, before `:`), a part of the frame, or true and false.
    if (word !== undefined && !(FRAME.has(word.text) || (token === ":" && word.opens))) count(word.text, word.offset);
    word = undefined;
    if (/^[\p{L}_$]/u.test(token)) word = { text: token, offset: match.index, opens: before === "{" || before === "," };
    else if ("{[(".includes(token)) {
      depth++;
      if (depth > MAX_DEPTH) return { rule: "deep", offset: match.index, read: token };
    } else if ("}])".includes(token)) depth--;
    else if (!/^[\p{N}"',;:]/u.test(token)) count(token, match.index);
    if (code > MAX_CODE) return { rule: "code", offset: first?.offset ?? 0, read: first?.read ?? "" };
    before = token;
  }
  return undefined;
}
