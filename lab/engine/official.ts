import { createHash } from "node:crypto";
import { lookup } from "node:dns/promises";
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { run, step } from "../run.ts";
import { versions } from "../settings.ts";

const host = "get.pulumi.com";
const releases = `https://${host}/releases/sdk`;

/** Whether the host of Pulumi's downloads has an address here. */
export async function officialHostResolves(): Promise<boolean> {
  return lookup(host).then(
    () => true,
    () => false,
  );
}

/**
 * SHA-256 of a file in a list of checksums (`<hex>  <file>` a line).
 * @throws when the list doesn't hold it
 */
export function checksumOf(file: string, list: string): string {
  for (const line of list.split("\n")) {
    const [sum, name] = line.trim().split(/\s+\*?/);
    if (name === file && sum !== undefined) return sum.toLowerCase();
  }
  throw new Error(`${file} is not in its list of checksums`);
}

/**
 * Downloads Pulumi's own release, verifies its checksum and moves it into place when it is whole.
 * @param target folder that will hold the programs; it must not exist
 */
export async function downloadEngine(target: string): Promise<void> {
  const version = versions.pulumi;
  const file = `pulumi-v${version}-linux-${process.arch === "arm64" ? "arm64" : "x64"}.tar.gz`;
  // What a killed download left; the caller holds the engine's lock.
  rmSync(dirname(target), { recursive: true, force: true });
  mkdirSync(dirname(target), { recursive: true });
  const partial = mkdtempSync(join(dirname(target), "download-"));
  try {
    await step(`downloading ${file}`, async () => {
      const list = (await fetched(`${releases}/pulumi-${version}-checksums.txt`)).toString("utf8");
      const archive = await fetched(`${releases}/${file}`);
      const sum = createHash("sha256").update(archive).digest("hex");
      if (sum !== checksumOf(file, list)) throw new Error(`${file} has another checksum (${sum}) than published`);
      writeFileSync(join(partial, file), archive);
      await run("tar", ["--extract", "--gzip", "--file", file], { cwd: partial });
    });
    const programs = join(partial, basename(target));
    // Only what runs Node programs, so that a `pulumi` from here is the same in each case.
    for (const program of ["pulumi", "pulumi-language-nodejs"]) {
      cpSync(join(partial, "pulumi", program), join(programs, program));
    }
    renameSync(programs, target);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

async function fetched(url: string): Promise<Buffer> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(600_000) }).catch((error: Error) => {
    throw new Error(`${url} can't be fetched: ${error.cause instanceof Error ? error.cause.message : error.message}`);
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${answer.statusText}`);
  return Buffer.from(await answer.arrayBuffer());
}
