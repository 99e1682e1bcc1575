import type { MemberDocument } from "../src/document.ts";
import { candidateEnding, type DesiredFile, takeOut, writeAtomic } from "./files.ts";
import { phpWanted, socketStep } from "./member.ts";
import { hostPhp, paths } from "./paths.ts";
import type { Result } from "./result.ts";
import { run, tryRun } from "./shell.ts";
import { ensure } from "./steps.ts";
import { pending, readRegistry } from "./store.ts";

/** What is done for one member, as far as PHP is concerned. */
interface PhpWork {
  document: MemberDocument;
  /** All its rendered files, and those that were taken out. */
  all: readonly DesiredFile[];
  gone: readonly string[];
  result: Result;
}

/** Tests a pool as the member: as root, PHP-FPM would ask for a `user` that its service gives already. @throws Rejection */
export function testPool(pool: DesiredFile, uid: number): void {
  const candidate = `${pool.path}${candidateEnding}`;
  writeAtomic(candidate, pool.content, 0o640, 0, uid);
  try {
    run(`php-fpm${hostPhp}`, ["-t", "-y", candidate], { as: { uid, gid: uid } });
  } finally {
    takeOut([candidate]);
  }
}

/** Starts sockets by one call: each makes systemd read all its units again. What fails here fails again alone, with its words. */
export function startSockets(works: readonly PhpWork[]): void {
  const starting = works.filter(({ document }) => phpWanted(document) && socketStep(document).wrong());
  if (starting.length < 2) return;
  const sockets = starting.map(({ document }) => socketStep(document).what);
  if (tryRun("systemctl", ["enable", "--now", "--quiet", ...sockets]).code !== 0) return;
  for (const { document, result } of starting) result.changed.push(socketStep(document).what);
}

/** Has the member's PHP run by its files. A run that was killed may have swapped the pool in without its reload: the registry, written last, tells. */
export function startPhp(work: PhpWork): void {
  const service = `php-member@${work.document.member}.service`;
  const registry = readRegistry();
  const isPending = (folder: string) =>
    work.all.some((file) => file.path.startsWith(folder) && pending(file, registry));
  const units = "/etc/systemd/";
  if (work.gone.some((path) => path.startsWith(units)) || isPending(units)) run("systemctl", ["daemon-reload"]);
  if (phpWanted(work.document)) work.result.changed.push(...ensure([socketStep(work.document)]));
  if (!isPending(paths.fpm)) return;
  if (tryRun("systemctl", ["is-active", "--quiet", service]).code === 0) run("systemctl", ["reload", service]);
}
