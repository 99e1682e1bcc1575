import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { run, step } from "./run.ts";

/**
 * What is needed, by who needs it: a program or a file, and the Debian package that brings it.
 * A project of tests without the lab has a list under its own name.
 */
const packages = {
  lab: [
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
  ],
  unit: [["zstd", "zstd"]],
  browser: [
    ["chromium", "chromium"],
    ["pdftotext", "poppler-utils"],
    ["/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "fonts-dejavu-core"],
  ],
  e2e: [
    ["chromium", "chromium"],
    ["certutil", "libnss3-tools"],
  ],
  judges: [
    ["hledger", "hledger"],
    ["zbarimg", "zbar-tools"],
    ["pdftoppm", "poppler-utils"],
    ["/usr/lib/python3.11/ensurepip/__init__.py", "python3-venv"],
    ["mvn", "maven"],
    ["knotc", "knot"],
    ["flock", "util-linux"],
  ],
} satisfies Record<string, [needed: string, package_: string][]>;

export type Purpose = keyof typeof packages;

/** Where a package's programs may be, for a user whose PATH lacks the administrator's folders. */
const folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

const policy = "/usr/sbin/policy-rc.d";

/** Packages of a purpose whose program or file isn't on this machine. */
export function missingPackages(purpose: Purpose, present: (path: string) => boolean = existsSync): string[] {
  return packages[purpose]
    .filter(([needed]) => !(needed.startsWith("/") ? [needed] : folders.map((one) => `${one}/${needed}`)).some(present))
    .map(([, package_]) => package_);
}

/**
 * Installs the Debian packages that a purpose needs and this machine lacks; their services aren't started.
 * @throws when some are missing and this isn't Debian or the user isn't root; the message names them
 */
export async function ensureRequirements(purpose: Purpose): Promise<void> {
  const missing = missingPackages(purpose);
  if (missing.length === 0) return;
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  if (!/^ID(_LIKE)?=.*debian/m.test(release) || process.getuid?.() !== 0)
    throw new Error(`These Debian packages are needed, and only root on Debian gets them here: ${missing.join(", ")}.`);
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
