import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import {
  completeLength,
  nameIn,
  nextRecord,
  type RecordContent,
  RegisterError,
  RegisterRecord,
  readRegister,
  type Tail,
} from "../billing/register.ts";
import { texts } from "../billing/texts.ts";
import { parseProcessStat } from "../process-stat.ts";
import { InputError } from "./input-error.ts";

/**
 * The register in git and the documents in a private folder. A number is given by one appended line and nothing else:
 * before it the document's folder is whole and in place; killed at any point, there is no number or a whole document.
 */
export class Ledgers {
  readonly #register: string;
  readonly #documents: string;
  readonly #lock: string;
  records: RegisterRecord[] = [];
  tail: Tail;

  private constructor(register: string, documents: string) {
    this.#register = register;
    this.#documents = documents;
    this.#lock = `${register}.lock`;
    const read = readRegister(textOf(register));
    this.records = read.records;
    this.tail = read.tail;
  }

  /** Opens to read only. RegisterError when the register is not intact. */
  static read(register: string, documents: string): Ledgers {
    return new Ledgers(register, documents);
  }

  /** Opens to issue: takes the lock and clears what a killed run left. InputError when another run issues. */
  static open(register: string, documents: string): Ledgers {
    mkdirSync(dirname(register), { recursive: true });
    mkdirSync(documents, { recursive: true });
    lock(`${register}.lock`);
    try {
      cutIncomplete(register, join(documents, INTENTION));
      const opened = new Ledgers(register, documents);
      opened.#recover();
      return opened;
    } catch (error) {
      rmSync(`${register}.lock`, { force: true });
      throw error;
    }
  }

  close(): void {
    rmSync(this.#lock, { force: true });
  }

  /** Writes a document's files, says what is about to be issued, puts the folder in place and appends the record. */
  issue(content: Omit<RecordContent, "files">, files: ReadonlyMap<string, Uint8Array | string>): void {
    const hashes = Object.fromEntries([...files].map(([name, bytes]) => [name, hashOf(bytes)]));
    const next = nextRecord(this.tail, { ...content, files: hashes });
    const pending = join(this.#documents, `${PENDING}${content.number}`);
    const intention = join(this.#documents, INTENTION);
    try {
      mkdirSync(pending);
      for (const [name, bytes] of files) writeDurably(join(pending, name), bytes);
      syncFolder(pending);
      writeDurably(`${intention}.new`, next.line);
      renameSync(`${intention}.new`, intention);
      syncFolder(this.#documents);
      renameSync(pending, join(this.#documents, content.number));
    } catch (error) {
      // Not in place, so it never was: nothing of it is left on a full disk.
      for (const rest of [pending, `${intention}.new`, intention]) rmSync(rest, { recursive: true, force: true });
      throw error;
    }
    syncFolder(this.#documents);
    this.#append(next);
    rmSync(intention);
  }

  /** What follows the last whole line of the register, in French; empty when nothing does. */
  incomplete(): string[] {
    const text = textOf(this.#register);
    const rest = text.slice(completeLength(text));
    return rest === "" ? [] : [texts.register.incomplete(nameIn(rest))];
  }

  /** Documents that this register does not know, in French; one that a killed run left is the next issue's to complete. */
  behind(): string[] {
    if (existsSync(join(this.#documents, INTENTION))) return [];
    return this.#stray().flatMap((name) => (name.startsWith(".") ? [] : [texts.register.behind(name)]));
  }

  /** What of the documents differs from the register, in French; empty when all is whole. */
  verifyFiles(): string[] {
    const found = this.records.flatMap(({ number, files }) =>
      Object.entries(files).flatMap(([name, hash]) => {
        const path = join(this.#documents, number, name);
        if (!existsSync(path)) return [texts.register.missingFile(number, name)];
        return hashOf(readFileSync(path)) === hash ? [] : [texts.register.changedFile(number, name)];
      }),
    );
    return [...found, ...this.#stray().map((name) => texts.register.stray(join(this.#documents, name)))];
  }

  #append({ record, line, tail }: ReturnType<typeof nextRecord>): void {
    append(this.#register, line);
    this.records.push(record);
    this.tail = tail;
  }

  /** Folders of documents without a record, and what a killed run left. */
  #stray(): string[] {
    if (!existsSync(this.#documents)) return [];
    const issued = new Set(this.records.map(({ number }) => number));
    return readdirSync(this.#documents).filter((name) => !issued.has(name));
  }

  /** After a kill: the document that was about to be issued is issued if it is whole and in place, else it never was. */
  #recover(): void {
    const intention = join(this.#documents, INTENTION);
    const line = textOf(intention);
    const known = new Set(this.records.map(({ hash }) => hash));
    if (line !== "") {
      const { hash, previous, ...content } = RegisterRecord.parse(JSON.parse(line));
      const inPlace = existsSync(join(this.#documents, content.number));
      if (!known.has(hash) && inPlace) {
        if (previous !== this.tail.hash) throw new RegisterError(texts.register.behind(content.number));
        this.#append(nextRecord(this.tail, content));
      }
      rmSync(intention);
    }
    for (const name of this.#stray()) {
      // A document without a record and without an intention: this register is older than the documents.
      if (!name.startsWith(".")) throw new RegisterError(texts.register.behind(name));
      if (name.startsWith(PENDING) || name.startsWith(INTENTION)) {
        rmSync(join(this.#documents, name), { recursive: true });
      }
    }
  }
}

/** A document that is being written. */
const PENDING = ".pending-";
/** The register's line of the document that is about to be put in place. */
const INTENTION = ".issuing";

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function hashOf(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function writeDurably(file: string, bytes: Uint8Array | string): void {
  const handle = openSync(file, "wx", 0o600);
  try {
    writeWhole(handle, typeof bytes === "string" ? Buffer.from(bytes) : bytes);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function append(file: string, text: string): void {
  const handle = openSync(file, "a", 0o644);
  const { size } = fstatSync(handle);
  try {
    writeWhole(handle, Buffer.from(text));
    fsyncSync(handle);
  } catch (error) {
    // The document is in place and its intention kept: the next issue gives the number, half a line would only hide it.
    ftruncateSync(handle, size);
    throw error;
  } finally {
    closeSync(handle);
  }
  syncFolder(dirname(file));
}

function writeWhole(handle: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Removes what a killed run wrote of a line; without its intention the rest is no such thing, and nothing is removed. */
function cutIncomplete(file: string, intention: string): void {
  if (!existsSync(file)) return;
  const bytes = readFileSync(file);
  const text = bytes.toString("latin1");
  const whole = completeLength(text);
  if (whole === bytes.length) return;
  if (!existsSync(intention)) throw new RegisterError(texts.register.incomplete(nameIn(text.slice(whole))));
  const handle = openSync(file, "r+");
  try {
    ftruncateSync(handle, whole);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** One issue at a time; a lock whose process is gone is taken over. The lock appears with its owner in it, or not at all. */
function lock(file: string): void {
  const own = `${file}.${process.pid}`;
  rmSync(own, { force: true });
  try {
    writeDurably(own, `${process.pid} ${startOf(process.pid)}`);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      try {
        linkSync(own, file);
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const [pid = "", start = ""] = textOf(file).split(" ");
      if (pid !== "" && startOf(Number(pid)) === start) throw new InputError([texts.register.locked(pid)]);
      rmSync(file, { force: true });
    }
    throw new InputError([texts.register.locked("?")]);
  } finally {
    rmSync(own, { force: true });
  }
}

/** When a process started, in the kernel's ticks: tells it from a later one of the same number; empty when it is gone. */
function startOf(pid: number): string {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, "utf8"))?.startTime ?? "";
  } catch {
    return "";
  }
}
