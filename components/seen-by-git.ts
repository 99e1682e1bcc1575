import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/**
 * Whether git would take what is put into a folder, which need not exist yet: it lies in a work tree and no rule
 * ignores it, or git holds something of it already. False where there is no repository.
 */
export function seenByGit(folder: string): boolean {
  const path = resolve(folder);
  let there = path;
  while (!existsSync(there)) there = dirname(there);
  const git = (...args: string[]): { status: number | null; stdout: string } =>
    spawnSync("git", ["-C", there, ...args], { encoding: "utf8" });
  if (git("rev-parse", "--is-inside-work-tree").stdout.trim() !== "true") return false;
  const ignored = git("check-ignore", "-q", "--", join(path, "issuer.json")).status === 0;
  return !ignored || git("ls-files", "--", path).stdout !== "";
}
