import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withProperty } from "../../src/load/edit.ts";
import { readText } from "../../src/load/read.ts";
import { declarations, fileText, memberOf } from "../checks/support.ts";

const frame = (domains: string) =>
  `import { member } from "../src/member.ts";\n\nexport default member({\n  number: 1,\n  domains: [${domains}],\n});\n`;
const edited = (domains: string, index = 0) =>
  withProperty(frame(domains), ["domains", index], "verified", "2026-11-26");

describe("a property more in a member file", () => {
  it.each([
    ['{ name: "a.be", from: "x" }', '{ name: "a.be", from: "x", verified: "2026-11-26" }'],
    ['{ name: "a.be", from: "x", }', '{ name: "a.be", from: "x", verified: "2026-11-26", }'],
    ['{name:"a.be"}', '{name:"a.be", verified: "2026-11-26"}'],
    [
      '{ name: "a.be", records: [{ name: "@" }] }',
      '{ name: "a.be", records: [{ name: "@" }], verified: "2026-11-26" }',
    ],
    [
      '\n    {\n      name: "a.be",\n    },\n  ',
      '\n    {\n      name: "a.be",\n      verified: "2026-11-26",\n    },\n  ',
    ],
    ['\n\t{\n\t\tname: "a.be"\n\t}', '\n\t{\n\t\tname: "a.be",\n\t\tverified: "2026-11-26"\n\t}'],
    ['{\r\n  name: "a.be",\r\n}', '{\r\n  name: "a.be",\r\n  verified: "2026-11-26",\r\n}'],
    [
      '{\n  name: "a.be", // theirs\n  // from us\n}',
      '{\n  name: "a.be", // theirs\n  verified: "2026-11-26",\n  // from us\n}',
    ],
    ['{\n  name: "a.be" /* theirs */\n}', '{\n  name: "a.be", /* theirs */\n  verified: "2026-11-26"\n}'],
    ['{\n  name: "a.be" }', '{\n  name: "a.be", verified: "2026-11-26" }'],
    [
      '{\n  name: "a.be", records: [\n  {}] /* a\nb */, }',
      '{\n  name: "a.be", records: [\n  {}], verified: "2026-11-26" /* a\nb */, }',
    ],
  ])("stands where its neighbours do: %j", (before, after) => {
    expect(edited(before)).toBe(frame(after));
  });

  it("goes into the object that is named, not into one that looks alike", () => {
    const twice = '{ name: "a.be" }, { name: "a.be" }';
    expect(edited(twice, 1)).toBe(frame('{ name: "a.be" }, { name: "a.be", verified: "2026-11-26" }'));
  });

  it("is not put into what is not there, or in twice", () => {
    expect(() => edited('{ name: "a.be" }', 1)).toThrow("domains.1: no place for verified");
    expect(() => edited('{ name: "a.be", verified: "2026-01-01" }')).toThrow("no place for verified");
  });

  it("changes nothing else of any sound file", () => {
    fc.assert(
      fc.property(declarations("lac", 7), fc.boolean(), (said, short) => {
        const text = short ? fileText(said).replaceAll(/\n\s*/g, " ").replace("; export", ";\nexport") : fileText(said);
        const result = withProperty(text, ["domains", 0], "verified", "2026-11-26");
        const before = memberOf("lac", text).declaration;
        const [first, ...others] = before.domains ?? [];
        expect(memberOf("lac", result).declaration).toEqual({
          ...before,
          domains: [{ ...first, verified: "2026-11-26" }, ...others],
        });
        // Taken out again, the text is the first one.
        expect(result.replace(/,\s*verified: "2026-11-26"/, "")).toBe(text);
        expect(readText(result).flaws).toEqual([]);
      }),
    );
  });
});
