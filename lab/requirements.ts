import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { run, step } from "./run.ts";

/** A program that the lab runs, and the Debian package that brings it. */
const programs: readonly (readonly [program: string, package_: string])[] = [
  ["systemd-nspawn", "systemd-container"],
  ["debootstrap", "debootstrap"],
  ["knotd", "knot"],
  ["apt-cacher-ng", "apt-cacher-ng"],
  ["mkfs.btrfs", "btrfs-progs"],
  ["ssh", "openssh-client"],
  ["dig", "bind9-dnsutils"],
  ["ip", "iproute2"],
  ["openssl", "openssl"],
  ["mount", "mount"],
  ["flock", "util-linux"],
];

/** Where a package's programs may be, for a user whose PATH lacks the administrator's folders. */
const folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

const policy = "/usr/sbin/policy-rc.d";

/** Packages whose program isn't on this machine. */
export function missingPackages(present: (path: string) => boolean = existsSync): string[] {
  return programs
    .filter(([program]) => !folders.some((folder) => present(`${folder}/${program}`)))
    .map(([, package_]) => package_);
}

/**
 * Installs the Debian packages that the lab needs and this machine lacks; their services aren't started.
 * @throws when this isn't Debian or the user isn't root
 */
export async function ensureRequirements(): Promise<void> {
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  if (!/^ID(_LIKE)?=.*debian/m.test(release)) throw new Error("The lab needs Debian (or a system derived from it).");
  if (process.getuid?.() !== 0)
    throw new Error("The lab boots servers, mounts and makes a network: it must be run as root.");
  const missing = missingPackages();
  if (missing.length === 0) return;
  await step(`installing ${missing.join(", ")}`, async () => {
    // Where none is there, a policy for the time of the installation: 101 = “don't start services” (invoke-rc.d(8)).
    const ours = !existsSync(policy);
    if (ours) writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
    try {
      const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
      await run("apt-get", ["-q", "update"], { env });
      await run("apt-get", ["-q", "install", "--yes", "--no-install-recommends", ...missing], { env });
    } finally {
      if (ours) rmSync(policy, { force: true });
    }
  });
}
