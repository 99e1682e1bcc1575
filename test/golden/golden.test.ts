import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkMembers, checks } from "../../src/checks.ts";
import { updateRegistry } from "../../src/cli/update.ts";
import { loadMembers } from "../../src/load.ts";
import { chainsOf } from "../../src/member/chain.ts";
import { planAll } from "../../src/plan/plan.ts";
import { readParts, writeParts } from "../support/parts.ts";
import { hosts } from "./support/hosts.ts";

/**
 * One folder a case. `members.txt` holds the member files after lines `-- jardins.ts --` (and `-- registry/5 --`, else the
 * registry is written as `check --update` does); its first line names the rules that must be broken, or none. Beside it
 * stands what must come out: `plan.json`, or `messages.txt` in French and English. `vitest -u` accepts a new outcome.
 */
const root = import.meta.dirname;
const scratch = mkdtempSync(join(tmpdir(), "cassiopea-golden-"));
afterAll(() => rmSync(scratch, { recursive: true }));

const cases = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && /^\d\d-/.test(entry.name))
  .map(({ name }) => name)
  .sort();

/** Unpacks a case into `<scratch>/<case>/members`. */
function unpack(name: string): { folder: string; rules: string[] } {
  const folder = join(scratch, name, "members");
  const { head, files } = readParts(join(root, name, "members.txt"));
  writeParts(folder, files);
  if (![...files.keys()].some((file) => file.startsWith("registry/"))) updateRegistry(folder, loadMembers(folder));
  const rules = head.replace(/^rules:/, "").trim();
  return { folder, rules: rules === "none" ? [] : rules.split(/[\s,]+/) };
}

describe("golden cases", () => {
  it.each(cases)("%s", async (name) => {
    const { folder, rules } = unpack(name);
    const loaded = loadMembers(folder);
    const problems = checkMembers(loaded);
    expect(problems.map(({ rule }) => rule).toSorted(), problems.join("\n")).toEqual(rules.toSorted());
    const text = problems.flatMap((problem) => [`${problem.text("fr")}\n`, `${problem.text("en")}\n`]).join("");
    const planned = () => planAll(loaded.members, hosts, { today: "2026-06-01", chains: chainsOf(loaded) });
    const [file, outcome] =
      problems.length > 0 ? ["messages.txt", text] : ["plan.json", `${JSON.stringify(planned(), undefined, 2)}\n`];
    await expect(outcome).toMatchFileSnapshot(join(root, name, file));
  });

  it("break every rule across members at least once", () => {
    const broken = new Set(cases.flatMap((name) => unpack(name).rules));
    const sources = readdirSync(join(root, "../../src/checks")).map((file) => readFileSync(join(root, "../../src/checks", file), "utf8"));
    const rules = sources.flatMap((text) => [...text.matchAll(/"((?:\w+)\/[\w-]+)", (?:\{|undefined|details|common)/g)].map((match) => match[1] ?? ""));
    expect(checks.length).toBeGreaterThan(30);
    expect([...new Set(rules)].filter((rule) => !broken.has(rule))).toEqual([]);
  });
});
