import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/**
 * Preloaded: kills this process just before its n-th change of the disk (`KILL_AT`), in the middle of a write when it is
 * one. With `KILL_BY=ENOSPC` the disk is full from there on instead: what needs room fails, what frees some does not.
 */
let left = Number(process.env["KILL_AT"]);
/** End of the name of the script whose process alone is meant, when a launcher starts it with the same preloads. */
const only = process.env["KILL_ONLY"] ?? "";
const full = process.env["KILL_BY"] === "ENOSPC";
const needsRoom = new Set(["mkdirSync", "linkSync", "fsyncSync"]);
const meant = process.argv[1]?.endsWith(only) === true;

function dieInTime(): boolean {
  if (!meant) return false;
  left -= 1;
  return full ? left <= 0 : left === 0;
}

const die = (): void => {
  if (full) throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
  process.kill(process.pid, "SIGKILL");
};

const changes = ["mkdirSync", "linkSync", "renameSync", "rmSync", "fsyncSync", "ftruncateSync"] as const;
for (const name of changes) {
  const real = fs[name] as (...args: unknown[]) => unknown;
  Object.assign(fs, {
    [name]: (...args: unknown[]): unknown => {
      if ((!full || needsRoom.has(name)) && dieInTime()) die();
      return real(...args);
    },
  });
}
const write = fs.writeSync;
Object.assign(fs, {
  writeSync: (handle: number, bytes: Uint8Array, offset: number): number => {
    if (dieInTime()) {
      write(handle, bytes, offset, Math.floor((bytes.length - offset) / 2));
      die();
    }
    return write(handle, bytes, offset);
  },
});
syncBuiltinESMExports();
