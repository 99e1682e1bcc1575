import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readParts } from "../support/parts.ts";

/** Rules of the bill that no test can hold an amount or a message against, and why. */
const UNTESTED: Readonly<Record<string, string>> = {};

const root = import.meta.dirname;

/** Rule ids that golden cases name in their heads and tests in their titles. */
function named(): Set<string> {
  const golden = join(root, "golden");
  const heads = readdirSync(golden)
    .filter((name) => /^[CR]\d\d-/.test(name))
    .map((name) => readParts(join(golden, name, "case.txt")).head);
  const files = [root, join(root, "..", "judges")].flatMap((folder) =>
    readdirSync(folder).map((name) => join(folder, name)),
  );
  const titles = files
    .filter((name) => name.endsWith(".test.ts") && !name.endsWith("rules.test.ts"))
    .flatMap((name) => [...readFileSync(name, "utf8").matchAll(/\b(?:it|each\(.*\))\(\s*"([^"]*)"/gs)])
    .map(([, title = ""]) => title);
  // `B12–B17` names all of them.
  return new Set(
    [...heads, ...titles].flatMap((text) =>
      [...text.matchAll(/\bB(\d+)(?:–B(\d+))?\b/g)].flatMap(([, first, last = first]) =>
        Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => `B${Number(first) + index}`),
      ),
    ),
  );
}

it("every rule of the bill is named by a test, or stands in the list of those that can't be", () => {
  const rules = Array.from({ length: 64 }, (_, index) => `B${index + 1}`);
  const found = named();
  expect(rules.filter((rule) => !found.has(rule) && UNTESTED[rule] === undefined)).toEqual([]);
  expect(Object.keys(UNTESTED).filter((rule) => found.has(rule))).toEqual([]);
});
