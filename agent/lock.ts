import { type ChildProcess, spawn } from "node:child_process";
import { EXIT, Rejection } from "./result.ts";

export const lockFile = "/run/hosting-agent.lock";

/**
 * Takes the host's lock, waiting at most `seconds`; gives the function that lets it go.
 * A child holds it as long as its stdin is open, so the kernel frees it however the agent ends.
 * @throws Rejection (locked) when the wait was in vain.
 */
export function takeLock(seconds: number, file = lockFile): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const held = spawn("flock", ["-w", String(seconds), file, "sh", "-c", "echo held; exec cat >/dev/null"], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    held.once("error", reject);
    held.once("exit", () => {
      reject(new Rejection(`un autre passage tient le verrou depuis plus de ${seconds} s`, EXIT.locked));
    });
    held.stdout.once("data", () => {
      resolve(() => letGo(held));
    });
  });
}

function letGo(held: ChildProcess): void {
  held.stdin?.end();
  held.unref();
}
