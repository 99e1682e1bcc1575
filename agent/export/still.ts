import { spawn } from "node:child_process";
import { Rejection } from "../result.ts";
import { environment, lastWords } from "../shell.ts";

/** Folders whose files come and go while sites are served: a change there is no loss. */
const passing = ["tmp", "sessions"];

/**
 * Every name of a tree with all that changes when something of it is written: two equal listings, one before and one after,
 * show that nothing changed meanwhile. Names are bytes (latin1), whatever a member called a file.
 */
export async function listing(tree: string): Promise<ReadonlyMap<string, string>> {
  const prune = ["(", ...passing.flatMap((name, index) => [...(index === 0 ? [] : ["-o"]), "-path", `./${name}`]), ")"];
  const args = ["-c", 'cd "$1" && shift && exec find . "$@"', "sh", tree];
  const format = "%P\\0%y %i %n %s %C@ %m %U %G %l\\0";
  const child = spawn("sh", [...args, ...prune, "-prune", "-o", "-printf", format], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const chunks: Buffer[] = [];
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve(status ?? 1));
  });
  // What vanished while it was listed shows in the comparison as well.
  if (code !== 0 && !stderr.includes("No such file or directory"))
    throw new Rejection(`find : code ${code} : ${lastWords({ code, stdout: "", stderr })}`);
  return parseListing(Buffer.concat(chunks).toString("latin1"));
}

/** `name NUL facts NUL …` → facts by name. */
export function parseListing(text: string): Map<string, string> {
  const fields = text.split("\0");
  const found = new Map<string, string>();
  for (let index = 0; index + 1 < fields.length; index += 2) found.set(fields[index] ?? "", fields[index + 1] ?? "");
  return found;
}

/** Names that are in one listing only, or differ. */
export function changedBetween(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).sort();
}
