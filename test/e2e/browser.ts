import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { run } from "../../lab/run.ts";

/**
 * Debian's browser, without a window, that trusts these roots beside its own and finds all names at one address; the caller
 * closes it. Nothing else of how it judges a certificate is changed.
 */
export async function trustingBrowser(roots: readonly string[], address: string): Promise<Browser> {
  const home = mkdtempSync(join(tmpdir(), "cassiopea-browser-"));
  const database = join(home, ".pki", "nssdb");
  mkdirSync(database, { recursive: true });
  const certutil = (...args: string[]) => run("certutil", ["-d", `sql:${database}`, ...args]);
  await certutil("-N", "--empty-password");
  for (const [index, root] of roots.entries()) await certutil("-A", "-t", "C,,", "-n", `root ${index}`, "-i", root);
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [`--host-resolver-rules=MAP * ${address}`],
    env: { ...process.env, HOME: home },
  });
}
