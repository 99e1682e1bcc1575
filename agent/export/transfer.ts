import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { canonical } from "../../src/document.ts";
import { takeLock } from "../lock.ts";
import { paths } from "../paths.ts";
import { EXIT, emptyResult, Rejection, type Result } from "../result.ts";
import { environment } from "../shell.ts";
import { emptyPartial, exportFolder } from "./export.ts";
import { stdinInto } from "./stream.ts";
import { verifiedExport } from "./verify.ts";

/** Writes an export to stdout as one archive: equal exports give equal bytes. Gives the exit code. */
export function sendExport(member: string, id: string): number {
  if (!existsSync(exportFolder(member, id))) throw new Rejection(texts.none(id));
  const args = ["--create", "--format=ustar", "--sort=name", "--owner=root", "--group=root", "--numeric-owner"];
  const done = spawnSync("tar", [...args, `--directory=${paths.exports}/${member}`, id], {
    env: environment,
    stdio: ["ignore", "inherit", "inherit"],
  });
  return done.status === 0 ? EXIT.ok : EXIT.rejected;
}

/** Takes such an archive from stdin; it stands beside the member's other exports once all its checksums are right. */
export async function receiveExport(member: string, id: string): Promise<Result> {
  const folder = exportFolder(member, id);
  const letGo = await takeLock(10, paths.exportLock);
  try {
    const partial = emptyPartial(member);
    try {
      // Only what lies directly in the export's folder, and never through a link that the archive itself brings.
      const only = ["--wildcards", "--no-wildcards-match-slash", `${id}/*`];
      await stdinInto([
        "tar",
        ["--extract", "--no-same-owner", "--strip-components=1", "--keep-old-files", `--directory=${partial}`, ...only],
      ]);
      if (readdirSync(partial).length === 0) throw new Rejection(texts.none(id));
      const manifest = await verifiedExport(partial);
      if (manifest.id !== id || manifest.member !== member) throw new Rejection(texts.other(manifest.id, id));
      if (existsSync(folder)) {
        if (canonical(await verifiedExport(folder)) !== canonical(manifest)) throw new Rejection(texts.differs(folder));
        emptyPartial(member);
        return emptyResult("receive");
      }
      mkdirSync(`${paths.exports}/${member}`, { recursive: true, mode: 0o700 });
      renameSync(partial, folder);
      return { ...emptyResult("receive"), changed: [folder] };
    } catch (error) {
      if (existsSync(partial)) emptyPartial(member);
      throw error;
    }
  } finally {
    letGo();
  }
}

const texts = {
  none: (id: string) => `cet hôte n'a pas d'archive ${id}`,
  differs: (folder: string) => `${folder} existe déjà avec un autre contenu : rien n'est écrasé`,
  other: (found: string, wanted: string) => `l'archive reçue est ${found}, ${wanted} était attendue`,
};
