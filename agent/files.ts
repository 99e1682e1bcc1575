import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { groupId, userId } from "./accounts.ts";

/** A file that the agent renders wholly. */
export interface DesiredFile {
  path: string;
  content: string;
  mode: number;
  /** Names of owner and group; root when left out. */
  user?: string;
  group?: string;
  /** Key in the document that it comes from. */
  key: string;
  member?: string;
}

/** What stood at a path before the agent touched it; `content` is left out when there was nothing. */
export interface Previous {
  path: string;
  content?: Buffer;
  mode: number;
  uid: number;
  gid: number;
}

/** The bytes of a file, or nothing when none is there: nothing at all, or a folder. */
export function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isMissing(error) || isNoFile(error)) return undefined;
    throw error;
  }
}

function isNoFile(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "EISDIR" || error.code === "ENOTDIR");
}

/** SHA-256 in hex. */
export function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Whether the file on disk differs from the desired one in content, mode or owner. */
export function differs(file: DesiredFile): boolean {
  const content = readIfThere(file.path);
  if (content === undefined || !content.equals(Buffer.from(file.content))) return true;
  const stat = lstatSync(file.path);
  if (stat.isSymbolicLink() || (stat.mode & 0o7777) !== file.mode) return true;
  return stat.uid !== userId(file.user ?? "root") || stat.gid !== groupId(file.group ?? "root");
}

/** Replaces a file by rename, so that a reader sees the old one or the new one, also after a power cut. */
export function writeAtomic(path: string, content: string | Buffer, mode: number, uid = 0, gid = 0): void {
  const temporary = `${dirname(path)}/.${randomBytes(6).toString("hex")}.hosting`;
  const handle = openSync(temporary, "wx", 0o600);
  try {
    writeSync(handle, Buffer.from(content));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  chownSync(temporary, uid, gid);
  chmodSync(temporary, mode);
  renameSync(temporary, path);
}

/** Ending of a file that is being tested, beside the one whose place it may take. */
export const candidateEnding = ".candidate";

/** Clears away what a killed run left half-written in a folder of ours; the caller holds the lock. */
export function sweep(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder))
    if (/^\.[0-9a-f]{12}\.hosting$/.test(name) || name.endsWith(candidateEnding)) unlinkSync(`${folder}/${name}`);
}

/** Writes the desired files that differ; gives what stood there before, for `restore`. */
export function swapIn(files: readonly DesiredFile[]): Previous[] {
  const before: Previous[] = [];
  try {
    for (const file of files) {
      const previous = remember(file.path);
      writeAtomic(file.path, file.content, file.mode, userId(file.user ?? "root"), groupId(file.group ?? "root"));
      before.push(previous);
    }
  } catch (error) {
    restore(before);
    throw error;
  }
  return before;
}

/** Takes rendered files away; gives what stood there before. Never used on anything of a member's. */
export function takeOut(paths: readonly string[]): Previous[] {
  return paths.map((path) => {
    const previous = remember(path);
    if (previous.content !== undefined) unlinkSync(path);
    return previous;
  });
}

/** Puts back what stood there before. */
export function restore(previous: readonly Previous[]): void {
  for (const { path, content, mode, uid, gid } of previous) {
    if (content !== undefined) writeAtomic(path, content, mode, uid, gid);
    else if (readIfThere(path) !== undefined) unlinkSync(path);
  }
}

function remember(path: string): Previous {
  const content = readIfThere(path);
  if (content === undefined) return { path, mode: 0, uid: 0, gid: 0 };
  // Of a link that was put in a file's place, what it leads to.
  const stat = statSync(path);
  return { path, content, mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid };
}

/** Whether an error says that a file does not exist. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
