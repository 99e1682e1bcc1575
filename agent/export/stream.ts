import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Rejection } from "../result.ts";
import { environment, lastWords } from "../shell.ts";

/** A program and its arguments. */
export type Command = readonly [string, readonly string[]];

/** A stream that was read to its end. */
export interface Read {
  bytes: number;
  /** Hex. */
  sha256: string;
}

/** What a program gave, and what it said meanwhile when that was more than nothing. */
export interface Written {
  content: Read;
  /** The compressed file; left out when none was written. */
  packed?: Read;
  said: string;
}

/** No stream of a member's data takes longer; a program that hangs is ended then. */
const limitMs = 6 * 3_600_000;

interface Running {
  child: ChildProcess;
  /** Resolves with the exit code and the end of what it said. */
  ended: Promise<{ code: number; stdout: string; stderr: string }>;
}

function start([command, args]: Command, stdin: "ignore" | "pipe" | "inherit", stdout: "ignore" | "pipe"): Running {
  const child = spawn(command, args, {
    env: environment,
    cwd: "/",
    stdio: [stdin, stdout, "pipe"],
    timeout: limitMs,
    killSignal: "SIGKILL",
  });
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr = `${stderr}${text}`.slice(-8000);
  });
  const ended = new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    child.once("error", (error) => resolve({ code: 127, stdout: "", stderr: error.message }));
    child.once("close", (code) => resolve({ code: code ?? 1, stdout: "", stderr }));
  });
  return { child, ended };
}

// Counts and hashes what passes.
function counting(): { through: (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer>; read: () => Read } {
  const hash = createHash("sha256");
  let bytes = 0;
  return {
    through: async function* through(source) {
      for await (const chunk of source) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    },
    read: () => ({ bytes, sha256: hash.digest("hex") }),
  };
}

async function drain(source: AsyncIterable<unknown>): Promise<void> {
  for await (const chunk of source) void chunk;
}

/**
 * Reads what a program gives to its end, and writes it compressed where that is asked for, on the disk when it returns.
 * @param accepted exit codes of the program that are no failure
 * @throws Rejection with the program's last words
 */
export async function readAll(source: Command, into?: string, accepted: readonly number[] = [0]): Promise<Written> {
  const giving = start(source, "ignore", "pipe");
  const content = counting();
  const packed = counting();
  const zstd = into === undefined ? undefined : start(["zstd", ["-q", "-c"]], "pipe", "pipe");
  const failures: unknown[] = [];
  const moved = async (work: Promise<void>) => work.catch((error: unknown) => failures.push(error));
  const given = giving.child.stdout as Readable;
  if (zstd === undefined || into === undefined) await moved(pipeline(given, content.through, drain));
  else {
    const file = createWriteStream(into, { flags: "wx", mode: 0o600 });
    await Promise.all([
      moved(pipeline(given, content.through, zstd.child.stdin as NodeJS.WritableStream)),
      moved(pipeline(zstd.child.stdout as Readable, packed.through, file)),
    ]);
  }
  const done = await giving.ended;
  const written = await zstd?.ended;
  const [command] = source;
  // A full disk first: what it broke off complains of that only.
  const failure = failures.find(isDiskError);
  if (failure !== undefined) throw new Rejection(`${into ?? command} : ${failure.message}`);
  if (!accepted.includes(done.code)) throw new Rejection(`${command} : code ${done.code} : ${lastWords(done)}`);
  if (written !== undefined && written.code !== 0) throw new Rejection(`zstd : ${lastWords(written)}`);
  if (failures.length > 0) throw failures[0];
  if (into === undefined) return { content: content.read(), said: done.stderr };
  await flush(into);
  return { content: content.read(), packed: packed.read(), said: done.stderr };
}

function isDiskError(error: unknown): error is Error {
  return (
    error instanceof Error && "code" in error && ["ENOSPC", "EDQUOT", "EIO", "EEXIST"].includes(String(error.code))
  );
}

async function flush(path: string): Promise<void> {
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives a compressed file's content to a program. @throws Rejection with the last words of whichever failed */
export async function unpackInto(file: string, target: Command): Promise<void> {
  const zstd = start(["zstd", ["-q", "-d", "-c", "--", file]], "ignore", "pipe");
  const taking = start(target, "pipe", "ignore");
  const failures: unknown[] = [];
  await pipeline(zstd.child.stdout as Readable, taking.child.stdin as NodeJS.WritableStream).catch((error: unknown) =>
    failures.push(error),
  );
  const [unpacked, taken] = await Promise.all([zstd.ended, taking.ended]);
  if (taken.code !== 0) throw new Rejection(`${target[0]} : code ${taken.code} : ${lastWords(taken)}`);
  if (unpacked.code !== 0) throw new Rejection(`zstd : ${lastWords(unpacked)}`);
  if (failures.length > 0) throw failures[0];
}

/** Gives this process's own stdin to a program. @throws Rejection with its last words */
export async function stdinInto(target: Command): Promise<void> {
  const done = await start(target, "inherit", "ignore").ended;
  if (done.code !== 0) throw new Rejection(`${target[0]} : code ${done.code} : ${lastWords(done)}`);
}

/** Checksum of a file. */
export async function readFile(path: string): Promise<Read> {
  return (await readAll(["cat", ["--", path]])).content;
}
