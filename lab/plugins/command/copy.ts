import { readdir, readFile, stat } from "node:fs/promises";
import { posix } from "node:path";
import type { SFTPWrapper, Stats } from "ssh2";
import { archiveSignature, assetSignature, type Engine, isObject, type Properties, signatureKey } from "../protocol.ts";
import { type Connection, dial } from "./dial.ts";

/** The status codes of SFTP that Go's client turns into errors of its standard library. */
function sftpText(error: unknown): string {
  const { code, message } = error as { code?: number; message: string };
  if (code === 2) return "file does not exist";
  if (code === 3) return "permission denied";
  return code === 4 ? 'sftp: "Failure" (SSH_FX_FAILURE)' : message;
}

/** An asset or archive as the official plugin hands it back: all of its fields, empty ones too. */
export function completeSource(source: unknown): unknown {
  if (!isObject(source)) return source;
  if (source[signatureKey] === assetSignature) return { path: "", text: "", uri: "", ...source };
  if (source[signatureKey] === archiveSignature) return { path: "", uri: "", ...source };
  return source;
}

/** Why a source can't be copied, for `Check`. */
export function sourceFailures(source: unknown): { property: string; reason: string }[] {
  if (!isObject(source)) return [];
  const given = (key: string) => typeof source[key] === "string" && source[key] !== "";
  if (source[signatureKey] === assetSignature && !given("path") && !given("text")) {
    return [{ property: "asset", reason: "asset must be a path-based file asset or a text asset" }];
  }
  if (source[signatureKey] === archiveSignature && !given("path")) {
    return [{ property: "archive", reason: "archive must be a path to a file or directory" }];
  }
  return [];
}

/** The few calls of SFTP that a copy needs, as promises. */
function remote(sftp: SFTPWrapper) {
  const call = <T>(start: (done: (error: Error | null | undefined, value?: T) => void) => void) =>
    new Promise<T>((done, fail) => start((error, value) => (error ? fail(error) : done(value as T))));
  return {
    /** undefined when nothing is there */
    async stat(path: string): Promise<Stats | undefined> {
      try {
        return await call<Stats>((done) => sftp.stat(path, done));
      } catch (error) {
        if ((error as { code?: number }).code === 2) return undefined;
        throw new Error(`failed to stat remote path ${path}: ${sftpText(error)}`, { cause: error });
      }
    },
    async makeFolder(path: string): Promise<void> {
      try {
        await call<void>((done) => sftp.mkdir(path, done));
      } catch (error) {
        throw new Error(`failed to create remote directory ${path}: ${sftpText(error)}`, { cause: error });
      }
    },
    /** Writes in place: an existing file keeps its mode and owner, and is empty for a moment. */
    async write(path: string, content: Buffer, failure: string): Promise<void> {
      let handle: Buffer;
      try {
        handle = await call<Buffer>((done) => sftp.open(path, "w", done));
      } catch (error) {
        throw new Error(`failed to create remote file ${path}: ${sftpText(error)}`, { cause: error });
      }
      try {
        const size = 32_768;
        for (let start = 0; start < content.length; start += size) {
          await call<void>((done) =>
            sftp.write(handle, content, start, Math.min(size, content.length - start), start, done),
          );
        }
        await call<void>((done) => sftp.close(handle, done));
      } catch (error) {
        throw new Error(`${failure}: ${sftpText(error)}`, { cause: error });
      }
    },
  };
}

type Remote = ReturnType<typeof remote>;

async function ensureFolder(host: Remote, path: string): Promise<void> {
  const found = await host.stat(path);
  if (found === undefined) await host.makeFolder(path);
  else if (!found.isDirectory()) throw new Error(`remote path ${path} exists but is not a directory`);
}

async function copyFile(host: Remote, from: string, to: string): Promise<void> {
  await host.write(to, await readFile(from), `failed to copy file ${from} to remote path ${to}`);
}

async function copyFolder(host: Remote, from: string, to: string): Promise<void> {
  await ensureFolder(host, to);
  for (const entry of (await readdir(from, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const [source, target] = [posix.join(from, entry.name), posix.join(to, entry.name)];
    if (entry.isDirectory()) await copyFolder(host, source, target);
    else await copyFile(host, source, target);
  }
}

/** A file goes into an existing folder or to the path itself; a folder into the path, its content when it ends in `/`. */
async function copyPath(host: Remote, source: string, target: string): Promise<void> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(source)).isDirectory();
  } catch {
    throw new Error(`open ${source}: no such file or directory`);
  }
  const found = await host.stat(target);
  if (!isFolder) {
    await copyFile(host, source, found?.isDirectory() === true ? posix.join(target, posix.basename(source)) : target);
    return;
  }
  if (found === undefined) await host.makeFolder(target);
  await copyFolder(host, source, source.endsWith("/") ? target : posix.join(target, posix.basename(source)));
}

async function copyText(host: Remote, text: string, target: string): Promise<void> {
  if ((await host.stat(target))?.isDirectory() === true) {
    throw new Error(`remote path ${target} is a directory; when using a text asset, remotePath must be a file path`);
  }
  await host.write(target, Buffer.from(text), `failed to write text content to remote path ${target}`);
}

/** Copies an asset or a path-based archive to a host by SFTP, in a login of its own that is closed afterwards. */
export async function copyToRemote(
  connection: Connection,
  source: Properties,
  target: string,
  engine: Engine,
  urn: string,
): Promise<void> {
  const client = await dial(connection, engine, urn);
  try {
    const sftp = await new Promise<SFTPWrapper>((done, fail) => {
      client.sftp((error, wrapper) => (error === undefined ? done(wrapper) : fail(error)));
    });
    const host = remote(sftp);
    const { path, text } = source;
    if (typeof path === "string" && path !== "") await copyPath(host, path, target);
    else await copyText(host, typeof text === "string" ? text : "", target);
  } finally {
    client.end();
  }
}
