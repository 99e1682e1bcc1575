import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { ExportManifest, MANIFEST } from "../../src/export.ts";
import { Refusal } from "./session.ts";
import { texts } from "./texts.ts";

/** An archive of a member whose every part was compared with its manifest. */
export interface Archive {
  file: string;
  /** SHA-256 (hex) of the archive itself, as sha256sum(1) gives it. */
  sha256: string;
  manifest: ExportManifest;
}

const words = texts.archive;

/** Reads a member's archive and checks all of it; nothing is unpacked. @throws Refusal: no archive, incomplete or altered */
export async function readArchive(file: string): Promise<Archive> {
  const names = (await tar(["--list", "--file", file], file)).bytes.toString().split("\n").filter(Boolean);
  const inside = names.find((name) => name.endsWith(`/${MANIFEST}`));
  if (inside === undefined) throw new Refusal(words.noManifest(file));
  const parsed = ExportManifest.safeParse(json((await extracted(file, inside)).bytes.toString()));
  if (!parsed.success) throw new Refusal(words.noManifest(file));
  const manifest = parsed.data;
  const wanted = [MANIFEST, ...manifest.parts.map(({ name }) => name)].map((name) => `${manifest.id}/${name}`);
  const found = names.filter((name) => !name.endsWith("/")).sort();
  if (found.join("\n") !== wanted.toSorted().join("\n")) throw new Refusal(words.otherParts(file));
  for (const { name, bytes, sha256 } of manifest.parts) {
    const read = await extracted(file, `${manifest.id}/${name}`, false);
    if (read.size !== bytes || read.sha256 !== sha256) throw new Refusal(words.altered(file, name));
  }
  return { file, sha256: await checksum(file), manifest };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function checksum(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

async function extracted(file: string, name: string, kept = true): Promise<Extracted> {
  return tar(["--extract", "--to-stdout", "--file", file, name], file, kept);
}

interface Extracted {
  bytes: Buffer;
  size: number;
  sha256: string;
}

/** What tar(1) prints; `bytes` only when they are kept: a part may be larger than the memory. */
async function tar(args: readonly string[], file: string, kept = true): Promise<Extracted> {
  const child = spawn("tar", args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, LC_ALL: "C" } });
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = `${stderr}${text}`.slice(-2000);
  });
  const hash = createHash("sha256");
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
    if (kept && size <= 64_000_000) chunks.push(chunk);
  }
  if ((await ended) !== 0) throw new Refusal(words.unreadable(basename(file), stderr.trim().split("\n").at(-1) ?? ""));
  return { bytes: Buffer.concat(chunks), size, sha256: hash.digest("hex") };
}
