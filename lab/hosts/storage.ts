import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { waitFor } from "../daemon.ts";
import { run } from "../run.ts";
import { type LabHost, labFolder } from "../settings.ts";
import { withLock } from "./lock.ts";
import { type Mount, mounts } from "./mounts.ts";

const rootsImage = join(labFolder, "roots.img");

/** Where the file system with all roots is mounted; each root is a subvolume of it. */
export const roots = join(labFolder, "roots");

/** Path of a root by its name: `<host>`, `base-<key>`, `set-up-<host>-<key>`. */
export function rootPath(name: string): string {
  return join(roots, name);
}

/** Where a host's `/srv` is mounted outside, and the image that holds it. */
export function srv(host: LabHost): { folder: string; image: string; kept: string } {
  const folder = join(labFolder, "srv");
  const image = join(folder, `${host.host}.img`);
  return { folder: join(folder, host.host), image, kept: join(folder, `set-up-${host.host}.img`) };
}

/** Mounts the file system of all roots, which is made when it isn't there. Idempotent. */
export async function mountRoots(): Promise<void> {
  await withLock("storage", async () => {
    await dropForeignMount(roots, rootsImage);
    if (!existsSync(rootsImage)) await makeImage(rootsImage, "30G", "roots");
    await mountImage(rootsImage, roots);
  });
}

/** Unmounts everything of the lab; loop devices free themselves. Hosts must be stopped. Idempotent. */
export async function unmountAll(): Promise<void> {
  if (!existsSync(labFolder)) return;
  const below = `${realpathSync(labFolder)}/`;
  const targets = mounts().map(({ target }) => target);
  for (const target of targets.filter((path) => path.startsWith(below)).reverse()) await run("umount", [target]);
}

/**
 * A command in a mount namespace of its own in which an image is mounted at a folder; the mount ends with its last process.
 * A booted container keeps every mount that it found at its start, other hosts' too, and btrfs refuses a copy of a file
 * system that is still mounted anywhere: so no host's `/srv` is ever mounted where another host starts.
 */
export function withMount(image: string, folder: string, command: readonly string[]): [string, ...string[]] {
  const script = 'mount -t btrfs -o loop,noatime "$1" "$2" && shift 2 && exec "$@"';
  return ["unshare", "--mount", "--propagation=private", "sh", "-c", script, "sh", image, folder, ...command];
}

/** Makes a host's `/srv`, an empty btrfs with simple quotas, unless it is there. */
export async function ensureSrv(host: LabHost): Promise<void> {
  const { folder, image } = srv(host);
  mkdirSync(folder, { recursive: true });
  await withLock("storage", async () => {
    if (existsSync(image)) return;
    const partial = `${image}.partial`;
    await makeImage(partial, "20G", `srv-${host.host}`);
    await enableSimpleQuota(partial, folder);
    renameSync(partial, image);
  });
}

/** Waits until a host's `/srv` is mounted nowhere, so that all of it is in the image. */
export async function srvReleased(host: LabHost): Promise<void> {
  const { image, folder } = srv(host);
  while (mountsAt(folder).length > 0) await run("umount", [folder]);
  const real = join(realpathSync(dirname(image)), basename(image));
  // A removed image may still be in use.
  const held = () => loopImages().some((path) => path === real || path === `${real} (deleted)`);
  await waitFor(`the release of /srv of ${host.host}`, async () => !held());
}

/** Images that loop devices are on. */
function loopImages(): string[] {
  const files = readdirSync("/sys/block").map((device) => `/sys/block/${device}/loop/backing_file`);
  return files.filter((file) => existsSync(file)).map((file) => readFileSync(file, "utf8").trim());
}

/** Removes a root with all subvolumes inside. Idempotent. */
export async function deleteRoot(name: string): Promise<void> {
  const path = rootPath(name);
  if (!existsSync(path)) return;
  const { stdout } = await run("btrfs", ["subvolume", "list", "-o", path]);
  const nested = stdout.split("\n").flatMap((line) => /^ID .* path (.+)$/.exec(line)?.[1] ?? []);
  for (const inner of nested) await deleteRoot(inner);
  await run("btrfs", ["subvolume", "delete", path]);
}

/** Makes root `to` a copy of root `from`, whole or not at all. */
export async function snapshotRoot(from: string, to: string, readOnly = false): Promise<void> {
  const flags = readOnly ? ["-r"] : [];
  await run("btrfs", ["subvolume", "snapshot", ...flags, rootPath(from), rootPath(to)]);
}

/** Names of all roots. */
export function rootNames(): string[] {
  return existsSync(roots) ? readdirSync(roots) : [];
}

async function makeImage(image: string, size: string, label: string): Promise<void> {
  mkdirSync(join(image, ".."), { recursive: true });
  const partial = `${image}.mkfs`;
  rmSync(partial, { force: true });
  await run("truncate", ["-s", size, partial]);
  await run("mkfs.btrfs", ["-q", "-L", label, partial]);
  renameSync(partial, image);
}

async function mountImage(image: string, folder: string): Promise<void> {
  if (mountsAt(folder).length > 0) return;
  mkdirSync(folder, { recursive: true });
  await run("mount", ["-t", "btrfs", "-o", "loop,noatime", image, folder]);
}

/** What is mounted at a folder; the kernel's table holds paths without symbolic links. */
function mountsAt(folder: string): Mount[] {
  if (!existsSync(folder)) return [];
  const real = realpathSync(folder);
  return mounts().filter(({ target }) => target === real);
}

/** After a crash something else may be mounted here, such as an image whose file is gone. */
async function dropForeignMount(folder: string, image: string): Promise<void> {
  const realImage = existsSync(image) ? realpathSync(image) : image;
  for (const { source } of mountsAt(folder)) {
    const backing = `/sys/block/${source.replace("/dev/", "")}/loop/backing_file`;
    if (!existsSync(backing) || readFileSync(backing, "utf8").trim() !== realImage) await run("umount", ["-l", folder]);
  }
}

/**
 * Turns on simple quotas by the kernel's own call, BTRFS_IOC_QUOTA_CTL with BTRFS_QUOTA_CTL_ENABLE_SIMPLE_QUOTA
 * (linux/btrfs.h; Linux ≥ 6.7): Debian 12's `btrfs` has no word for it yet. Must be done while the file system is empty.
 */
async function enableSimpleQuota(image: string, folder: string): Promise<void> {
  const call =
    "open my $f, '<', $ARGV[0] or die $!; my $a = pack 'QQ', 4, 0; ioctl $f, 0xC0109428, $a or die qq($!\\n)";
  const [command, ...args] = withMount(image, folder, ["perl", "-e", call, folder]);
  const { code, stderr } = await run(command, args, { check: false });
  if (code !== 0)
    throw new Error(`simple quotas of btrfs can't be turned on (Linux 6.7 or newer is needed): ${stderr}`);
}
