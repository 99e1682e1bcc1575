import { createHash } from "node:crypto";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { aptProxy, mirrors, startAptCache } from "../apt.ts";
import { startNetwork } from "../network.ts";
import { run, step } from "../run.ts";
import { network } from "../settings.ts";
import { withLock } from "./lock.ts";
import { deleteRoot, mountRoots, rootNames, rootPath, snapshotRoot } from "./storage.ts";

/** What an administrator gets from a provider: a minimal Debian with SSH and nothing of ours. */
const release = "trixie";
const packages = ["systemd", "systemd-sysv", "dbus", "openssh-server", "iproute2", "ca-certificates"];

/** Files that differ from what debootstrap leaves. */
const files: Record<string, string> = {
  "/etc/apt/apt.conf.d/01proxy": `Acquire::http::Proxy "${aptProxy}";\n`,
  "/etc/apt/sources.list.d/debian.sources": [
    source(mirrors.debian, `${release} ${release}-updates`),
    source(mirrors.security, `${release}-security`),
  ].join("\n"),
  "/etc/resolv.conf": `nameserver ${network.address}\n`,
};

/** Run inside the root. The daily timers of apt would hold its lock at times that no test can foresee. */
const commands = [
  "rm -f /etc/apt/sources.list /etc/ssh/ssh_host_* /etc/machine-id /var/lib/dbus/machine-id",
  "apt-get clean",
  "rm -rf /var/lib/apt/lists/*",
  "systemctl enable systemd-networkd.service",
  "systemctl disable apt-daily.timer apt-daily-upgrade.timer",
];

/** Key of the bare image: any change of the recipe makes another image. */
export const imageKey = createHash("sha256")
  .update(JSON.stringify({ release, packages, files, commands }))
  .digest("hex")
  .slice(0, 12);

/** Name of the bare image's root. */
export const baseRoot = `base-${imageKey}`;

/** Builds the bare Debian 13 image with debootstrap unless it is there; some 100 s the first time. Safe against a killed build. */
export async function ensureImage(): Promise<void> {
  await mountRoots();
  await withLock("image", async () => {
    if (existsSync(rootPath(baseRoot))) return;
    await startNetwork();
    await startAptCache();
    await step(`building a bare Debian ${release} by debootstrap`, build);
    for (const old of rootNames().filter((name) => name.startsWith("base-") && name !== baseRoot))
      await deleteRoot(old);
  });
}

async function build(): Promise<void> {
  const partial = `${baseRoot}.partial`;
  const root = rootPath(partial);
  await deleteRoot(partial);
  await run("btrfs", ["subvolume", "create", root]);
  const env = { ...process.env, http_proxy: aptProxy };
  const keyring = "--keyring=/usr/share/keyrings/debian-archive-keyring.gpg";
  const include = `--include=${packages.join(",")}`;
  // What debootstrap mounts inside ends with it, also when it is killed.
  const apart = ["--mount", "--propagation=private", "debootstrap"];
  await run("unshare", [...apart, keyring, "--variant=minbase", include, release, root, mirrors.debian], {
    env,
    onOutput: phases(),
  });
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    rmSync(file, { force: true });
    writeFileSync(file, text);
  }
  await run("chroot", [root, "/bin/sh", "-ec", commands.join("\n")], {
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8" },
  });
  await snapshotRoot(partial, baseRoot, true);
  await deleteRoot(partial);
}

/** Says each phase of debootstrap once, as its lines come. */
function phases(): (text: string) => void {
  const coming = ["Retrieving", "Extracting", "Unpacking", "Configuring"];
  return (text) => {
    const phase = coming.find((word) => text.includes(`I: ${word}`));
    if (phase === undefined) return;
    coming.splice(0, coming.indexOf(phase) + 1);
    process.stderr.write(`  ${phase.toLowerCase()} packages …\n`);
  };
}

function source(uri: string, suites: string): string {
  const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
  return `Types: deb\nURIs: ${uri}\nSuites: ${suites}\nComponents: main\nSigned-By: ${keyring}\n`;
}
