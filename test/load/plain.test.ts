import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPlain } from "../../src/load/plain.ts";
import { readText } from "../../src/load/read.ts";
import { declarations, fileText } from "../checks/support.ts";

const head = 'import { member } from "../src/member.ts";\n\n';
const body = (inside: string) => `${head}export default member({${inside}});\n`;
/** What the parser reads: asked for places, `readText` always uses it. */
const parsed = (text: string) => readText(text, new Map()).value;

describe("the plain reader", () => {
  it("reads any sound file without escapes, as the parser does", () => {
    fc.assert(
      fc.property(declarations("lac", 11), (declaration) => {
        const text = fileText(declaration);
        expect(readPlain(text)).toEqual(text.includes("\\") ? undefined : parsed(text));
      }),
    );
  });

  it.each([
    ' a: \'single "quotes"\', /* a *comment* */ "b": 12.5, // another\n c: [true, false,], d: { }, ',
    ' a: "é // no comment", default: [[1], []] ',
    "",
  ])("reads { %s }", (inside) => {
    expect(readPlain(body(inside))).toBeDefined();
    expect(readPlain(body(inside))).toEqual(parsed(body(inside)));
  });

  it.each([
    ' a: "an \\u0065scape" ',
    " a: 'two\nlines' ",
    " a: 1, a: 2 ",
    " __proto__: { b: 1 } ",
    ' "constructor": 1 ',
    " a: 1e3 ",
    " a: 12px ",
    " a: 1. ",
    " a: -1 ",
    " a: [, 1] ",
    " a: {,} ",
    " a: b ",
    " a: `b` ",
    " a: 1 + 1 ",
    " a: (1) ",
    " a ",
    " a() {} ",
    " [a]: 1 ",
    " ...a ",
    " a: 1 b: 2 ",
    " a: /* open ",
    ` a: ${"[".repeat(30)}${"]".repeat(30)} `,
  ])("leaves { %s } to the parser", (inside) => {
    expect(readPlain(body(inside))).toBeUndefined();
  });

  it.each([
    "",
    "// nothing",
    `#!/bin/sh\n${body("")}`,
    `${body("")}x`,
    `${body("")};`,
    body("").replace("../src", "./src"),
    body("").replace("import {", "import { /* a */"),
    body("").replace("default member", "default other"),
    body("").replace("({})", "({}, 1)"),
    body("").replace("({})", "([])"),
  ])("leaves the frame %j to the parser", (text) => {
    expect(readPlain(text)).toBeUndefined();
  });

  it("never reads what the parser refuses, nor anything else than it", () => {
    const signs = ["{", "}", "[", "]", ":", ",", "(", ")", "'", '"', "/", "*", "\n", "\\", ".", "-", " "];
    const piece = fc.constantFrom(
      ...signs,
      "0",
      "a",
      "1",
      "//",
      "/*",
      "*/",
      '"a"',
      "a:",
      "true",
      "é",
      "12",
      "__proto__",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = body(` a: [1, "b"], ${pieces.join("")}`);
        const plain = readPlain(text);
        expect(plain ?? parsed(text)).toEqual(parsed(text));
      }),
      { numRuns: 2000 },
    );
  });

  it("takes time in proportion to a text made to slow it down", () => {
    for (const slow of [
      "// ".repeat(20_000),
      "/* ".repeat(20_000),
      "/**".repeat(20_000),
      '"'.repeat(60_000),
      "1".repeat(60_000),
    ]) {
      const start = performance.now();
      readPlain(slow + body(""));
      readPlain(body(slow));
      expect(performance.now() - start).toBeLessThan(1000);
    }
  });
});
