import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { labFolder } from "../settings.ts";

/**
 * Runs `work` while no other process is inside the lock of this name; waits for its turn.
 * The kernel holds the lock for a `flock` child that ends with its stdin, so a killed holder frees it.
 */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const folder = join(labFolder, "locks");
  mkdirSync(folder, { recursive: true });
  const holder = spawn("flock", [join(folder, name), "sh", "-c", "echo held; exec cat"], {
    stdio: ["pipe", "pipe", "inherit"],
    // Apart from the terminal's group, so that Ctrl-C doesn't free the lock before its holder has ended.
    detached: true,
  });
  const closed = new Promise<void>((resolve) => holder.once("close", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    holder.once("error", reject);
    holder.once("exit", (code) => reject(new Error(`the lock ${name} can't be taken: flock ended with ${code}`)));
    holder.stdout.once("data", () => resolve());
  });
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await closed;
  }
}
