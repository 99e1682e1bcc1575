import type { Engine } from "../protocol.ts";

/** Longest line that Go's line scanner can hold, its end included. */
const scannerLimit = 65_536;

/** What a command printed, apart and in the order of arrival. */
export interface Captured {
  stdout: Buffer;
  stderr: Buffer;
  mixed: Buffer;
}

/** Collects the output of a command, and shows its lines to the person who runs the engine. */
export interface Collector {
  /** @returns false when the plugin stops reading, as the official one does after a line of 65,536 bytes */
  add(stream: "stdout" | "stderr", chunk: Buffer): boolean;
  /** Logs a last line that has no end. */
  finish(): void;
  captured(): Captured;
}

/** `logging` unset means both; a value that isn't known means none. */
function logs(logging: string | undefined, stream: "stdout" | "stderr"): boolean {
  return logging === undefined || logging === "stdoutAndStderr" || logging === stream;
}

/** A collector for one run. */
export function collector(logging: string | undefined, engine: Engine, urn: string): Collector {
  const chunks: { stream: "stdout" | "stderr"; chunk: Buffer }[] = [];
  let pending = Buffer.alloc(0);
  let stuck = false;
  const say = (line: Buffer) => engine.log("info", urn, line.toString("utf8").replace(/\r$/, ""), true);
  return {
    add(stream, chunk) {
      if (stuck) return false;
      chunks.push({ stream, chunk });
      if (!logs(logging, stream)) return true;
      pending = Buffer.concat([pending, chunk]);
      for (let end = pending.indexOf(10); end >= 0; end = pending.indexOf(10)) {
        if (end >= scannerLimit) break;
        say(pending.subarray(0, end));
        pending = pending.subarray(end + 1);
      }
      stuck = pending.length >= scannerLimit;
      return !stuck;
    },
    finish() {
      if (pending.length > 0) say(pending);
    },
    captured() {
      const of = (stream: "stdout" | "stderr") =>
        Buffer.concat(chunks.filter((part) => part.stream === stream).map((part) => part.chunk));
      return { stdout: of("stdout"), stderr: of("stderr"), mixed: Buffer.concat(chunks.map((part) => part.chunk)) };
    },
  };
}

const escapes: Record<string, string> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

/** A text in double quotes as Go's `%q` writes it. */
export function goQuote(text: string): string {
  const body = Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const escape = escapes[character];
    if (escape !== undefined) return escape;
    if (code < 32 || code === 127) return `\\x${code.toString(16).padStart(2, "0")}`;
    return /[\p{C}\p{Z}]/u.test(character) && character !== " "
      ? `\\u${code.toString(16).padStart(4, "0")}`
      : character;
  });
  return `"${body.join("")}"`;
}
