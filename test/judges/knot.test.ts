import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { hostsZoneFile, knotConfig } from "../../lab/dns/config.ts";

it("Knot's own check accepts the lab's zones, odd file names too", () => {
  const folder = mkdtempSync(join(tmpdir(), "cassiopea-knot-"));
  try {
    const zone = join(folder, 'a "zone".zone');
    writeFileSync(zone, hostsZoneFile());
    const configuration = join(folder, "knot.conf");
    writeFileSync(configuration, knotConfig(folder, [{ zone: "cassiopea.test", file: zone }]));
    const checked = execFileSync("/usr/sbin/knotc", ["-c", configuration, "conf-check"], { encoding: "utf8" });
    expect(checked).toContain("Configuration is valid");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
