import { Rejection } from "../result.ts";
import { run } from "../shell.ts";
import type { Counted, QuotaDriver } from "./driver.ts";

/** User quotas of ext4 and XFS (quota-tools): all files of the member's uid on the file system, counted in blocks of 1024 bytes. */
export function userQuota(mount: string): QuotaDriver {
  let listed: Map<number, Counted> | undefined;
  return {
    observe: () => (listed ??= reported(run("repquota", ["-u", "-n", "-O", "csv", mount]))),
    counts: () => true,
    count: () => undefined,
    // Files count for their owner wherever they lie.
    uncount: () => undefined,
    limit: (uid, bytes) => {
      run("setquota", limitArguments(uid, bytes, mount));
      listed = undefined;
    },
  };
}

/** Blocks that hold so many bytes: never less than what was bought. */
function blocks(bytes: number): number {
  return Math.ceil(bytes / 1024);
}

/** Arguments of setquota(8): a hard limit of blocks, none of files. 0 means no limit, so that nothing allowed is one block. */
export function limitArguments(uid: number, bytes: number | undefined, mount: string): string[] {
  return ["-u", String(uid), "0", String(bytes === undefined ? 0 : Math.max(1, blocks(bytes))), "0", "0", mount];
}

/** Whether a limit that was read stands for the declared bytes, which blocks can't say exactly. */
export function sameLimit(read: number | undefined, bytes: number | undefined): boolean {
  if (read === undefined || bytes === undefined) return read === bytes;
  return read === Math.max(1, blocks(bytes)) * 1024;
}

/** Figures by uid of `repquota -u -n -O csv`, whose names are then `#<uid>`. @throws Rejection when the columns are not known */
export function reported(csv: string): Map<number, Counted> {
  const [head = "", ...rows] = csv.split("\n").filter((line) => line.trim() !== "");
  const names = head.split(",");
  const [used, hard] = [names.indexOf("BlockUsed"), names.indexOf("BlockHardLimit")];
  if (used < 0 || hard < 0) throw new Rejection(`repquota : colonnes inconnues : ${head.slice(0, 200)}`);
  return new Map(
    rows.flatMap((row) => {
      const cells = row.split(",");
      const [, uid] = /^#(\d+)$/.exec(cells[0] ?? "") ?? [];
      const limit = Number(cells[hard]);
      if (uid === undefined) return [];
      return [[Number(uid), { used: Number(cells[used]) * 1024, limit: limit === 0 ? undefined : limit * 1024 }]];
    }),
  );
}
