import { describe, expect, it } from "vitest";
import { countedIn, isAssigned } from "../../agent/quota/btrfs.ts";
import { limitArguments, reported, sameLimit } from "../../agent/quota/user.ts";

const group = (qgroupid: string, path: string, parents: string[], limit: number | "none" = "none") => ({
  qgroupid,
  referenced: 16_384,
  max_referenced: limit,
  path,
  parents,
});

describe("simple quotas of btrfs", () => {
  it("give what a member's group holds, and its limit, by uid", () => {
    const groups = [group("0/260", "hosting/asso42", ["1/20042"]), group("1/20042", "", [], 1_000_000_000)];
    expect(countedIn(groups)).toEqual(new Map([[20042, { used: 16_384, limit: 1_000_000_000 }]]));
    expect(countedIn([group("1/20043", "", [])]).get(20043)).toEqual({ used: 16_384, limit: undefined });
  });

  it("count a tree that is in its member's group, whatever a member names a subvolume inside", () => {
    const foreign = group("0/300", "hosting/asso43/sites/a.test/asso42", ["1/20042"]);
    expect(isAssigned([foreign, group("0/260", "hosting/asso42", [])], "asso42", 20042)).toBe(false);
    expect(isAssigned([foreign, group("0/260", "hosting/asso42", ["1/20042"])], "asso42", 20042)).toBe(true);
    expect(isAssigned([group("0/260", "hosting/asso42", ["1/20043"])], "asso42", 20042)).toBe(false);
    expect(isAssigned([], "asso42", 20042)).toBe(false);
  });
});

describe("user quotas", () => {
  it("are set by uid as a hard limit, in blocks that hold at least the bytes that were bought", () => {
    expect(limitArguments(20042, 1_000_000_000, "/srv")).toEqual(["-u", "20042", "0", "976563", "0", "0", "/srv"]);
    expect(limitArguments(20042, undefined, "/srv")).toEqual(["-u", "20042", "0", "0", "0", "0", "/srv"]);
    // 0 would mean no limit at all.
    expect(limitArguments(20042, 0, "/srv")[3]).toBe("1");
  });

  it("are read from the report by the names of its columns", () => {
    const report = `User,BlockStatus,FileStatus,BlockUsed,BlockSoftLimit,BlockHardLimit,BlockGrace,FileUsed,FileSoftLimit,FileHardLimit,FileGrace
#0,ok,ok,20,0,0,,2,0,0,
#20042,ok,ok,976000,0,976563,,12,0,0,
`;
    const read = reported(report);
    expect(read.get(20042)).toEqual({ used: 999_424_000, limit: 1_000_000_512 });
    expect(read.get(0)).toEqual({ used: 20_480, limit: undefined });
    expect(sameLimit(read.get(20042)?.limit, 1_000_000_000)).toBe(true);
    expect(sameLimit(read.get(20042)?.limit, 2_000_000_000)).toBe(false);
    expect(sameLimit(undefined, undefined)).toBe(true);
    expect(sameLimit(undefined, 0)).toBe(false);
    expect(sameLimit(1024, 0)).toBe(true);
  });

  it("are not guessed from a report of another form", () => {
    expect(() => reported("*** Report for user quotas on device /dev/vda\n")).toThrow("colonnes inconnues");
  });
});
