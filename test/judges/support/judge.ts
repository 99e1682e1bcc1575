import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { judges } from "../../../lab/judges.ts";

const script = join(import.meta.dirname, "judge.py");

function judged(args: readonly string[], input: unknown): unknown {
  const { status, stdout, stderr } = spawnSync(judges.python, [script, ...args], {
    input: JSON.stringify(input),
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  if (status !== 0) throw new Error(`${script} ended with ${status}\n${stderr}`);
  return JSON.parse(stdout);
}

/** Ids of the rules of UBL 2.1, EN 16931 and Peppol that each document breaks. */
export function brokenRules(documents: readonly string[]): string[][] {
  return judged(["invoices", judges.rules], documents) as string[][];
}

/** Whether python-stdnum takes each number for right. */
export function validNumbers(given: { communications: string[]; enterprises: string[] }): {
  communications: boolean[];
  enterprises: boolean[];
} {
  return judged(["numbers"], given) as { communications: boolean[]; enterprises: boolean[] };
}
