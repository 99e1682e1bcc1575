import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readArchive } from "../../components/runner/archive.ts";
import { writeExport } from "../support/export.ts";

const fresh = () => mkdtempSync(join(tmpdir(), "archive-"));

function archive(change: (folder: string) => void = () => undefined, options: readonly string[] = []): string {
  const folder = writeExport(fresh(), { "files.tar.zst": "tree", "asso42_site.sql.zst": "rows" });
  change(folder);
  const file = `${folder}.tar`;
  execFileSync("tar", ["--create", "--file", file, "--directory", dirname(folder), ...options, basename(folder)]);
  return file;
}

describe("an archive of a member", () => {
  it("is read without unpacking, with its checksum", async () => {
    const file = archive();
    const read = await readArchive(file);
    expect(read.sha256).toBe(createHash("sha256").update(readFileSync(file)).digest("hex"));
    expect(read.manifest.member).toBe("asso42");
  });

  it("that was cut, altered, or holds other parts is refused", async () => {
    const cut = archive();
    writeFileSync(cut, readFileSync(cut).subarray(0, 1024));
    await expect(readArchive(cut)).rejects.toThrow(/pas une archive lisible|pas de manifeste/);
    const altered = archive((folder) => writeFileSync(join(folder, "files.tar.zst"), "trex"));
    await expect(readArchive(altered)).rejects.toThrow("files.tar.zst n'a pas la taille ou la somme");
    const more = archive((folder) => writeFileSync(join(folder, "other"), ""));
    await expect(readArchive(more)).rejects.toThrow("ne sont pas ceux de son manifeste");
    const none = join(fresh(), "none.tar");
    writeFileSync(none, "not a tar");
    await expect(readArchive(none)).rejects.toThrow("pas une archive lisible");
    await expect(readArchive(join(fresh(), "absent.tar"))).rejects.toThrow("pas une archive lisible");
    const manifest = archive((folder) => writeFileSync(join(folder, "manifest.json"), "{"));
    await expect(readArchive(manifest)).rejects.toThrow("pas de manifeste lisible");
  });
});
