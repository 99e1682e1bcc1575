import { ensureAuthority, startAuthority, stopAuthority } from "./acme/authority.ts";
import { startAptCache, stopAptCache } from "./apt.ts";
import { startDns, stopDns } from "./dns/knot.ts";
import { emptyDnsApi, startDnsApi, stopDnsApi } from "./dns-api.ts";
import { ensureEngine } from "./engine/engine.ts";
import { labEnvironment, labRecord, pulumiHome, writeLabRecord } from "./environment.ts";
import { ensureImage, hasSetUpHost, resetHost, startHost, stopHost, unmountAll } from "./hosts/index.ts";
import { ensureKeys, stopSshAgent } from "./keys.ts";
import { startNetwork, stopNetwork } from "./network.ts";
import { ensurePlugins } from "./plugins/install.ts";
import { ensureRequirements } from "./requirements.ts";
import { step } from "./run.ts";
import { hosts, type LabHost } from "./settings.ts";
import { emptyStack, ensureStack } from "./stack.ts";

export interface UpOptions {
  /** How many hosts run; as many as last time when left out, one the first time. */
  hosts?: number;
  /** Starts anew: fresh hosts, no zones, nothing deployed. */
  reset?: boolean;
  /** Fresh hosts are bare Debian even where a set-up copy is kept; includes `reset`. */
  bare?: boolean;
}

/** Engine, plugins, keys and what the engine's environment needs: enough for tests that start no host. */
export async function prepare(): Promise<void> {
  if (process.getuid?.() !== 0)
    throw new Error("The lab boots servers, mounts and makes a network: it must be run as root.");
  await ensureRequirements("lab");
  const engine = await ensureEngine();
  await ensureAuthority();
  const { sshAuthSock, passphraseFile, trustFile } = await ensureKeys();
  writeLabRecord({ hosts: labRecord()?.hosts ?? 1, engine, sshAuthSock, passphraseFile, trustFile });
  await ensurePlugins(pulumiHome, labEnvironment());
}

/** Brings the whole lab up. Idempotent: what runs already is left alone, unless a reset is asked for. */
export async function up({ hosts: count, bare = false, reset = bare }: UpOptions = {}): Promise<void> {
  await prepare();
  const record = labRecord();
  if (record === undefined) throw new Error("the lab's record is gone");
  const number = count ?? record.hosts;
  const wanted = hosts.slice(0, number);
  writeLabRecord({ ...record, hosts: number });

  await startNetwork();
  await startAptCache();
  await ensureImage();
  if (reset) await step("starting anew", () => empty(wanted, bare));
  await step("starting DNS", async () => {
    await startDns();
    await startDnsApi();
  });
  await step("starting the authority for certificates", startAuthority);
  await step(`starting ${wanted.map(({ host }) => host).join(" and ")}`, async () => {
    await Promise.all([
      ...wanted.map(async (host) => startHost(host, { from: await origin(host, bare) })),
      ...hosts.slice(number).map(stopHost),
    ]);
  });
  await step("preparing the stack `lab`", async () => ensureStack(wanted, await ensureKeys()));
}

async function empty(wanted: readonly LabHost[], bare: boolean): Promise<void> {
  await emptyDnsApi();
  await emptyStack();
  // Hosts that won't run go back to bare too: nothing deployed may be left on them.
  await Promise.all(
    hosts.map(async (host) => resetHost(host, { from: wanted.includes(host) ? await origin(host, bare) : "bare" })),
  );
}

async function origin(host: LabHost, bare: boolean): Promise<"bare" | "set-up"> {
  return !bare && (await hasSetUpHost(host)) ? "set-up" : "bare";
}

/** Ends all that the lab started; hosts, zones, keys and the stack's state stay on disk. Goes on when one part fails. */
export async function down(): Promise<void> {
  const failures: unknown[] = [];
  const parts = [
    () => Promise.all(hosts.map(stopHost)),
    stopAuthority,
    stopDnsApi,
    stopDns,
    stopAptCache,
    stopSshAgent,
    unmountAll,
    stopNetwork,
  ];
  await step("stopping the lab", async () => {
    for (const part of parts) {
      try {
        await part();
      } catch (error) {
        failures.push(error);
      }
    }
  });
  if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join("\n"));
}
