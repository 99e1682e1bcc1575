import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { completeLength, type RegisterRecord, readRegister } from "../../src/billing/register.ts";
import { verifyDeployed, verifyLedgers, verifyRecords } from "../../src/billing/verify.ts";
import { priceLists } from "../../src/catalogue/prices/index.ts";
import { Ledgers } from "../../src/cli/bill-files.ts";
import { verifyStored } from "../../src/cli/bill-verify.ts";
import { facts, months, option, pack, settings, usage } from "./support/facts.ts";
import { issueUpTo } from "./support/issue-one.ts";

let folder: string;
let register: string;
let documents: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "verify-"));
  register = join(folder, "register.jsonl");
  documents = join(folder, "documents");
  issueUpTo(2, register, documents);
  const ledgers = Ledgers.open(register, documents);
  const against = { document: "F2026-00002", key: "alice/mailbox/2027" };
  ledgers.issue(
    {
      number: "NC2026-00001",
      date: "2026-11-25",
      until: "2026-11-25",
      member: "alice",
      refersTo: "F2026-00002",
      lines: [{ key: "alice/mailbox/2027", cents: -500, vat: "subject", against }],
      net: -500,
      vat: -105,
      gross: -605,
      priceLists: {},
      files: {},
    } as never,
    new Map([["NC2026-00001.json", `{"number":"NC2026-00001"}\n`]]),
  );
  ledgers.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("verify", () => {
  it("finds nothing in what was issued", () => {
    expect(verifyStored(register, documents).problems).toEqual([]);
  });

  it("finds and names any altered byte of the register (B58)", () => {
    const right = readFileSync(register);
    const named = (bytes: Buffer): boolean => {
      try {
        return (
          completeLength(bytes.toString()) < bytes.toString().length || readRegister(bytes.toString()) === undefined
        );
      } catch (error) {
        return /(F|NC)2026-\d{5}|ligne \d/.test(String(error));
      }
    };
    const altered = (at: number, byte: number): Buffer => {
      const bytes = Buffer.from(right);
      bytes[at] = (bytes[at] ?? 0) ^ byte;
      return bytes;
    };
    expect(right.length).toBeGreaterThan(1000);
    expect([...right.keys()].filter((at) => !named(altered(at, 1)) || !named(altered(at, 0x20)))).toEqual([]);
    fc.assert(
      fc.property(fc.nat(right.length - 1), fc.integer({ min: 1, max: 255 }), (at, byte) => {
        writeFileSync(register, altered(at, byte));
        try {
          expect(verifyStored(register, documents).problems.join("\n")).toMatch(/(F|NC)2026-\d{5}|ligne \d/);
        } finally {
          writeFileSync(register, right);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("finds and names any altered, added or missing byte of a document", () => {
    const files = readdirSync(documents, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    expect(files).toHaveLength(5);
    const change = fc.record({
      file: fc.constantFrom(...files),
      at: fc.nat(),
      byte: fc.integer({ min: 1, max: 255 }),
      how: fc.constantFrom("altered", "added", "removed"),
    });
    fc.assert(
      fc.property(change, ({ file, at, byte, how }) => {
        const right = readFileSync(file);
        const place = at % right.length;
        const altered = Buffer.from(right);
        altered[place] = (altered[place] ?? 0) ^ byte;
        const wrong =
          how === "altered"
            ? altered
            : Buffer.concat([
                right.subarray(0, place),
                how === "added" ? Buffer.from([byte]) : Buffer.alloc(0),
                right.subarray(how === "added" ? place : place + 1),
              ]);
        writeFileSync(file, wrong);
        try {
          const number = file.split("/").at(-2) ?? "";
          expect(verifyStored(register, documents).problems).toEqual([expect.stringContaining(number)]);
        } finally {
          writeFileSync(file, right);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("finds a last line without its end, and an issue removes nothing of it", () => {
    const right = readFileSync(register);
    try {
      writeFileSync(register, right.subarray(0, -1));
      expect(verifyStored(register, documents).problems[0]).toContain("NC2026-00001");
      expect(() => Ledgers.open(register, documents)).toThrow("NC2026-00001");
      expect(readFileSync(register).length).toBe(right.length - 1);
    } finally {
      writeFileSync(register, right);
    }
  });

  it("finds credits of more than what is left, and lines of the wrong sign (B55, B57)", () => {
    const { records } = readRegister(readFileSync(register, "utf8"));
    const credit = records.at(-1) as RegisterRecord;
    const twice = { ...credit, number: "NC2026-00002" };
    expect(verifyRecords(records)).toEqual([]);
    expect(verifyRecords([...records, twice])).toEqual([]);
    expect(verifyRecords([...records, twice, { ...credit, number: "NC2026-00003" }])).toEqual([
      "NC2026-00003 crédite plus que ce qui reste de « F2026-00002 alice/mailbox/2027 ».",
    ]);
    expect(verifyRecords([{ ...credit, number: "F2026-00003" }])[0]).toContain("F2026-00003");
    expect(verifyRecords([...records, { ...twice, refersTo: "F2026-00001" }])[0]).toContain("NC2026-00002");
  });

  it("finds a block that was paid back otherwise than its measures say today (B42)", () => {
    const given = facts({
      packs: [pack("autonomous")],
      blocks: [{ kind: "disk", id: "b1", on: "2026-01-05" }],
      recover: [{ block: "b1", on: "2027-01-01" }],
    });
    const recovered = (cents: number): RegisterRecord =>
      ({
        number: "NC2027-00001",
        member: "alice",
        lines: [{ key: "alice/disk/b1/recovered", cents, vat: "franchise" }],
      }) as never;
    const measured = (gigabytes: number): Parameters<typeof verifyLedgers>[0] => ({
      facts: [given],
      lists: priceLists,
      settings,
      usage: [...months(2026), "2027-01"].map((month, index) => usage(month, { disk: index === 0 ? gigabytes : 0 })),
    });
    expect(verifyLedgers(measured(8.5), [recovered(-938)], "2027-01-31")).toEqual([]);
    expect(verifyLedgers(measured(9.5), [recovered(-938)], "2027-01-31")).toEqual([
      expect.stringMatching(/alice\/disk\/b1\/recovered.*−9,38.*−8,63/),
    ]);
  });

  it("says whose deployment differs from the declaration, and in what", () => {
    const alice = facts({ packs: [pack("autonomous")] });
    const [bob, carol] = ["bob", "carol"].map((member) => facts({ member }));
    if (bob === undefined || carol === undefined) throw new Error("no members");
    const changed = { ...alice, options: [option("mailbox")], overage: "buy" as const };
    expect(verifyDeployed([alice, bob], [alice, bob])).toEqual([]);
    expect(verifyDeployed([changed, bob], [alice, carol])).toEqual([
      "alice : déployé autrement que déclaré (options, overage).",
      "bob : déclaré, mais pas déployé.",
      "carol : déployé, mais n'est plus déclaré.",
    ]);
  });
});
