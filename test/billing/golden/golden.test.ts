import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { printBill } from "../../../src/billing/print.ts";
import { printPlan } from "../../../src/billing/print-plan.ts";
import { texts } from "../../../src/billing/texts.ts";
import { type Case, readCase } from "./support/case.ts";
import { answer, bill, days, left } from "./support/figures.ts";

/**
 * The table of the bill's cases, one folder each: `case.txt` holds what is declared, measured and issued, and the figures
 * that must come out, written by hand from the rules. Beside it stands the whole outcome, accepted by `vitest -u`:
 * `bill.txt`, or `messages.txt` when the declarations are refused. The figures are never written by a program.
 */
const root = import.meta.dirname;
const scratch = mkdtempSync(join(tmpdir(), "cassiopea-bill-"));
afterAll(() => rmSync(scratch, { recursive: true }));

const cases = readdirSync(root)
  .filter((name) => /^[CHR]\d\d-/.test(name))
  .sort();

/** Bill and plan of the last span that the figures ask for; without members, the answers. */
function whole(of: Case): string {
  if (of.members.length === 0) {
    return of.figures.map(({ question }) => `${question} : ${answer(of, question)}\n`).join("");
  }
  const asked = of.figures.map(({ question }) => question.split(" ")[1] ?? "");
  const spans = asked.filter((word) => /^\d{4}(-\d\d-\d\d)?$/.test(word));
  const span = spans.toSorted((a, b) => (days(a).until < days(b).until ? -1 : 1)).at(-1) ?? "2026";
  const found = bill(of, span);
  const planned = left(of, span);
  const said = [...planned.problems, ...planned.notes.filter(({ rule }) => rule === "B42")];
  const problems = said.map((one) => `${texts.problem(one)}\n`).join("");
  return `${printBill(found, texts.page.title(span))}\n${printPlan(planned.documents, days(span).until)}${problems}`;
}

describe("cases of the bill", () => {
  it.each(cases)("%s", async (name) => {
    const of = readCase(join(root, name), join(scratch, name));
    expect(of.problems.map(({ rule }) => rule).sort(), of.problems.join("\n")).toEqual(of.broken.toSorted());
    expect([of.rules.length > 0, of.figures.length > 0]).toEqual([true, true]);
    const messages = of.problems.map((problem) => `${problem.text("fr")}\n`).join("");
    const found = of.figures.map(({ question, answer: expected }) => {
      const got = question === "message" ? messages : answer(of, question);
      // `~` in front: a part of a sentence.
      const part = question === "message" ? expected : expected.startsWith("~") ? expected.slice(1) : undefined;
      return { question, answer: part !== undefined && got.includes(part) ? expected : got };
    });
    expect(found).toEqual(of.figures);
    const [file, outcome] = of.broken.length > 0 ? ["messages.txt", messages] : ["bill.txt", whole(of)];
    await expect(outcome).toMatchFileSnapshot(join(root, name, file));
  });

  it("are all there, once", () => {
    const ids = (letter: string, count: number): string[] =>
      Array.from({ length: count }, (_, index) => `${letter}${String(index + 1).padStart(2, "0")}`);
    expect(cases.map((name) => name.slice(0, 3))).toEqual([...ids("C", 69), ...ids("H", 52), ...ids("R", 35)]);
  });
});
