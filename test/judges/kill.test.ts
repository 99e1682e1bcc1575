import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readRegister } from "../../src/billing/register.ts";
import { verifyStored } from "../../src/cli/bill-verify.ts";
import { generateMembers } from "../support/generate.ts";

const project = join(import.meta.dirname, "..", "..");
const command = join(project, "node_modules", ".bin", "cassiopea");
const killer = join(import.meta.dirname, "..", "billing", "support", "kill-at.ts");
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cassiopea-kill-"));
  mkdirSync(join(folder, "start", "private", "parties"), { recursive: true });
  generateMembers(1, join(folder, "members"));
  const address = { street: "Rue 1", postcode: "1000", city: "Bruxelles", country: "BE" };
  const issuer = { name: "Cassiopea", ...address, legalForm: "ASBL", court: "Bruxelles", iban: "BE68 5390 0754 7034" };
  const own = join(folder, "start", "private");
  writeFileSync(join(own, "issuer.json"), JSON.stringify({ ...issuer, mentions: {}, paymentDays: 30 }));
  writeFileSync(join(own, "parties", "m00001.json"), JSON.stringify({ name: "m00001", ...address }));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command as people do; with `at` its process is killed just before its n-th change of the disk. */
function bill(of: string, name: string, at?: number): { killed: boolean; code: number | null; out: string } {
  const args = ["bill", name, "--register", join(of, "register.jsonl"), "--private", join(of, "private")];
  const preload = { NODE_OPTIONS: `--import=${killer}`, KILL_AT: String(at), KILL_ONLY: "cli.ts" };
  const run = spawnSync(command, [...args, "--members", join(folder, "members")], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, ...(at === undefined ? {} : preload) },
  });
  return { killed: run.signal === "SIGKILL", code: run.status, out: run.stdout + run.stderr };
}

it("a killed issue leaves no number or a whole document, and the next one issues the rest once (B58)", () => {
  const reached = new Set<number>();
  let at = 1;
  for (; ; at += 1) {
    const of = join(folder, `run-${at}`);
    cpSync(join(folder, "start"), of, { recursive: true });
    const killed = bill(of, "issue", at);
    if (!killed.killed) break;
    const register = join(of, "register.jsonl");
    const text = existsSync(register) ? readFileSync(register, "utf8") : "";
    reached.add(readRegister(text).records.length);
    expect(bill(of, "issue")).toMatchObject({ code: 0 });
    const { ledgers, problems } = verifyStored(register, join(of, "private", "documents"));
    expect(problems).toEqual([]);
    const records = ledgers?.records ?? [];
    expect(records.map(({ number }) => number.replace(/\d{4}-/, "-"))).toEqual(["F-00001", "COT-00001"]);
    const keys = records.flatMap(({ lines }) => lines.map(({ key }) => key));
    expect(new Set(keys).size).toBe(keys.length);
    rmSync(of, { recursive: true });
  }
  expect(at).toBeGreaterThan(40);
  expect(reached).toEqual(new Set([0, 1, 2]));
  const whole = join(folder, `run-${at}`);
  expect(bill(whole, "issue")).toMatchObject({ code: 0, out: "Rien à émettre.\n" });
  expect(bill(whole, "verify")).toMatchObject({ code: 0 });
});
