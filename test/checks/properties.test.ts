import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BillingFacts } from "../../src/billing/facts.ts";
import { checkMembers } from "../../src/checks.ts";
import { canonical, MemberDocument } from "../../src/document.ts";
import { declarationOf } from "../../src/load.ts";
import { origins } from "../../src/plan/origins.ts";
import { plan } from "../../src/plan/plan.ts";
import { identity } from "../../src/plan/records.ts";
import { hosts } from "../golden/support/hosts.ts";
import { declarations, fileText, loadedWith, memberOf, shuffled } from "./support.ts";

const one = declarations("lac", 11);
const two = fc.tuple(declarations("lac", 11), declarations("velo", 12), declarations("cafe", 13));

/** Runs of each property: more of them on demand, `CASSIOPEA_RUNS=20000 vitest run test/checks`. */
const runs = (usual: number) => ({ numRuns: Number(process.env["CASSIOPEA_RUNS"] ?? usual) });

describe("any sound declaration", () => {
  it("passes all checks, and plans documents and facts that their schemas take", () => {
    fc.assert(
      fc.property(two, (drawn) => {
        const members = ["lac", "velo", "cafe"].map((id, index) => memberOf(id, fileText(drawn[index] ?? {})));
        expect(checkMembers(loadedWith(members)).map(String)).toEqual([]);
        for (const member of members) {
          const made = plan(member, hosts);
          for (const document of made.documents) expect(MemberDocument.parse(document)).toEqual(document);
          expect(BillingFacts.parse(made.facts)).toEqual(made.facts);
        }
      }),
      runs(100),
    );
  });

  it("plans the same whatever the order of its keys", () => {
    fc.assert(
      fc.property(one, fc.nat(9), (declaration, turn) => {
        const straight = plan(memberOf("lac", fileText(declaration)), hosts);
        const turned = plan(memberOf("lac", fileText(shuffled(declaration, turn) as object)), hosts);
        expect(canonical(turned)).toBe(canonical(straight));
      }),
      runs(100),
    );
  });

  it("is checked the same whatever the order of the files", () => {
    fc.assert(
      fc.property(two, fc.boolean(), (drawn, clash) => {
        const texts = drawn.map((declaration, index) =>
          fileText(clash && index > 0 ? { ...declaration, domains: drawn[0].domains } : declaration),
        );
        const members = ["lac", "velo", "cafe"].map((id, index) => memberOf(id, texts[index] ?? ""));
        const rules = (order: typeof members) =>
          checkMembers(loadedWith(order))
            .map(({ rule }) => rule)
            .toSorted();
        expect(rules(members.toReversed())).toEqual(rules(members));
      }),
      runs(100),
    );
  });

  it("never gives two records, databases or documents one name, and each has its origin", () => {
    fc.assert(
      fc.property(one, (declaration) => {
        const member = memberOf("lac", fileText(declaration));
        const made = plan(member, hosts);
        const names = [
          ...made.domains.flatMap(({ records }) => records.map(identity)),
          ...made.databases.map(({ name }) => name),
          ...made.domains.map(({ domain }) => `zone ${domain}`),
        ];
        expect(new Set(names).size).toBe(names.length);
        const explained = new Set(
          origins(member, made).flatMap(({ thing, keys }) => (keys.includes(-1) ? [] : [thing])),
        );
        expect(names.filter((name) => !explained.has(name.replace(/^zone /, "")))).toEqual([]);
      }),
      runs(100),
    );
  });
});

describe("any edit of a sound file", () => {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat(12),
    insert: fc.oneof(
      fc.constantFrom(
        '"',
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "...",
        "`",
        "(",
        "\\",
        "x",
        "=>",
        "\u202e",
        "0",
        "//",
        "/*",
        "__proto__",
      ),
      fc.string({ maxLength: 6 }),
    ),
  });

  it("gives a declaration or located messages in both languages, and never throws", () => {
    let refused = 0;
    fc.assert(
      fc.property(one, fc.array(edit, { minLength: 1, maxLength: 3 }), (declaration, edits) => {
        let text = fileText(declaration);
        for (const { at, remove, insert } of edits) {
          const offset = Math.floor(at * text.length);
          text = text.slice(0, offset) + insert + text.slice(offset + remove);
        }
        const read = declarationOf({ file: "members/lac.ts", text });
        const problems =
          read.declaration === undefined
            ? read.problems
            : checkMembers(loadedWith([{ id: "lac", file: "members/lac.ts", text, declaration: read.declaration }]));
        if (read.declaration === undefined) refused++;
        expect(read.declaration !== undefined || problems.length > 0).toBe(true);
        const lines = text.split("\n").length;
        for (const problem of problems) {
          expect(problem.line).toBeLessThanOrEqual(lines);
          expect(problem.line).toBeGreaterThanOrEqual(1);
          expect(problem.message("fr")).toMatch(/^[^\p{Cc}]{10,1500}$/u);
          expect(problem.message("en")).toMatch(/^[^\p{Cc}]{10,1500}$/u);
        }
      }),
      runs(400),
    );
    expect(refused).toBeGreaterThan(100);
  });
});
