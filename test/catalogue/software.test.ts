import { describe, expect, it } from "vitest";
import { compareVersions, knownSoftware, newerReleases, software } from "../../src/catalogue/software.ts";

describe("versions of software", () => {
  it("are in order of their numbers, not of their letters", () => {
    expect(["4.4.9", "4.4.30", "4.10", "4.4", "4.4.3"].sort(compareVersions)).toEqual([
      "4.4",
      "4.4.3",
      "4.4.9",
      "4.4.30",
      "4.10",
    ]);
    expect(compareVersions("4.4", "4.4.0")).toBe(0);
  });

  it("that came out since are listed from the next one on; of an unknown one, the greater ones", () => {
    const versions = (version: string) => newerReleases("spip", version).map((release) => release.version);
    expect(versions("4.4.23")).toEqual(["4.4.28", "4.4.30"]);
    expect(versions("4.4.30")).toEqual([]);
    expect(versions("4.4.22")).toEqual(["4.4.23", "4.4.28", "4.4.30"]);
    expect(newerReleases("galette", "1.0")).toEqual([]);
  });

  it.each(Object.keys(software))(
    "of %s are listed with days, the newest first, where a driver installs them",
    (name) => {
      const { way, releases } = knownSoftware(name) ?? { way: "people", releases: [] };
      const [versions, days] = [releases.map(({ version }) => version), releases.map(({ on }) => on)];
      expect(versions).toEqual(versions.toSorted(compareVersions).toReversed());
      expect(days).toEqual(days.toSorted().toReversed());
      expect(releases.length > 0).toBe(way === "debian");
    },
  );
});
