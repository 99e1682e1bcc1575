import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { DesiredFile } from "./files.ts";
import { paths } from "./paths.ts";
import { probePath } from "./render/nginx.ts";
import { lastWords, run, tryRun } from "./shell.ts";

/** A change of nginx's files that is not made yet. */
export interface Candidate {
  files: readonly DesiredFile[];
  gone: readonly string[];
}

/** Tests the candidates in a copy of /etc/nginx; gives nginx's complaint, or nothing when it accepts them. */
export function complaint(candidates: readonly Candidate[]): string | undefined {
  mkdirSync(paths.run, { recursive: true, mode: 0o700 });
  // What a killed run left; the caller holds the lock.
  for (const name of readdirSync(paths.run).filter((one) => one.startsWith("nginx-"))) discard(join(paths.run, name));
  const stage = mkdtempSync(join(paths.run, "nginx-"));
  try {
    cpSync("/etc/nginx", stage, { recursive: true, verbatimSymlinks: true });
    mkdirSync(join(stage, "members.d"), { recursive: true });
    for (const { files, gone } of candidates) {
      for (const path of gone) if (existsSync(staged(stage, path))) unlinkSync(staged(stage, path));
      for (const file of files) {
        if (file.path.startsWith("/etc/nginx/")) writeFileSync(staged(stage, file.path), file.content);
      }
    }
    for (const path of regularFiles(stage)) {
      const text = readFileSync(path, "utf8");
      if (text.includes("/etc/nginx/")) writeFileSync(path, text.replaceAll("/etc/nginx/", `${stage}/`));
    }
    const done = tryRun("nginx", ["-t", "-q", "-c", `${stage}/nginx.conf`]);
    return done.code === 0 ? undefined : lastWords(done).replaceAll(stage, "/etc/nginx");
  } finally {
    discard(stage);
  }
}

function discard(stage: string): void {
  run("find", [stage, "-xdev", "-depth", "-delete"]);
}

function staged(stage: string, path: string): string {
  return path.replace("/etc/nginx", stage);
}

function regularFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => lstatSync(path).isFile());
}

/** Lets nginx read its files again, or starts it. @throws Rejection when it refuses; what ran before runs on. */
export function reloadNginx(): void {
  run("systemctl", ["reload-or-restart", "nginx.service"]);
}

/** Whether nginx runs. */
export function nginxRuns(): boolean {
  return tryRun("systemctl", ["is-active", "--quiet", "nginx.service"]).code === 0;
}

/**
 * Asks the local nginx for each name of a site; gives the first thing that is wrong, or nothing.
 * @param expected what `probeAnswer` reads from the file that nginx should have loaded
 */
export async function probe(names: readonly string[], expected: string, attempts = 40): Promise<string | undefined> {
  for (const name of names) {
    // `reload` returns before the new workers listen, so the first tries may still meet the old ones.
    let said = "";
    for (let attempt = 0; attempt < attempts && said !== `200 ${expected}`; attempt += 1) {
      if (attempt > 0) await setTimeout(25 + attempt * 5);
      said = await ask(name);
    }
    if (said !== `200 ${expected}`) return `http://${name}/ ne répond pas comme prévu (${said.slice(0, 80)})`;
  }
  return undefined;
}

function ask(name: string): Promise<string> {
  return new Promise((resolve) => {
    const request = get(
      { host: "127.0.0.1", port: 80, path: probePath, headers: { Host: name }, timeout: 3000, agent: false },
      (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (text: string) => {
          body += text;
        });
        response.on("end", () => {
          resolve(`${response.statusCode ?? 0} ${body}`);
        });
      },
    );
    request.on("timeout", () => request.destroy(new Error("pas de réponse")));
    request.on("error", (error) => {
      resolve(error.message);
    });
  });
}
