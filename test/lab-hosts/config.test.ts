import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { aptCacheConfig } from "../../lab/apt.ts";
import { hostsZoneFile, ownZones } from "../../lab/dns/config.ts";
import { zoneFiles } from "../../lab/dns/knot.ts";
import { hostGroups } from "../../lab/hosts/cgroup.ts";
import { identityFiles, networkFile } from "../../lab/hosts/identity.ts";
import { baseRoot, imageKey } from "../../lab/hosts/image.ts";
import { bootCommand } from "../../lab/hosts/index.ts";
import { mounts } from "../../lab/hosts/mounts.ts";
import { hosts } from "../../lab/settings.ts";

const [web1, web2] = hosts;

describe("files that make a root a certain host", () => {
  it("give the static address on the bridge and nothing automatic", () => {
    expect(networkFile(web1)).toBe(
      "[Match]\nName=host0\n\n[Network]\nAddress=10.77.0.11/24\nGateway=10.77.0.1\nDNS=10.77.0.1\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n",
    );
  });

  it("name the host, also for itself, and the lab's DNS server", () => {
    const files = identityFiles(web2);
    expect(files["/etc/hostname"]).toBe("web2\n");
    expect(files["/etc/hosts"]).toContain("10.77.0.12 web2.cassiopea.test web2\n");
    expect(files["/etc/resolv.conf"]).toBe("nameserver 10.77.0.1\n");
  });
});

describe("booting", () => {
  it("gives each host a machine name, root and /srv of its own", () => {
    const [first, second] = [bootCommand(web1), bootCommand(web2)];
    for (const option of ["--machine=", "--directory=", "--bind=", "--hostname="]) {
      const [a, b] = [first, second].map((command) => command.filter((argument) => argument.startsWith(option)));
      expect(a).toHaveLength(1);
      expect(a).not.toEqual(b);
    }
  });

  it("takes the unified and systemd's own hierarchy, as systemd-nspawn does, and no other", () => {
    const table = mounts(
      "cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\ncgroup /sys/fs/cgroup/systemd cgroup rw,name=systemd 0 0\ncgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n",
    );
    expect(hostGroups("cas-web1", table)).toEqual([
      "/sys/fs/cgroup/systemd/cas-web1",
      "/sys/fs/cgroup/unified/cas-web1",
    ]);
    expect(hostGroups("x", mounts("cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n"))).toEqual(["/sys/fs/cgroup/x"]);
  });

  it("names the bare image by a key of its recipe", () => {
    expect(imageKey).toMatch(/^[0-9a-f]{12}$/);
    expect(baseRoot).toBe(`base-${imageKey}`);
  });
});

describe("the table of mounts", () => {
  it("is read with escaped characters", () => {
    expect(mounts("/dev/loop0 /a\\040b/c btrfs rw,noatime 0 0\n")).toEqual([
      { source: "/dev/loop0", target: "/a b/c", type: "btrfs", options: ["rw", "noatime"] },
    ]);
  });
});

describe("the apt cache's configuration", () => {
  const folders = { cache: "/c", logs: "/l" };

  it("listens on the bridge alone and passes only Debian's mirrors on", () => {
    const lines = aptCacheConfig(folders).split("\n");
    expect(lines).toEqual(expect.arrayContaining(["BindAddress: 10.77.0.1", "Port: 3142", "ForceManaged: 1"]));
    expect(lines.filter((line) => line.startsWith("Remap-"))).toEqual([
      "Remap-debian: http://deb.debian.org/debian ; http://deb.debian.org/debian",
      "Remap-security: http://deb.debian.org/debian-security http://security.debian.org/debian-security ; http://deb.debian.org/debian-security",
    ]);
    expect(lines.some((line) => line.startsWith("Proxy:"))).toBe(false);
  });

  it("uses the machine's own proxy where there is one", () => {
    expect(aptCacheConfig(folders, "http://proxy.example:3128").split("\n")).toContain(
      "Proxy: http://proxy.example:3128",
    );
  });
});

describe("the DNS server's files", () => {
  it("list each zone file of the folder and the lab's own zones", () => {
    const own = ["cassiopea.test", "ns.cloudflare.com"];
    const zones = mkdtempSync(join(tmpdir(), "cassiopea-zones-"));
    for (const name of ["b.test.zone", "a.test.zone", "a.test.zone.partial"]) writeFileSync(join(zones, name), "");
    expect(zoneFiles(zones).map(({ zone }) => zone)).toEqual([...own, "a.test", "b.test"]);
    expect(zoneFiles(join(zones, "missing")).map(({ zone }) => zone)).toEqual(own);
    writeFileSync(join(zones, "cassiopea.test.zone"), "");
    expect(zoneFiles(zones).filter(({ zone }) => zone === "cassiopea.test")).toEqual([
      { zone: "cassiopea.test", file: join(zones, "cassiopea.test.zone") },
    ]);
  });

  it("give the zone that names the hosts and the server itself, and lead the API's name servers to it", () => {
    expect(ownZones[1]?.text()).toContain("\n* A 10.77.0.1\n");
    const lines = hostsZoneFile().split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        "@ NS ns1",
        "ns1 A 10.77.0.1",
        "web1.cassiopea.test. A 10.77.0.11",
        "web2.cassiopea.test. A 10.77.0.12",
      ]),
    );
  });
});
