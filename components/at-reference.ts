import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { texts } from "../src/billing/texts.ts";
import { InputError } from "../src/cli/input-error.ts";

/**
 * Runs `work` on a folder as it was at a git reference: a temporary copy that is removed afterwards. The repository is
 * the one that holds the folder, wherever the command is run. InputError when there is none, or no such reference or folder.
 */
export function atReference<T>(folder: string, reference: string, work: (copy: string) => T): T {
  const copy = mkdtempSync(join(tmpdir(), "cassiopea-diff-"));
  /** Runs git beside its own index, so that the person's is left alone. */
  const git = (problem: string, where: string, ...args: string[]): string => {
    const env = { ...process.env, GIT_INDEX_FILE: join(copy, "index") };
    try {
      return execFileSync("git", ["-C", where, ...args], { env, encoding: "utf8", stdio: "pipe" }).trim();
    } catch (error) {
      throw new InputError([problem], { cause: error });
    }
  };
  try {
    const top = git(texts.git.noRepository(folder), folder, "rev-parse", "--show-toplevel");
    const name = `${reference}^{commit}`;
    const commit = git(texts.git.unknown(reference), top, "rev-parse", "-q", "--verify", "--end-of-options", name);
    const path = relative(realpathSync(top), realpathSync(folder));
    const missing = texts.git.noFolder(folder, reference);
    git(missing, top, "read-tree", path === "" ? commit : `${commit}:${path}`);
    const there = join(copy, basename(realpathSync(folder)));
    git(missing, top, "checkout-index", "--all", `--prefix=${there}/`);
    return work(there);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
