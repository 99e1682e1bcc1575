import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { missingPackages } from "../../lab/requirements.ts";
import { readCounts } from "../../lab/test-counts.ts";

function report(passed: number, failed: number, files: [string, string[]][]): string {
  const folder = mkdtempSync(join(tmpdir(), "cassiopea-counts-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "report.json");
  const testResults = files.map(([status, tests]) => ({
    status,
    assertionResults: tests.map((test) => ({ status: test })),
  }));
  writeFileSync(file, JSON.stringify({ numPassedTests: passed, numFailedTests: failed, testResults }));
  return file;
}

describe("the counts of a test run", () => {
  it("are those of the report", () => {
    const file = report(3, 1, [
      ["passed", ["passed", "passed"]],
      ["failed", ["passed", "failed"]],
    ]);
    expect(readCounts(file, 1)).toEqual({ passed: 3, failed: 1 });
  });

  it("count a file that could not be loaded", () => {
    const file = report(2, 0, [
      ["passed", ["passed", "passed"]],
      ["failed", []],
    ]);
    expect(readCounts(file, 1)).toEqual({ passed: 2, failed: 1 });
  });

  it("count a failed run that names no failed test, or leaves no report", () => {
    expect(readCounts(report(2, 0, [["passed", ["passed", "passed"]]]), 1)).toEqual({ passed: 2, failed: 1 });
    expect(readCounts("/nowhere/report.json", 0)).toEqual({ passed: 0, failed: 1 });
  });
});

describe("the packages of the machine", () => {
  it("are asked for by the programs that are missing", () => {
    expect(missingPackages("lab", () => true)).toEqual([]);
    expect(missingPackages("lab", (path) => !path.endsWith("/knotd"))).toEqual(["knot"]);
    expect(missingPackages("lab", () => false)).toContain("systemd-container");
    expect(missingPackages("browser", (path) => !path.endsWith("/DejaVuSans.ttf"))).toEqual(["fonts-dejavu-core"]);
  });
});
