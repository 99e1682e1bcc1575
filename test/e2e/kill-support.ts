import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { LabHost } from "../../lab/settings.ts";
import { onHost } from "./support.ts";

const hookFile = "/root/kill-at.cjs";

/**
 * Counts each change that a program is about to make — a command that does not only look, a change of a file — and kills the
 * program's whole process group before the one whose number is in KILL_AT. Loaded from outside: the agent knows nothing of it.
 */
const hook = `const child = require("node:child_process");
const fs = require("node:fs");
const at = Number(process.env.KILL_AT);
let count = 0;
const step = () => {
  count += 1;
  if (count === at) process.kill(-process.pid, "SIGKILL");
};
const looks = /^(getfacl|findmnt|dpkg-query|flock|sleep|logger|nginx -t|nft list|unshare|php-fpm[^ ]* -t|systemctl is-|btrfs (--format json )?qgroup show|btrfs inspect-internal|find .run.hosting)/;
const wrap = (module, name, isChange = () => true) => {
  const original = module[name];
  module[name] = (...args) => {
    if (isChange(...args)) step();
    return original(...args);
  };
};
wrap(child, "spawnSync", (command, args, options) => {
  const asks = command === "mariadb" && /^(SELECT|SHOW)/.test(options.input);
  return !asks && !looks.test([command, ...args].join(" "));
});
// Under /run lies only what a start of the machine takes away.
const isKept = (path) => !String(path).startsWith("/run/");
for (const name of ["renameSync", "unlinkSync", "symlinkSync", "mkdirSync", "chownSync", "chmodSync", "writeFileSync"])
  wrap(fs, name, (path, second) => isKept(path) && isKept(name === "renameSync" ? second : ""));
wrap(fs, "openSync", (path, flags) => flags === "wx" && isKept(path));
`;

/** Lays the hook on a host. */
export async function layHook(host: LabHost): Promise<void> {
  await onHost(host, `cat > ${hookFile}`, { input: hook });
}

/**
 * Applies a document, killed before its change of this number, then applies it again undisturbed.
 * @returns whether it was killed, and how the second one ended
 */
export async function applyKilled(host: LabHost, document: unknown, at: number) {
  const line = `cat > /root/killed.json
setsid -w env NODE_OPTIONS=--require=${hookFile} KILL_AT=${at} hosting-agent apply < /root/killed.json > /dev/null 2>&1
echo $?
hosting-agent apply < /root/killed.json
echo $?`;
  const { stdout } = await onHost(host, line, { input: JSON.stringify(document) });
  const [killed = "", answer = "", code = ""] = stdout.trim().split("\n");
  return { killed: killed === "137", first: Number(killed), answer, code: Number(code) };
}

/** Asks for a page by HTTP without end, each time by a new connection, and notes each answer that is none of the good ones. */
export function watch(host: LabHost, name: string, good: RegExp) {
  const ended = new AbortController();
  let asked = 0;
  const bad: string[] = [];
  const done = (async () => {
    while (!ended.signal.aborted) {
      const said = await answer(host, name);
      asked += 1;
      if (!good.test(said)) bad.push(said.slice(0, 200));
      await sleep(15);
    }
  })();
  return {
    end: async () => {
      ended.abort();
      await done;
      return { asked, bad };
    },
  };
}

/** Status and text of a site's page made by PHP; what went wrong when there is no answer. */
export function answer(host: LabHost, name: string, path = "/index.php"): Promise<string> {
  return new Promise((resolve) => {
    const options = { host: host.address, path, headers: { Host: name }, timeout: 10_000, agent: false };
    const asked = get(options, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      response.on("end", () => resolve(`${response.statusCode} ${body}`));
      response.on("error", (error) => resolve(error.message));
    });
    asked.on("timeout", () => asked.destroy(new Error("no answer")));
    asked.on("error", (error) => resolve(error.message));
  });
}
