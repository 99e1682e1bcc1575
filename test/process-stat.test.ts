import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseProcessStat } from "../src/process-stat.ts";

const rest = "4 4 0 -1 4194560 10 0 0 0 1 2 0 0 20 0 1 0 123456 1000000 321 18446744073709551615";

it("reads name, parent, start and pages, whatever the name holds", () => {
  expect(parseProcessStat(`42 (a) b (c)) S 7 ${rest}`)).toEqual({
    name: "a) b (c)",
    parent: 7,
    startTime: "123456",
    residentPages: 321,
  });
});

it("takes a zombie and a dead process for ended", () => {
  expect(parseProcessStat(`42 (pulumi) Z 1 ${rest}`)).toBeUndefined();
  expect(parseProcessStat(`42 (pulumi) X 1 ${rest}`)).toBeUndefined();
});

it("reads the kernel's own line of this process", () => {
  const stat = parseProcessStat(readFileSync("/proc/self/stat", "utf8"));
  expect(stat?.parent).toBe(process.ppid);
  expect(stat?.startTime).toMatch(/^\d+$/);
});
