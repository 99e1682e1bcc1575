import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { answers } from "../apt.ts";
import { daemonPid, startDaemon, stopDaemon, waitFor } from "../daemon.ts";
import { ensureKeys } from "../keys.ts";
import { startNetwork } from "../network.ts";
import { run, step } from "../run.ts";
import { type LabHost, labFolder, network } from "../settings.ts";
import { groupProcesses, inOwnGroup, removeGroups } from "./cgroup.ts";
import { writeIdentity } from "./identity.ts";
import { baseRoot, ensureImage, imageKey } from "./image.ts";
import { withLock } from "./lock.ts";
import { onHost } from "./ssh.ts";
import {
  deleteRoot,
  ensureSrv,
  mountRoots,
  rootNames,
  rootPath,
  snapshotRoot,
  srv,
  srvReleased,
  withMount,
} from "./storage.ts";

export { ensureImage } from "./image.ts";
export { onHost } from "./ssh.ts";
export { unmountAll } from "./storage.ts";

/** What a host's root is copied from: the bare Debian, or the host as `keepSetUpHost` kept it. */
export type Origin = "bare" | "set-up";

export interface HostStatus {
  host: string;
  running: boolean;
  /** Of systemd-nspawn. */
  pid?: number;
  /** What the root was copied from; undefined when there is none yet. */
  origin?: Origin;
  /** Whether a set-up copy is kept to start from. */
  setUpKept: boolean;
}

const daemon = (host: LabHost) => `host-${host.host}`;
const machine = (host: LabHost) => `cas-${host.host}`;
const setUpRoot = (host: LabHost) => `set-up-${host.host}-${imageKey}`;
const originFile = (host: LabHost) => join(labFolder, "hosts", `${host.host}.origin`);
const exclusive = <T>(host: LabHost, work: () => Promise<T>) => withLock(daemon(host), work);

/**
 * Boots a host and returns when its services have started and it can be reached over SSH. Idempotent.
 * @param options.from what to copy its root from when it has none yet
 */
export async function startHost(host: LabHost, options: { from?: Origin } = {}): Promise<void> {
  await exclusive(host, () => start(host, options.from ?? "bare"));
}

/** Shuts a host down cleanly, by force after 30 s; its root and `/srv` stay. Idempotent. */
export async function stopHost(host: LabHost): Promise<void> {
  await exclusive(host, () => stop(host, 30_000));
}

/** Throws a host's root and `/srv` away and lays fresh copies; it is stopped afterwards. */
export async function resetHost(host: LabHost, options: { from?: Origin } = {}): Promise<void> {
  await ensureImage();
  await exclusive(host, async () => {
    await stop(host, 0);
    await layRoot(host, options.from ?? "bare");
  });
}

/** Keeps a host, as it is now, as what `from: "set-up"` copies. It is shut down cleanly for that, and started again if it ran. */
export async function keepSetUpHost(host: LabHost): Promise<void> {
  await exclusive(host, async () => {
    const ran = daemonPid(daemon(host)) !== undefined;
    await stop(host, 30_000);
    await mountRoots();
    if (!existsSync(rootPath(host.host))) throw new Error(`${host.host} has no root to keep`);
    const { image, kept } = srv(host);
    for (const old of rootNames().filter((name) => name.startsWith(`set-up-${host.host}-`))) await deleteRoot(old);
    await srvReleased(host);
    await run("cp", ["--sparse=always", image, kept]);
    // Last, since its presence says that the copy is whole.
    await snapshotRoot(host.host, setUpRoot(host), true);
    if (ran) await start(host, "set-up");
  });
}

/** Whether `startHost` and `resetHost` can copy this host from its set-up state. */
export async function hasSetUpHost(host: LabHost): Promise<boolean> {
  await mountRoots();
  return existsSync(rootPath(setUpRoot(host)));
}

/** State of a host, without changing anything. */
export function hostStatus(host: LabHost): HostStatus {
  const pid = daemonPid(daemon(host));
  const hasRoot = existsSync(rootPath(host.host)) && existsSync(originFile(host));
  return {
    host: host.host,
    running: pid !== undefined,
    ...(pid === undefined ? {} : { pid }),
    ...(hasRoot ? { origin: readFileSync(originFile(host), "utf8") as Origin } : {}),
    setUpKept: existsSync(rootPath(setUpRoot(host))),
  };
}

async function start(host: LabHost, from: Origin): Promise<void> {
  if (daemonPid(daemon(host)) !== undefined) return waitUntilBooted(host);
  await ensureImage();
  await startNetwork();
  await endLeftOvers(host);
  if (!existsSync(rootPath(host.host))) await layRoot(host, from);
  await ensureSrv(host);
  await step(`booting ${host.host} (${host.address})`, async () => {
    const [command, ...args] = inOwnGroup(
      machine(host),
      withMount(srv(host).image, srv(host).folder, bootCommand(host)),
    );
    startDaemon(daemon(host), command, args, { ...process.env, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: "1" });
    await waitUntilBooted(host);
  });
}

/** The command that boots a host's root by systemd-nspawn(1). */
export function bootCommand(host: LabHost): string[] {
  return [
    "systemd-nspawn",
    "--quiet",
    "--boot",
    `--directory=${rootPath(host.host)}`,
    `--machine=${machine(host)}`,
    `--hostname=${host.host}`,
    "--register=no",
    "--keep-unit",
    `--network-bridge=${network.bridge}`,
    `--bind=${srv(host).folder}:/srv`,
    "--resolv-conf=off",
    "--timezone=off",
    "--link-journal=no",
    "--console=pipe",
  ];
}

async function waitUntilBooted(host: LabHost): Promise<void> {
  await waitFor(`${host.host} on SSH`, async () => {
    if (daemonPid(daemon(host)) === undefined) {
      throw new Error(`${host.host} ended while booting; see ${join(labFolder, "run", `${daemon(host)}.log`)}`);
    }
    return (await answers(host.address, 22)) && (await onHost(host, "true", { check: false })).code === 0;
  });
  await onHost(host, "systemctl is-system-running --wait", { check: false, timeoutMs: 90_000 });
}

async function stop(host: LabHost, graceMs: number): Promise<void> {
  // TERM makes systemd-nspawn shut the host down in order.
  await stopDaemon(daemon(host), graceMs);
  await endLeftOvers(host);
}

async function layRoot(host: LabHost, from: Origin): Promise<void> {
  const source = from === "bare" ? baseRoot : setUpRoot(host);
  if (!existsSync(rootPath(source))) throw new Error(`no set-up copy of ${host.host} is kept`);
  const { image, kept } = srv(host);
  const partial = `${host.host}.partial`;
  for (const old of [partial, host.host]) await deleteRoot(old);
  rmSync(image, { force: true });
  if (from === "set-up") {
    await srvReleased(host);
    await run("cp", ["--sparse=always", kept, image]);
  }
  await snapshotRoot(source, partial);
  writeIdentity(rootPath(partial), host, await ensureKeys());
  mkdirSync(dirname(originFile(host)), { recursive: true });
  writeFileSync(originFile(host), from);
  await run("mv", ["-T", rootPath(partial), rootPath(host.host)]);
}

/** Ends what a killed systemd-nspawn may leave: processes in the host's root or groups, its network interface, the groups. */
async function endLeftOvers(host: LabHost): Promise<void> {
  const left = () => [...processesInside(host), ...groupProcesses(machine(host))];
  for (const pid of left()) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
  await waitFor(`the end of ${host.host}`, async () => left().length === 0);
  const cable = `vb-${machine(host)}`;
  if (existsSync(`/sys/class/net/${cable}`)) await run("ip", ["link", "delete", cable], { check: false });
  removeGroups(machine(host));
}

/** Processes whose root folder is the host's, known by device and inode, which are the subvolume's own. */
function processesInside(host: LabHost): number[] {
  const root = rootPath(host.host);
  if (!existsSync(root)) return [];
  const { dev, ino } = statSync(root);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const seen = statSync(`/proc/${pid}/root/`);
        return seen.dev === dev && seen.ino === ino;
      } catch {
        return false;
      }
    });
}
