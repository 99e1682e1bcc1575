import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ensureKeys } from "../../lab/keys.ts";
import { run } from "../../lab/run.ts";
import { labFolder, project } from "../../lab/settings.ts";
import { cassiopea, generated, lab, labHost, onHost } from "./support.ts";

/** The forms in which a secret could have been written down. */
function encodings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    bytes.toString("base64"),
    bytes.toString("hex"),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ];
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Command lines and environments of all processes, as root sees them, while `until` is not over. */
async function watchProcesses(until: Promise<unknown>): Promise<string> {
  const seen = new Set<string>();
  const over = new AbortController();
  void until.finally(() => {
    over.abort();
  });
  while (!over.signal.aborted) {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        seen.add(readFileSync(`/proc/${pid}/cmdline`, "utf8"));
      } catch {
        // The process has ended meanwhile.
      }
    }
    await sleep(50);
  }
  return [...seen].join("\n");
}

describe("secrets", () => {
  it("are nowhere but in their own files: not in the state, logs, command lines, output or repository", async () => {
    await lab(["reset", "--hosts", "1"]);
    const keys = await ensureKeys();
    const secrets = [
      keys.sqlPassword,
      keys.dnsToken,
      keys.ca.key.split("\n").slice(1, 3).join("\n"),
      readFileSync(keys.identityFile, "utf8").split("\n")[2] ?? "",
    ];
    expect(secrets.every((secret) => secret.length > 15)).toBe(true);

    const running = cassiopea(["up", "--stack", "lab", "--members", generated(2)]);
    const [commandLines, up] = await Promise.all([watchProcesses(running), running]);
    expect(up.code, up.text).toBe(0);
    const preview = await lab(["pulumi", "preview", "-s", "lab", "--diff"], false, { CASSIOPEA_MEMBERS: generated(3) });

    const places: [string, string][] = [
      ["command lines", commandLines],
      ["output of up", up.text],
      ["output of preview", preview.text],
    ];
    for (const below of [join(labFolder, "state"), join(labFolder, "pulumi-home", "logs"), join(labFolder, "run")]) {
      for (const file of filesBelow(below)) places.push([file, readFileSync(file, "latin1")]);
    }
    const tracked = await run("git", ["ls-files", "-z"], { cwd: project });
    for (const file of tracked.stdout.split("\0").filter((name) => name !== ""))
      places.push([file, readFileSync(join(project, file), "latin1")]);
    const journal = await onHost(
      labHost("web1"),
      "journalctl --no-pager -o cat; cat /etc/hosting/members/*.json /etc/hosting/host.json; cat /root/.bash_history 2>/dev/null || true",
    );
    places.push(["journal and documents of the host", journal.stdout]);
    const exported = await lab(["pulumi", "stack", "export", "-s", "lab"]);
    places.push(["stack export", exported.text]);

    expect(places.length).toBeGreaterThan(50);
    const leaks = places.flatMap(([place, text]) =>
      secrets
        .flatMap(encodings)
        .filter((form) => text.includes(form))
        .map(() => place),
    );
    expect(leaks).toEqual([]);
  });
});
