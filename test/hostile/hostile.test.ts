import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkMembers } from "../../src/checks.ts";
import { loadMembers } from "../../src/load.ts";
import { registryText } from "../../src/registry.ts";

const scratch = mkdtempSync(join(tmpdir(), "cassiopea-hostile-"));
afterAll(() => rmSync(scratch, { recursive: true }));

const head = 'import { member } from "../src/member.ts";\n';
const sound = '  number: 7,\n  name: "Le lac",\n  kind: "association",\n  membership: { since: "2026-01-01" },\n';
const file = (body: string) => `${head}export default member({\n${sound}${body}\n});\n`;
/** Code that would leave a trace if anything ran it. */
const trace = "globalThis.ran = 1";
declare global {
  var ran: number | undefined;
}

/** Files that are code or pretend to be data, by what they try; with the rule that refuses each. */
const texts: Record<string, [text: string | Buffer, rule: string]> = {
  "a call": [file(`  vat: (() => { ${trace} })(),`), "file/code"],
  "a call of eval": [file(`  vat: eval("${trace}"),`), "file/code"],
  "process.exit": [file("  vat: process.exit(0),"), "file/code"],
  "a constructor": [file("  vat: new Date(),"), "file/code"],
  "dynamic import": [file('  vat: import("node:fs"),'), "file/code"],
  await: [file("  vat: await 1,"), "file/code"],
  "a getter": [file(`  get vat() { ${trace}; return "none"; },`), "file/code"],
  "a setter": [file(`  set vat(x) { ${trace} },`), "file/code"],
  "a method": [file(`  vat() { ${trace} },`), "file/code"],
  "an async method": [file("  async vat() {},"), "file/code"],
  "a generator": [file("  *vat() {},"), "file/code"],
  "a spread object": [file("  ...process.env,"), "file/code"],
  "a spread list": [file("  packs: [...[]],"), "file/code"],
  "a computed key": [file(`  [(${trace}, "vat")]: "none",`), "file/code"],
  "a shorthand": [file("  vat,"), "file/code"],
  "a template": [file("  vat: `none`,"), "file/code"],
  "a template with code": [file(`  vat: \`\${${trace}}\`,`), "file/code"],
  "a tagged template": [file("  vat: String.raw`none`,"), "file/code"],
  "an arrow function": [file("  vat: () => 1,"), "file/code"],
  "a function": [file("  vat: function () {},"), "file/code"],
  "a class": [file("  vat: class {},"), "file/code"],
  "a sum": [file("  php: 4 + 4,"), "file/code"],
  "a joined text": [file('  vat: "no" + "ne",'), "file/code"],
  "a condition": [file('  vat: true ? "none" : "x",'), "file/code"],
  "a logical or": [file('  vat: "" || "none",'), "file/code"],
  "an assignment": [file(`  vat: (${trace}),`), "file/code"],
  "a comma": [file('  vat: (1, "none"),'), "file/code"],
  parentheses: [file('  vat: ("none"),'), "file/code"],
  "a variable": [file("  vat: undefined,"), "file/code"],
  "a global": [file("  vat: globalThis,"), "file/code"],
  "a member of an object": [file("  vat: process.env.HOME,"), "file/code"],
  "an optional chain": [file("  vat: process?.env,"), "file/code"],
  this: [file("  vat: this,"), "file/code"],
  null: [file("  vat: null,"), "file/code"],
  "a regular expression": [file("  vat: /(a+)+$/,"), "file/code"],
  "a big integer": [file("  php: 1n,"), "file/code"],
  "a negative number": [file("  php: -1,"), "file/code"],
  "an assertion": [file('  vat: "none" as const,'), "file/code"],
  "a satisfies": [file('  vat: "none" satisfies string,'), "file/code"],
  "a non-null mark": [file('  vat: "none"!,'), "file/code"],
  "a hexadecimal number": [file("  php: 0x10,"), "file/number"],
  "an exponent": [file("  php: 1e3,"), "file/number"],
  "an endless number": [file(`  php: ${"9".repeat(400)},`), "file/number"],
  "a separator in a number": [file("  php: 1_000,"), "file/number"],
  "a hole in a list": [file("  packs: [, ],"), "file/syntax"],
  __proto__: [file('  __proto__: { vat: "none" },'), "file/key"],
  "__proto__ in quotes": [file('  "__proto__": { vat: "none" },'), "file/key"],
  "__proto__ by escape": [file('  "__pro\\u0074o__": { vat: "none" },'), "file/key"],
  "a constructor as key": [file("  constructor: { prototype: {} },"), "file/key"],
  "toString as key": [file('  toString: "x",'), "shape/unknown"],
  "hasOwnProperty as key": [file('  hasOwnProperty: "x",'), "shape/unknown"],
  "a key twice": [file('  name: "Autre",'), "file/key-twice"],
  "a key twice by escape": [file('  "n\\u0061me": "Autre",'), "file/key-twice"],
  "a second statement": [`${file("")}${trace};\n`, "file/frame"],
  "a statement before": [`${trace};\n${file("")}`, "file/frame"],
  "a second import": [`import "node:fs";\n${file("")}`, "file/frame"],
  "another import": [file("").replace("../src/member.ts", "./evil.ts"), "file/frame"],
  "an import of more": [file("").replace("{ member }", "{ member, evil }"), "file/frame"],
  "an import renamed": [file("").replace("{ member }", "{ evil as member }"), "file/frame"],
  "no import": [file("").replace(head, ""), "file/import"],
  "no call": [file("").replace("member({", "({"), "file/frame"],
  "another function": [file("").replace("default member(", "default evil("), "file/frame"],
  "two arguments": [file("").replace("});", `}, ${trace});`), "file/frame"],
  "a list as declaration": [`${head}export default member([]);\n`, "file/frame"],
  "two exports": [`${file("")}export const x = 1;\n`, "file/frame"],
  "a directive": [`"use strict";\n${file("")}`, "file/frame"],
  "a hashbang": [`#!/bin/sh\n${file("")}x`, "file/frame"],
  "an empty file": ["", "file/frame"],
  "an unfinished file": [file("").slice(0, 110), "file/syntax"],
  JSON: ['{ "number": 7 }', "file/syntax"],
  "a decorator": [`@evil class A {}\n${file("")}`, "file/frame"],
  HTML: [file("  vat: <b>none</b>,"), "file/syntax"],
  "not UTF-8": [
    Buffer.concat([Buffer.from(file('  vat: "')), Buffer.from([0xff, 0xfe]), Buffer.from('",')]),
    "file/encoding",
  ],
  "UTF-16": [Buffer.from(file(""), "utf16le"), "file/characters"],
  "a byte order mark": [`\ufeff${file("")}`, "file/characters"],
  "a text turned round": [file('  vat: "\u202ebmun\u202c",'), "file/characters"],
  "isolates in a comment": [file("  // \u2066 */ vat: 1 \u2069"), "file/characters"],
  "an invisible blank": [file('  vat: "no\u200bne",'), "file/characters"],
  "a zero byte": [file('  vat: "\0",'), "file/characters"],
  "an escape sequence of terminals": [file('  vat: "\u001b[2J",'), "file/characters"],
  "a line separator": [file('  vat: "a\u2028b",'), "file/characters"],
  "tag characters": [file('  vat: "\u{e0041}",'), "file/characters"],
  "an escaped control": [file("").replace('"Le lac"', '"Le\\u001b[2Jlac"'), "format/line"],
  "an escaped turn": [file("").replace('"Le lac"', '"Le\\u202elac"'), "format/line"],
  "a huge file": [file(`  // ${"x".repeat(70_000)}`), "file/size"],
  "deep lists": [file(`  packs: ${"[".repeat(30_000)}${"]".repeat(30_000)},`), "file/deep"],
  "deep objects": [file(`  status: ${"{a:".repeat(15_000)}1${"}".repeat(15_000)},`), "file/deep"],
  "deep parentheses": [file(`  vat: ${"(".repeat(30_000)}1${")".repeat(30_000)},`), "file/deep"],
  "a chain of signs": [file(`  vat: ${"!".repeat(60_000)}1,`), "file/code"],
  "a chain of words": [file(`  vat: ${"typeof ".repeat(8000)}1,`), "file/code"],
  "a chain of labels": [`${"a:".repeat(30_000)}1\n${file("")}`, "file/code"],
  "a chain of arrows": [file(`  vat: ${"a=>".repeat(20_000)}1,`), "file/code"],
  "a chain of conditions": [file(`  vat: ${"1?".repeat(20_000)}1,`), "file/code"],
  "a chain of types": [`let x: ${"A<".repeat(20_000)}\n${file("")}`, "file/code"],
  "a chain of templates": [file(`  vat: ${"`${".repeat(10_000)}`), "file/deep"],
  "a chain of new": [file(`  vat: ${"new ".repeat(15_000)}a,`), "file/code"],
  "a chain of else": [`${"if(1);else ".repeat(5000)};\n${file("")}`, "file/code"],
  "many entries": [file(`  packs: [${'{ pack: "autonomous", from: "2026-01-01" },'.repeat(1400)}],`), "pack/twice"],
  "a path as folder": [
    file(
      '  packs: [{ pack: "autonomous", from: "2026-01-01" }],\n  accounts: [{ kind: "ftps", folder: "../../etc" }],',
    ),
    "format/folder",
  ],
  "options in a key": [
    file(
      '  packs: [{ pack: "autonomous", from: "2026-01-01" }],\n  accounts: [{ kind: "sftp", keys: [\'command="id" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJx0T0wvA2bq9dV8mS4u8jv3\'] }],',
    ),
    "format/ssh-key",
  ],
  "SQL in a name": [
    file('  packs: [{ pack: "autonomous", from: "2026-01-01" }],\n  databases: [{ name: "x`; DROP DATABASE y" }],'),
    "format/suffix",
  ],
  "a directive of nginx in a name": [
    file('  domains: [{ name: "a.example; root /;", from: "2026-01-01" }],'),
    "format/domain",
  ],
  "a header in an address": [file('  mailboxes: [{ address: "a@b.example\\nBcc: x@y.example" }],'), "format/address"],
  "a homoglyph as key": [file('  v\u0430t: "none",'), "shape/unknown"],
  "a homoglyph of member": [file("").replace("default member(", "default m\u0435mber("), "file/frame"],
  "a word without quotes": [file("  vat: none,"), "file/code"],
  "French quotes": [file("  vat: « none »,"), "file/syntax"],
  "curly quotes": [file("  vat: \u201cnone\u201d,"), "file/syntax"],
  "an equals sign": [file('  vat = "none",'), "file/syntax"],
  "a semicolon": [file('  vat: "none";'), "file/syntax"],
  "an open text": [file('  vat: "none,'), "file/syntax"],
  "an open comment": [file("  /* vat"), "file/syntax"],
  "a comment that ends early": [file("  /* a */ vat: evil() /* b */,"), "file/code"],
  "an HTML comment": [`<!-- -->\n${file("")}`, "file/syntax"],
  "an HTML comment that closes": [file("").replace("export", "-->\nexport"), "file/syntax"],
  "a member by escape": [file("").replace("default member", "default m\\u0065mber"), "file/frame"],
  "import attributes": [file("").replace('ts";', 'ts" with { type: "json" };'), "file/frame"],
  "a type import": [file("").replace("import {", "import type {"), "file/frame"],
  "an import with a comment": [file("").replace("{ member }", "{ member /* x */ }"), "file/frame"],
  "import.meta": [file("  vat: import.meta.url,"), "file/code"],
  "a yield": [file("  vat: yield,"), "file/code"],
  "a private name": [file("  #vat: 1,"), "file/syntax"],
  "a number as key": [file('  0: "none",'), "file/code"],
  "a big number as key": [file('  1n: "none",'), "file/code"],
  "a template as key": [file('  [`vat`]: "none",'), "file/code"],
  "an octal number": [file("  php: 0o10,"), "file/number"],
  "an old octal number": [file("  php: 010,"), "file/number"],
  "a point without digits": [file("  php: 8.,"), "file/number"],
  "an angle assertion": [file('  vat: <string>"none",'), "file/code"],
  "an index signature": [file("  [key: string]: 1,"), "file/syntax"],
  "a generic call": [file("").replace("member({", "member<never>({"), "file/frame"],
  "an optional call": [file("").replace("member({", "member?.({"), "file/frame"],
  "a new member": [file("").replace("default member", "default new member"), "file/frame"],
  "a member within another": [file("").replace("member({", "member(member({").replace("});", "}));"), "file/frame"],
  "a declaration as const": [file("").replace("});", "} as const);"), "file/frame"],
  "export =": [file("").replace("export default", "export ="), "file/frame"],
  "a namespace": [`declare namespace x {}\n${file("")}`, "file/frame"],
  "an enum": [`enum A { b = 1 }\n${file("")}`, "file/frame"],
  "a key twice, deep": [
    file('  packs: [{ pack: "autonomous", from: "2026-01-01", from: "2026-01-02" }],'),
    "file/key-twice",
  ],
  "__proto__, deep": [file('  packs: [{ pack: "autonomous", from: "2026-01-01", __proto__: {} }],'), "file/key"],
  "a prototype by path": [
    file('  status: { state: "left", on: "2026-01-01", "__proto__": { void: "x" } },'),
    "file/key",
  ],
  "valueOf as value": [file('  vat: "valueOf",'), "shape/value"],
  "constructor as option": [file('  options: [{ option: "constructor", from: "2026-01-01" }],'), "shape/value"],
  "__proto__ as option": [file('  options: [{ option: "__proto__", from: "2026-01-01" }],'), "shape/value"],
  "toString as software": [
    file(
      '  packs: [{ pack: "autonomous", from: "2026-01-01" }],\n  software: [{ software: "tostring", site: "x.example" }],',
    ),
    "software/site",
  ],
  "a carriage return alone": [file('  vat: "no\rne",'), "file/syntax"],
  "a lone surrogate": [file("").replace('"Le lac"', '"Le \\ud800 lac"'), "format/line"],
  "a variation selector": [file("").replace('"Le lac"', '"Le\ufe0f\u200d lac"'), "file/characters"],
  "the next line sign": [file('  vat: "a\u0085b",'), "file/characters"],
  "a date out of the calendar": [file('  packs: [{ pack: "autonomous", from: "2026-02-31" }],'), "format/date"],
  "a date of digits of other scripts": [file('  packs: [{ pack: "autonomous", from: "٢٠٢٦-01-01" }],'), "format/date"],
  "a domain with a zero width joiner by escape": [
    file('  domains: [{ name: "la\\u200dc.example", from: "2026-01-01" }],'),
    "format/domain",
  ],
  "a domain of one label": [file('  domains: [{ name: "localhost", from: "2026-01-01" }],'), "format/domain"],
  "an address as domain": [file('  domains: [{ name: "127.0.0.1", from: "2026-01-01" }],'), "format/domain"],
  "a script as redirect": [
    file(
      '  packs: [{ pack: "autonomous", from: "2026-01-01" }],\n  sites: [{ name: "a.example", redirect: "javascript:alert(1)" }],',
    ),
    "format/web-address",
  ],
  "a user in a redirect": [
    file(
      '  packs: [{ pack: "autonomous", from: "2026-01-01" }],\n  sites: [{ name: "a.example", redirect: "https://a@b.example/" }],',
    ),
    "format/web-address",
  ],
  "a directive in a redirect": [
    file(
      '  packs: [{ pack: "autonomous", from: "2026-01-01" }],\n  sites: [{ name: "a.example", redirect: "https://a.example/; root /" }],',
    ),
    "format/web-address",
  ],
  "a variable of nginx in a redirect": [
    file(
      '  packs: [{ pack: "autonomous", from: "2026-01-01" }],\n  sites: [{ name: "a.example", redirect: "https://a.example/$uri" }],',
    ),
    "format/web-address",
  ],
  "an empty label in a record": [
    file(
      '  domains: [{ name: "a.example", from: "2026-01-01", records: [{ name: "a..b", type: "A", value: "192.0.2.1" }] }],',
    ),
    "format/record-name",
  ],
  "a label too long in a record": [
    file(
      `  domains: [{ name: "a.example", from: "2026-01-01", records: [{ name: "${"a".repeat(64)}", type: "A", value: "192.0.2.1" }] }],`,
    ),
    "format/record-name",
  ],
  "a mixed alphabet": [file('  domains: [{ name: "jаrdins.example", from: "2026-01-01" }],'), "format/scripts"],
};

function linkToSound(folder: string): void {
  writeFileSync(join(folder, "..", "elsewhere.ts"), file(""));
  symlinkSync("../elsewhere.ts", join(folder, "lac.ts"));
}

/** The registry of another folder, that does not know this member. */
function linkAsRegistry(folder: string): void {
  rmSync(join(folder, "registry"), { recursive: true });
  const other = join(folder, "..", "other");
  mkdirSync(other);
  writeFileSync(join(other, "9"), registryText({ id: "mer", databases: [], logins: ["mer"], robots: [], lists: [] }));
  symlinkSync("../other", join(folder, "registry"));
  writeFileSync(join(folder, "lac.ts"), file(""));
}

function load(name: string, place: (folder: string) => void) {
  const folder = join(scratch, name.replaceAll(/\W/g, "-"), "members");
  mkdirSync(join(folder, "registry"), { recursive: true });
  writeFileSync(
    join(folder, "registry", "7"),
    registryText({ id: "lac", databases: [], logins: ["lac"], robots: [], lists: [] }),
  );
  place(folder);
  const loaded = loadMembers(folder);
  return { loaded, problems: checkMembers(loaded) };
}

describe("hostile files", () => {
  it("start from a sound one", () => {
    const { problems } = load("sound", (folder) => writeFileSync(join(folder, "lac.ts"), file("")));
    expect(problems.map(String)).toEqual([]);
  });

  it.each(Object.entries(texts))("%s is refused, located, and nothing runs", (name, [text, rule]) => {
    const { problems } = load(name, (folder) => writeFileSync(join(folder, "lac.ts"), text));
    expect(problems.map((problem) => problem.rule)).toContain(rule);
    expect(globalThis.ran).toBeUndefined();
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain("vat");
    for (const problem of problems) {
      expect(problem.file).toBe("members/lac.ts");
      expect(problem.line).toBeGreaterThanOrEqual(1);
      expect(problem.column).toBeGreaterThanOrEqual(1);
      // What is printed is short and cannot steer a terminal.
      expect(problem.text("fr")).toMatch(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069]{1,900}$/u);
    }
  });

  it.each<[string, string, (folder: string) => void]>([
    ["a symbolic link", "file/special", (folder) => symlinkSync("/etc/passwd", join(folder, "lac.ts"))],
    ["a link to itself", "file/special", (folder) => symlinkSync("lac.ts", join(folder, "lac.ts"))],
    ["a link to a device", "file/special", (folder) => symlinkSync("/dev/zero", join(folder, "lac.ts"))],
    ["a link to a sound file", "file/special", linkToSound],
    ["a pipe", "file/special", (folder) => execFileSync("mkfifo", [join(folder, "lac.ts")])],
    ["a pipe in the registry", "registry/file", (folder) => execFileSync("mkfifo", [join(folder, "registry", "8")])],
    ["a folder in the registry", "registry/file", (folder) => mkdirSync(join(folder, "registry", "8"))],
    ["an emoji as name", "file/name", (folder) => writeFileSync(join(folder, "🐸.ts"), file(""))],
    ["a homoglyph as name", "file/name", (folder) => writeFileSync(join(folder, "l\u0430c.ts"), file(""))],
    ["a blank in a name", "file/name", (folder) => writeFileSync(join(folder, "la c.ts"), file(""))],
    ["a name too long", "file/name", (folder) => writeFileSync(join(folder, `${"a".repeat(200)}.ts`), file(""))],
    ["nothing but the ending", "registry/lost", (folder) => writeFileSync(join(folder, ".ts"), file(""))],
    ["a declaration file", "file/name", (folder) => writeFileSync(join(folder, "lac.d.ts"), file(""))],
    ["ten million bytes", "file/size", (folder) => writeFileSync(join(folder, "lac.ts"), " ".repeat(10_000_000))],
    ["a backup of an editor", "file/foreign", (folder) => writeFileSync(join(folder, "lac.ts~"), file(""))],
    ["a link as registry", "registry/lost", linkAsRegistry],
    ["a folder as file", "file/special", (folder) => mkdirSync(join(folder, "lac.ts"))],
    [
      "a hidden file, which is no member",
      "registry/lost",
      (folder) => writeFileSync(join(folder, ".lac.ts"), file("")),
    ],
    ["a name that steers a terminal", "file/foreign", (folder) => writeFileSync(join(folder, "\u001b[2J"), "")],
    ["a name with a capital", "file/name", (folder) => writeFileSync(join(folder, "Lac.ts"), file(""))],
    ["a reserved name", "file/reserved", (folder) => writeFileSync(join(folder, "root.ts"), file(""))],
    ["JavaScript", "file/foreign", (folder) => writeFileSync(join(folder, "lac.js"), file(""))],
    ["a link in the registry", "registry/file", (folder) => symlinkSync("/etc/passwd", join(folder, "registry", "8"))],
    [
      "code in the registry",
      "registry/file",
      (folder) => writeFileSync(join(folder, "registry", "8"), "process.exit(0)"),
    ],
    [
      "a foreign file in the registry",
      "registry/file",
      (folder) => writeFileSync(join(folder, "registry", "x.json"), "{}"),
    ],
    ["no member at all", "registry/lost", () => undefined],
  ])("%s is refused", (name, rule, place) => {
    const { problems } = load(`special ${name}`, place);
    expect(problems.map((problem) => problem.rule)).toContain(rule);
  });

  it("an empty and a missing folder are errors, never a deletion", () => {
    const empty = mkdtempSync(join(scratch, "empty-"));
    expect(checkMembers(loadMembers(empty)).map(({ rule }) => rule)).toEqual(["folder/empty"]);
    expect(checkMembers(loadMembers(join(empty, "no"))).map(({ rule }) => rule)).toEqual(["folder/missing"]);
  });

  it("are at least 60", () => {
    expect(Object.keys(texts).length).toBeGreaterThan(60);
  });
});
