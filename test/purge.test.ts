import { describe, expect, it } from "vitest";
import { keptUntil, type PurgeState, purgeToken } from "../src/purge.ts";

const state: PurgeState = {
  member: "asso42",
  host: "web1",
  uid: 20042,
  until: "2026-12-31",
  export: { id: "asso42-web1-20261127t010203z", manifest: "a".repeat(64) },
  files: { path: "/srv/hosting/asso42", bytes: 1, count: 2, sha256: "b".repeat(64) },
  databases: [],
  accounts: [],
};

describe("a purge", () => {
  it("may come 90 days after a member left, or as its file says; never before it left", () => {
    expect(keptUntil({ status: { state: "left", on: "2026-10-02" } })).toBe("2026-12-31");
    expect(keptUntil({ status: { state: "left", on: "2026-01-01", retentionDays: 365 } })).toBe("2027-01-01");
    expect(keptUntil({ status: { state: "leaving", on: "2026-01-01" } })).toBeUndefined();
    expect(keptUntil({})).toBeUndefined();
  });

  it("is confirmed by a token that is good for exactly what was shown", () => {
    const token = purgeToken([state]);
    expect(token).toMatch(/^[0-9a-f]{16}$/);
    expect(purgeToken([structuredClone(state)])).toBe(token);
    const others: PurgeState[][] = [
      [],
      [state, state],
      [{ ...state, until: "2026-12-30" }],
      [{ ...state, files: { ...state.files, sha256: "c".repeat(64) } }],
      [{ ...state, export: { ...state.export, manifest: "c".repeat(64) } }],
      [{ ...state, accounts: ["'asso42'@'localhost'"] }],
    ];
    expect(new Set([token, ...others.map(purgeToken)]).size).toBe(others.length + 1);
  });
});
