import { appendFileSync, mkdtempSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { countFiles, countLines, type Traffic } from "../../agent/traffic.ts";

const none: Traffic = { months: {}, read: {}, unreadable: 0 };
const seconds = (time: string) => Date.parse(time) / 1000;
const said = (time: string, bytes: number) => `${seconds(time)}.123 200 512 ${bytes}\n`;
const november = "2026-11-26T12:00:00Z";

describe("lines of the traffic log", () => {
  it("count in the month where the association is, summer time included", () => {
    const counted = { months: {}, unreadable: 0 };
    countLines(said("2026-10-31T22:59:59Z", 1) + said("2026-10-31T23:00:00Z", 20), counted);
    countLines(said("2026-03-31T21:59:59Z", 300) + said("2026-03-31T22:00:00Z", 4000), counted);
    expect(counted).toEqual({
      months: { "2026-10": 1, "2026-11": 20, "2026-03": 300, "2026-04": 4000 },
      unreadable: 0,
    });
  });

  it("that are torn or foreign are told, and count nothing", () => {
    const counted = { months: {}, unreadable: 0 };
    countLines(`\0\0\0\n1795713543.1 200 5\n${said(november, 7)}1795713543.123 200 512 -\n`, counted);
    expect(counted).toEqual({ months: { "2026-11": 7 }, unreadable: 3 });
  });
});

describe("log files", () => {
  const folder = mkdtempSync(join(tmpdir(), "cassiopea-traffic-"));
  const log = join(folder, "traffic.log");
  const files = [`${log}.1`, log];
  const bytes = ({ months }: Traffic) => months["2026-11"];

  it("are counted from where counting ended, whole lines only, also under a new name", () => {
    expect(countFiles(files, none)).toEqual(none);
    writeFileSync(log, said(november, 100) + said(november, 20).slice(0, 9));
    const first = countFiles(files, none);
    expect(bytes(first)).toBe(100);
    expect(countFiles(files, first)).toEqual(first);
    appendFileSync(log, said(november, 20).slice(9));
    const second = countFiles(files, first);
    expect(bytes(second)).toBe(120);
    renameSync(log, `${log}.1`);
    // An old worker of nginx writes to what it has open, a new one to the new file.
    appendFileSync(`${log}.1`, said(november, 3));
    writeFileSync(log, said(november, 4000));
    const third = countFiles(files, second);
    expect(bytes(third)).toBe(4123);
    expect(countFiles(files, third)).toEqual(third);
    expect(Object.keys(third.read)).toHaveLength(2);
    renameSync(log, `${log}.1`);
    expect(countFiles(files, third)).toMatchObject({ months: { "2026-11": 4123 } });
    expect(Object.keys(countFiles(files, third).read)).toHaveLength(1);
  });

  it("give the same when counting is tried again from what was stored", () => {
    const stored = countFiles(files, none);
    appendFileSync(log, said(november, 50));
    // What was counted and not stored is counted again, and no more than once.
    expect(countFiles(files, stored)).toEqual(countFiles(files, stored));
  });

  it("are read to their end when larger than what is read at once", () => {
    const large = join(folder, "large.log");
    writeFileSync(large, said(november, 10).repeat(120_000));
    expect(bytes(countFiles([large], none))).toBe(1_200_000);
  });
});
