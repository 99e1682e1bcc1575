import { parseSync } from "oxc-parser";
import { describe, expect, it } from "vitest";
import { readText } from "../../src/load/read.ts";
import { declarationOf } from "../../src/load.ts";
import { asciiName } from "../../src/member/fields.ts";
import { distance } from "../../src/messages/distance.ts";
import { nearest } from "../../src/messages/words.ts";
import { registrable } from "../../src/plan/zone.ts";
import { freeNumber } from "../../src/registry.ts";

const file = (body: string) => `import { member } from "../src/member.ts";\n\nexport default member({\n${body}\n});\n`;

describe("reading a member file", () => {
  it("takes every literal form that is allowed", () => {
    const text = file(`  // a comment\n  a: "x", 'b': 'y', "c": [1, 2.5, true, false], /* d */ d: { e: [] },`);
    expect(readText(text)).toEqual({ value: { a: "x", b: "y", c: [1, 2.5, true, false], d: { e: [] } }, flaws: [] });
  });

  it("says all that is code, each at its own place", () => {
    const { flaws } = readText(file("  a: x(),\n  b: `y`,\n  ...c,\n  d: [1, () => 2],"));
    const text = file("  a: x(),\n  b: `y`,\n  ...c,\n  d: [1, () => 2],");
    expect(flaws.map(({ offset, details }) => [text.slice(offset).split(/[,\n\]]/)[0], details])).toEqual([
      ["x()", { read: "x()" }],
      ["`y`", { read: "`y`" }],
      ["...c", { read: "...c" }],
      ["() => 2", { read: "() => 2" }],
    ]);
  });

  it("says all that is wrong in the form of a declaration, located", () => {
    const text = file(
      [
        "  nombre: 3,",
        '  name: " x",',
        '  kind: "assocation",',
        '  membership: { since: "2026-02-30" },',
        '  packs: [{ pack: "autonomous", from: 2026 }, { pack: "autonomus", from: "2026-01-01" }],',
        '  status: { state: "gone" },',
        '  services: [{ service: "analysis", id: "a", on: "2026-01-01", halfDays: 0 }],',
        '  databases: "site",',
        '  domains: [{ name: "LAC.example", from: "2026-01-01" }],',
        '  robot: { domain: "l.lac.example", listmasters: [] },',
      ].join("\n"),
    );
    const { problems } = declarationOf({ file: "members/lac.ts", text });
    expect(problems.map(({ line, column, path, rule }) => `${line}:${column} ${path} ${rule}`).toSorted()).toEqual(
      [
        "3:16 number shape/missing",
        "4:3 nombre shape/unknown",
        "5:9 name format/line",
        "6:9 kind shape/value",
        "7:24 membership.since format/date",
        "8:39 packs[0].from shape/type",
        "8:55 packs[1].pack shape/value",
        "9:20 status.state shape/value",
        "10:74 services[0].halfDays shape/range",
        "11:14 databases shape/type",
        "12:21 domains[0].name format/domain",
        "13:50 robot.listmasters shape/length",
      ].toSorted(),
    );
  });

  it("gives a short file to the parser untested, which stands its deepest nesting", () => {
    for (const link of ["[", "!", "a:", "typeof ", "a=>", "A<", "new ", "(", "1?", "`${", "if(1);else "]) {
      const text = link.repeat(Math.floor(1500 / link.length));
      expect(parseSync("member.ts", text).program.type).toBe("Program");
    }
  });
});

describe("suggestions", () => {
  it("count edits as people make them", () => {
    expect(distance("mailbox", "mailbox", 3)).toBe(0);
    expect(distance("mialbox", "mailbox", 3)).toBe(1);
    expect(distance("mailbx", "mailbox", 3)).toBe(1);
    expect(distance("", "abc", 5)).toBe(3);
    expect(distance("a", "abcdefgh", 3)).toBe(4);
  });

  it("propose the nearest word, and none when it is far", () => {
    expect(nearest("autonomus", ["assisted", "autonomous"])).toBe("autonomous");
    expect(nearest("xyz", ["assisted", "autonomous"])).toBeUndefined();
    expect(nearest("4", ["1", "2"])).toBeUndefined();
  });
});

describe("names", () => {
  it("of domains are compared as A-labels", () => {
    expect(asciiName("café.be")).toBe("xn--caf-dma.be");
    expect(asciiName("jardins.be")).toBe("jardins.be");
    for (const wrong of [
      "JARDINS.be",
      "jardins.be.",
      "jardins",
      "a..be",
      "-a.be",
      "a_b.be",
      "http://a.be",
      "1.2.3.4",
      `${"a".repeat(64)}.be`,
      "a b.be",
      "xn--a.be",
      "café.be".normalize("NFD"),
    ]) {
      expect(asciiName(wrong), wrong).toBeUndefined();
    }
  });

  it("of zones are registrable domains; a reserved top-level domain counts as a suffix", () => {
    expect(registrable("a.b.co.uk")).toBe("b.co.uk");
    expect(registrable("lac.example")).toBe("lac.example");
    expect(registrable("www.lac.test")).toBe("lac.test");
    expect(registrable("co.uk")).toBeUndefined();
    expect(registrable("github.io")).toBeUndefined();
  });

  it("give each id its number, and the next free one when that is taken", () => {
    const first = freeNumber("lac", new Set());
    expect(freeNumber("lac", new Set())).toBe(first);
    expect(freeNumber("lac", new Set([first]))).toBe((first % 39_999) + 1);
    expect(
      freeNumber("lac", new Set(Array.from({ length: 39_998 }, (_, index) => ((first + index - 1) % 39_999) + 1))),
    ).toBe(first === 1 ? 39_999 : first - 1);
  });
});
