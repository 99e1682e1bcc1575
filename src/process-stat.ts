/** What is used of a line of `/proc/<pid>/stat` (proc_pid_stat(5)). */
export interface ProcessStat {
  name: string;
  /** Id of the parent. */
  parent: number;
  /** Clock ticks after boot; with the id it tells a process from a later one of the same number. */
  startTime: string;
  /** Pages in memory. */
  residentPages: number;
}

/**
 * Reads such a line; pure, the caller has read the file. The name stands in brackets and may itself hold blanks and brackets.
 * @returns undefined for a process that has ended: a zombie stays listed until its parent has taken note
 */
export function parseProcessStat(line: string): ProcessStat | undefined {
  const end = line.lastIndexOf(")");
  // From field 3 on: state, parent, …; field 22 is the start, field 24 the resident pages.
  const fields = line.slice(end + 2).split(" ");
  if (fields[0] === "Z" || fields[0] === "X") return undefined;
  return {
    name: line.slice(line.indexOf("(") + 1, end),
    parent: Number(fields[1]),
    startTime: fields[19] ?? "",
    residentPages: Number(fields[21]),
  };
}
