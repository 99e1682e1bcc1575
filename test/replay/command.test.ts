import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unknownValue } from "../../lab/plugins/wire.ts";
import { run } from "../../lab/run.ts";
import { cleanSsh, type Ground, type Keys, makeKeys, prepareSsh, revokeSecondKey } from "./support/host.ts";
import { labGround } from "./support/lab-host.ts";
import { bundle, Plugin } from "./support/plugin.ts";
import { replay } from "./support/replay.ts";
import type { Stage } from "./support/stage.ts";
import { readTranscript } from "./support/transcript.ts";

const { scenarios, definitions } = readTranscript("command");
const stdinText = 'é 日本 "q" $X \\n\nline2\r\n\tlast';

let ground: Ground;
let keys: Keys;
let stage: Stage;
let hostKey = "";

/** Progress that each scenario showed. */
const shown = new Map<string, string[]>();

async function lines(script: string): Promise<string[]> {
  return (await ground.shell(script)).split("\n").filter((line) => line !== "");
}

/** A file that a command which outlives its plugin will write. */
async function appears(path: string): Promise<string[]> {
  for (let attempt = 0; attempt < 60; attempt += 1) {
    const found = await lines(`ls ${path} 2>/dev/null || true`);
    if (found.length > 0) return found;
    await sleep(1000);
  }
  return [];
}

const outside: Record<string, () => Promise<string[]>> = {
  "rm delete log": () => lines("rm -f /root/delete.log"),
  "what the delete command saw on the host": () => lines("cat /root/delete.log"),
  "empty order log": () => lines("rm -f /root/order.log"),
  "order on the host": () => lines("cat /root/order.log"),
  "was anything run on the host?": () => lines("LC_ALL=C ls /root/never 2>&1 || true"),
  "sha256 of the same text, computed locally": async () =>
    (await run("sha256sum", [], { input: stdinText })).stdout.trim().split("\n"),
  "<private key 2> removed from authorized_keys": () => lines(revokeSecondKey(keys)),
  "is the command still running on the host? did it finish?": () => lines("ls /root/cancel"),
  "did the first command finish on the host?": () => appears("/root/killed"),
  "what delete saw": async () => readFileSync("/var/tmp/local-delete.log", "utf8").trim().split("\n"),
  "files left on the host": () =>
    lines('cd /root/copy && for file in *; do echo "==> /root/copy/$file <=="; cat "$file"; echo; done'),
};

beforeAll(async () => {
  ground = await labGround();
  keys = await makeKeys();
  const found = await prepareSsh(ground, keys);
  hostKey = found.hostKey;
  const other = keys.publicKeys[2].split(" ").slice(0, 2).join(" ");
  // The plugin must find no agent: one of the scenarios is to have none.
  const { SSH_AUTH_SOCK: _agent, ...environment } = process.env;
  stage = {
    definitions,
    environment,
    plugins: { command: await bundle("command") },
    placeholders: new Map([
      ["<host>", ground.address],
      ["<host 2>", ground.second],
      ["<absent host>", ground.absent],
      ["<silent host>", ground.silent],
      ["<client>", ground.client],
      ["<host key>", hostKey],
      ["ssh-ed25519 <other key>", other],
      ["ssh-rsa <other key>", found.rsaHostKey],
      ["<private key>", keys.privateKeys[0]],
      ["<private key 2>", keys.privateKeys[1]],
      ["<private key 3>", keys.privateKeys[2]],
    ]),
    configuration: () => ({ "__pulumi-go-provider-version": "1.2.0", version: "1.2.1" }),
    outside: (_scenario, request) =>
      outside[request]?.() ?? Promise.reject(new Error(`nothing is known of: ${request}`)),
    silenceMs: 5000,
  };
});

afterAll(async () => {
  if (ground !== undefined) await cleanSsh(ground);
});

describe("the command plugin answers as the official one did", () => {
  it.concurrent.each(scenarios.map((scenario) => [scenario.name, scenario] as const))("%s", async (name, scenario) => {
    const { differences, compared, logs } = await replay(scenario, stage);
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(0);
    shown.set(
      name,
      logs
        .filter(({ ephemeral }) => ephemeral)
        .map(({ message }) => message)
        .sort(),
    );
  });

  it("shows the lines of a command with default logging beside its resource", () => {
    expect(shown.get("remote-non-zero-exit-logged")).toEqual(["to-err", "to-err", "to-out", "to-out"]);
    expect(shown.get("remote-non-zero-exit")).toEqual([]);
  });
});

describe("the command plugin", () => {
  it("takes the keys of the SSH agent when the connection has none", async () => {
    const agent = await run("ssh-agent", ["-s"]);
    const socket = /SSH_AUTH_SOCK=([^;]+)/.exec(agent.stdout)?.[1] ?? "";
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(agent.stdout)?.[1]);
    const environment = { ...stage.environment, SSH_AUTH_SOCK: socket };
    const plugin = await Plugin.start(stage.plugins["command"] ?? "", environment);
    try {
      await run("ssh-add", ["-q", keys.files[0]], { env: environment });
      const connection = {
        host: ground.address,
        user: "root",
        port: 22,
        hostKey,
        dialErrorLimit: 0,
        perDialTimeout: 5,
      };
      const urn = "urn:pulumi:dev::agent::command:remote:Command::m";
      const { response } = await plugin.call("Create", {
        urn,
        properties: { connection, create: "cat", stdin: "by agent" },
      });
      expect(response).toMatchObject({ properties: { stdout: "by agent", stderr: "" } });
    } finally {
      await plugin.stop();
      process.kill(pid);
    }
  });

  it("does not ask the host while something it depends on is unknown", async () => {
    const plugin = await Plugin.start(stage.plugins["command"] ?? "", stage.environment);
    try {
      const urn = "urn:pulumi:dev::unknown::command:remote:Command::m";
      const checked = await plugin.call("Check", { urn, olds: {}, news: { connection: unknownValue, create: "true" } });
      expect(checked.response).toEqual({ inputs: { connection: unknownValue, create: "true" } });
    } finally {
      await plugin.stop();
    }
  });

  it("survives a host that goes away while a command runs", async () => {
    const plugin = await Plugin.start(stage.plugins["command"] ?? "", stage.environment);
    try {
      const connection = {
        host: ground.address,
        user: "root",
        port: 2222,
        hostKey,
        privateKey: keys.privateKeys[0],
        dialErrorLimit: 0,
      };
      const urn = "urn:pulumi:dev::gone::command:remote:Command::m";
      const properties = { connection, create: "kill -9 $PPID", logging: "none" };
      const { error } = await plugin.call("Create", { urn, properties });
      expect(error?.message).toMatch(/^wait: remote command exited without exit status or exit signal: running /);
      const again = await plugin.call("Create", { urn, properties: { ...properties, create: "echo alive" } });
      expect(again.response).toMatchObject({ properties: { stdout: "alive" } });
    } finally {
      await plugin.stop();
    }
  });
});
