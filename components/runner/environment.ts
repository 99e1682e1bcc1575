import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Root of the repository. */
export const project = join(import.meta.dirname, "..", "..");

/** Parses `KEY=value` lines; the value goes to the end of the line as it is; `#` lines and blank lines are skipped. */
export function parseEnvironmentFile(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line.includes("=") && !line.startsWith("#"))
      .map((line) => [line.slice(0, line.indexOf("=")).trim(), line.slice(line.indexOf("=") + 1)]),
  );
}

/**
 * Environment of the engine for a stack: the process's own, then `.cassiopea/<stack>.env` of the repository if it is there
 * (where the back end, the passphrase's file and the SSH agent are for whoever deploys from this machine), then what the runs need.
 * `PATH_PREPEND` in the file is put before `PATH`.
 */
export function stackEnvironment(stack: string): NodeJS.ProcessEnv {
  const file = join(project, ".cassiopea", `${stack}.env`);
  const { PATH_PREPEND, ...own } = existsSync(file) ? parseEnvironmentFile(readFileSync(file, "utf8")) : {};
  const inherited = { ...process.env, ...own };
  const path = [
    // The project's own Node first: language host and plugins take the first `node` that they find.
    join(project, "node_modules", ".bin"),
    PATH_PREPEND,
    inherited["PATH"],
  ];
  return {
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...inherited,
    PATH: path.filter((part) => part !== undefined && part !== "").join(delimiter),
  };
}
