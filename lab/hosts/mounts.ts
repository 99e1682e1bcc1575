import { readFileSync } from "node:fs";

export interface Mount {
  source: string;
  target: string;
  type: string;
  options: string[];
}

/** What is mounted on this machine, in the order of mounting, from a table as in proc(5). */
export function mounts(table: string = readFileSync("/proc/self/mounts", "utf8")): Mount[] {
  return table
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [source = "", target = "", type = "", options = ""] = line.split(" ").map(plain);
      return { source, target, type, options: options.split(",") };
    });
}

/** The kernel writes spaces and the like as `\040`. */
function plain(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}
