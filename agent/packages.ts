import { run } from "./shell.ts";

/** Installs Debian packages as they are now in its archive, and nothing that they only recommend. Settings that were changed here stay. */
export function installPackages(names: readonly string[]): void {
  const options = ["-q", "-y", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Options::=--force-confold"];
  run("apt-get", [...options, "update"]);
  run("apt-get", [...options, "install", "--no-install-recommends", ...names]);
}
