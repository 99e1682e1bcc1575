import type { MemberDocument } from "../src/document.ts";
import { type DesiredFile, type Previous, restore } from "./files.ts";
import type { Candidate } from "./nginx.ts";
import { EXIT, type ExitCode, emptyResult, exitCodeOf, type Result } from "./result.ts";
import type { Step } from "./steps.ts";

/** How applying one document went. */
export interface Applied {
  result: Result;
  code: ExitCode;
}

/** One document on its way. */
export interface Work extends Candidate {
  /** As declared. */
  declared: MemberDocument;
  /** What is served: the declared one with the names that are leaving it. */
  document: MemberDocument;
  result: Result;
  /** All desired files; `files` are those of them that differ. */
  all: DesiredFile[];
  previous: Previous[];
  /** What is done once the new state is served. */
  closing: Step[];
  failure?: unknown;
}

/** A document before anything is done. */
export function newWork(declared: MemberDocument): Work {
  const result = emptyResult("apply");
  return { declared, document: declared, result, all: [], files: [], gone: [], previous: [], closing: [] };
}

/** Those that nothing has stopped yet. */
export function sound(works: readonly Work[]): Work[] {
  return works.filter((work) => work.failure === undefined);
}

/** Does something for one document: its failure undoes its own files and must not stop the others. */
export function guarded(work: Work, action: () => void): Work {
  try {
    action();
  } catch (error) {
    work.failure = error;
    undo(work);
  }
  return work;
}

function undo(work: Work): void {
  const undone = new Set(work.previous.map(({ path }) => path));
  restore(work.previous);
  work.previous = [];
  work.result.changed = work.result.changed.filter((path) => !undone.has(path));
}

/** What is told of a document in the end. */
export function outcome({ document, result, failure }: Work): Applied {
  if (failure === undefined) return { result, code: EXIT.ok };
  const message = failure instanceof Error ? failure.message : "échec sans explication";
  return { result: { ...result, error: `${document.member} : ${message}` }, code: exitCodeOf(failure) };
}
