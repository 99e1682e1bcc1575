import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

const project = join(import.meta.dirname, "..");

/** The agent as one file. */
export interface AgentBundle {
  /** First 16 hex digits of its SHA-256. */
  hash: string;
  file: string;
  /** Where it is put on a host before the set-up switches to it. */
  remotePath: string;
}

/** Bundles the host agent for the Node of Debian 13. Equal sources give equal bytes; kept under `node_modules/.cache`. */
export function agentBundle(): AgentBundle {
  const { hash, file } = bundle("agent", "main.ts");
  return { hash, file, remotePath: `/root/hosting-agent-${hash}.cjs` };
}

/** Bundles the program that purges, which no agent contains; gives its file. */
export function purgeBundle(): string {
  return bundle("purge", join("purge", "main.ts")).file;
}

function bundle(name: string, entry: string): { hash: string; file: string } {
  const built = buildSync({
    entryPoints: [join(project, "agent", entry)],
    absWorkingDir: project,
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node20",
    charset: "utf8",
    legalComments: "none",
    loader: { ".sh": "text" },
    logLevel: "silent",
  });
  const bytes = built.outputFiles[0]?.contents ?? new Uint8Array();
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  const folder = join(project, "node_modules", ".cache", "cassiopea");
  const file = join(folder, `${name}-${hash}.cjs`);
  mkdirSync(folder, { recursive: true });
  // Two runs may build at a time: the file appears whole.
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, bytes);
  renameSync(partial, file);
  return { hash, file };
}

/** The constant `sh` text that makes a working server of a bare Debian 13, read as data. */
export function bootstrapScript(): string {
  return readFileSync(join(project, "agent", "bootstrap.sh"), "utf8");
}
