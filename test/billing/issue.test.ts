import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readRegister } from "../../src/billing/register.ts";
import { Ledgers } from "../../src/cli/bill-files.ts";
import { issueUpTo } from "./support/issue-one.ts";

let folder: string;
let register: string;
let documents: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "issue-"));
  register = join(folder, "register.jsonl");
  documents = join(folder, "private", "documents");
});
afterEach(() => rmSync(folder, { recursive: true }));

const support = join(import.meta.dirname, "support");

/** Issues in a process of its own that is killed at its n-th change of the disk, or finds it full; whether that came. */
function killedAt(change: number, by = "SIGKILL"): boolean {
  const args = ["--import", join(support, "kill-at.ts"), join(support, "issue-one.ts"), register, documents];
  const { signal, status, stderr } = spawnSync(process.execPath, args, {
    env: { ...process.env, KILL_AT: String(change), KILL_BY: by },
    encoding: "utf8",
  });
  if (by === "ENOSPC" && status !== 0 && stderr.includes(by)) return true;
  if (signal === null && status !== 0) throw new Error(stderr);
  return signal === "SIGKILL";
}

describe("issue", () => {
  it("leaves no number or a whole document, killed at any change of the disk (B58)", () => {
    const reached = new Set<number>();
    let change = 1;
    for (; killedAt(change); change += 1) {
      const ledgers = Ledgers.open(register, documents);
      reached.add(ledgers.records.length);
      expect(ledgers.verifyFiles()).toEqual([]);
      ledgers.close();
      issueUpTo(2, register, documents);
      const { records } = readRegister(readFileSync(register, "utf8"));
      expect(records.map(({ number }) => number)).toEqual(["F2026-00001", "F2026-00002"]);
      expect(Ledgers.read(register, documents).verifyFiles()).toEqual([]);
      rmSync(documents, { recursive: true });
      rmSync(register);
      // A killed run may leave its own half of a lock behind, nothing else.
      const others = readdirSync(folder).filter((name) => !name.startsWith("register.jsonl.lock."));
      expect(others).toEqual(["private"]);
    }
    expect(change).toBeGreaterThan(15);
    expect(reached).toEqual(new Set([0, 1]));
  }, 180_000);

  it("leaves no half of anything on a disk that gets full at any change (B58)", () => {
    let change = 1;
    for (; killedAt(change, "ENOSPC"); change += 1) {
      const ledgers = Ledgers.read(register, documents);
      expect([change, ledgers.incomplete(), ledgers.behind()]).toEqual([change, [], []]);
      const left = existsSync(documents) ? readdirSync(documents) : [];
      // Nothing, or the whole document with the intention by which the next run gives its number.
      expect([[], [".issuing", "F2026-00001"]]).toContainEqual(left);
      issueUpTo(2, register, documents);
      expect(Ledgers.read(register, documents).records.map(({ number }) => number)).toEqual([
        "F2026-00001",
        "F2026-00002",
      ]);
      expect(Ledgers.read(register, documents).verifyFiles()).toEqual([]);
      expect(readdirSync(folder).toSorted()).toEqual(["private", "register.jsonl"]);
      rmSync(documents, { recursive: true });
      rmSync(register);
    }
    expect(change).toBeGreaterThan(10);
  }, 180_000);

  it("lets one run issue at a time", () => {
    const first = Ledgers.open(register, documents);
    expect(() => Ledgers.open(register, documents)).toThrow(String(process.pid));
    first.close();
    expect(Ledgers.open(register, documents).close()).toBeUndefined();
  });

  it("refuses when the documents know more than the register, and removes nothing", () => {
    issueUpTo(2, register, documents);
    const [first = ""] = readFileSync(register, "utf8").split("\n");
    writeFileSync(register, `${first}\n`);
    expect(() => issueUpTo(2, register, documents)).toThrow("F2026-00002");
    expect(readFileSync(join(documents, "F2026-00002", "F2026-00002.json"), "utf8")).toContain("F2026-00002");
  });

  it("names the document whose file was changed or removed", () => {
    issueUpTo(2, register, documents);
    appendFileSync(join(documents, "F2026-00001", "F2026-00001.html"), " ");
    rmSync(join(documents, "F2026-00002", "F2026-00002.json"));
    const found = Ledgers.read(register, documents).verifyFiles();
    expect(found).toHaveLength(2);
    expect(found[0]).toMatch(/F2026-00001.*modifié/);
    expect(found[1]).toMatch(/F2026-00002.*manque/);
  });
});

describe("register", () => {
  it("refuses a removed record", () => {
    issueUpTo(2, register, documents);
    const [, second = ""] = readFileSync(register, "utf8").split("\n");
    expect(() => readRegister(`${second}\n`)).toThrow("F2026-00002");
  });
});
