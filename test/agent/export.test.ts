import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exportFolder } from "../../agent/export/export.ts";
import { treeStream } from "../../agent/export/sources.ts";
import { changedBetween, listing } from "../../agent/export/still.ts";
import { readAll, unpackInto } from "../../agent/export/stream.ts";
import { verifiedExport } from "../../agent/export/verify.ts";
import { writeExport } from "../support/export.ts";

const fresh = () => mkdtempSync(join(tmpdir(), "export-"));
const sha = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");

describe("a stream", () => {
  it("is read to its end, compressed, and gives the same back", async () => {
    const file = join(fresh(), "part.zst");
    const text = "ligne\n".repeat(100_000);
    const { content, packed } = await readAll(["sh", ["-c", "yes ligne | head -n 100000"]], file);
    expect(content).toEqual({ bytes: text.length, sha256: sha(text) });
    expect(packed).toEqual({ bytes: readFileSync(file).length, sha256: sha(readFileSync(file)) });
    expect(execFileSync("zstd", ["-dc", file]).toString()).toBe(text);
    const back = join(fresh(), "back");
    await unpackInto(file, ["sh", ["-c", 'cat > "$1"', "sh", back]]);
    expect(readFileSync(back, "utf8")).toBe(text);
  });

  it("whose program fails, or whose disk is full, is refused in words", async () => {
    const file = join(fresh(), "part.zst");
    await expect(readAll(["sh", ["-c", "echo half; echo broken >&2; exit 3"]], file)).rejects.toMatchObject({
      code: 4,
      message: "sh : code 3 : broken",
    });
    await expect(readAll(["no-such-program", []])).rejects.toThrow("ENOENT");
    // A file that is there already is never written over.
    await expect(readAll(["echo", ["x"]], file)).rejects.toThrow("EEXIST");
    await expect(unpackInto(file, ["false", []])).rejects.toThrow("false : code 1");
    writeFileSync(file, "no zstd");
    await expect(unpackInto(file, ["cat", []])).rejects.toThrow("zstd");
  });

  it("of equal trees is equal, and differs with a byte, a mode or a link", async () => {
    const make = (script: string) => {
      const tree = fresh();
      execFileSync("sh", [
        "-c",
        `cd ${tree}; printf a > a; printf b > "$(printf 'new\\nline')"; ln -s /etc/shadow out; mkdir d; ${script}; find . -exec touch -h -d 2026-01-01 {} +`,
      ]);
      return tree;
    };
    const read = async (script: string) => (await readAll(treeStream(make(script)))).content.sha256;
    const plain = await read("true");
    expect(await read("true")).toBe(plain);
    const others = [await read("printf c > a"), await read("chmod 600 a"), await read("ln -sf /etc/passwd out")];
    expect(new Set([plain, ...others]).size).toBe(4);
  });
});

describe("two listings of a tree", () => {
  it("name what was written, made or taken away between them, whatever its name; passing folders apart", async () => {
    const tree = fresh();
    execFileSync("sh", ["-c", `cd ${tree}; mkdir tmp sites; echo a > sites/a; echo b > sites/b; echo t > tmp/t`]);
    const before = await listing(tree);
    expect(changedBetween(before, await listing(tree))).toEqual([]);
    execFileSync("sh", ["-c", `cd ${tree}; echo more >> tmp/t; echo x > tmp/x`]);
    expect(changedBetween(before, await listing(tree))).toEqual([]);
    execFileSync("sh", ["-c", `cd ${tree}; echo c > sites/a; rm sites/b; echo n > "$(printf 'sites/new\\nline')"`]);
    expect(changedBetween(before, await listing(tree))).toEqual(["sites", "sites/a", "sites/b", "sites/new\nline"]);
  });
});

describe("an export's folder", () => {
  it("is named by member, host and time only", () => {
    expect(exportFolder("asso42", "asso42-web1-20261127t010203z")).toBe(
      "/srv/hosting/.export/asso42/asso42-web1-20261127t010203z",
    );
    for (const [member, id] of [
      ["../etc", "asso42-web1-20261127t010203z"],
      ["asso42", "asso43-web1-20261127t010203z"],
      ["asso42", "../asso42-web1-20261127t010203z"],
      ["asso42", ""],
    ] as const)
      expect(() => exportFolder(member, id)).toThrow(/n'est pas/);
  });

  it("is verified to the byte", async () => {
    const folder = writeExport(fresh(), { "files.tar.zst": "tree", "asso42_site.sql.zst": "rows" });
    expect((await verifiedExport(folder)).parts.map(({ name }) => name)).toEqual([
      "files.tar.zst",
      "asso42_site.sql.zst",
    ]);
    writeFileSync(join(folder, "files.tar.zst"), "trex");
    await expect(verifiedExport(folder)).rejects.toThrow("somme de contrôle");
    appendFileSync(join(folder, "files.tar.zst"), "more");
    await expect(verifiedExport(folder)).rejects.toThrow("8 octets, 4 attendus");
  });

  it("is refused with a part missing, one too many, a link in a part's place, or no manifest", async () => {
    const parts = { "files.tar.zst": "tree" };
    const extra = writeExport(fresh(), parts);
    writeFileSync(join(extra, "other"), "");
    await expect(verifiedExport(extra)).rejects.toThrow('"other"');
    const linked = writeExport(fresh(), parts);
    const part = join(linked, "files.tar.zst");
    renameSync(part, `${linked}.moved`);
    await expect(verifiedExport(linked)).rejects.toThrow('"files.tar.zst"');
    symlinkSync(`${linked}.moved`, part);
    await expect(verifiedExport(linked)).rejects.toThrow("n'est pas un fichier");
    const without = fresh();
    await expect(verifiedExport(without)).rejects.toThrow("manifest.json manque");
    writeFileSync(join(without, "manifest.json"), '{"schema":2}');
    await expect(verifiedExport(without)).rejects.toThrow("manifest.json : schema");
    expect(existsSync(join(without, "manifest.json"))).toBe(true);
  });
});
