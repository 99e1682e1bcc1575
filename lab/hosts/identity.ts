import { randomBytes } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { hostKeyFile, type Keys } from "../keys.ts";
import { type LabHost, network } from "../settings.ts";

/** Files that make a root this host: names, address, resolver. Paths are those inside the host. */
export function identityFiles(host: LabHost): Record<string, string> {
  return {
    "/etc/hostname": `${host.host}\n`,
    "/etc/hosts": `127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n${host.address} ${host.name} ${host.host}\n`,
    "/etc/resolv.conf": `nameserver ${network.address}\n`,
    "/etc/systemd/network/10-host0.network": networkFile(host),
  };
}

/** Static address of a host on the lab's bridge (systemd.network(5)). */
export function networkFile(host: LabHost): string {
  return [
    "[Match]",
    "Name=host0",
    "",
    "[Network]",
    `Address=${host.address}/${network.prefix}`,
    `Gateway=${network.address}`,
    `DNS=${network.address}`,
    "LinkLocalAddressing=no",
    "IPv6AcceptRA=no",
    "",
  ].join("\n");
}

/** Gives a fresh root its identity before its first boot: names, address, host key, a machine id of its own, the lab's key for root. */
export function writeIdentity(root: string, host: LabHost, keys: Pick<Keys, "publicKey">): void {
  for (const [path, text] of Object.entries(identityFiles(host))) write(join(root, path), text);
  write(join(root, "/etc/machine-id"), `${randomBytes(16).toString("hex")}\n`, 0o444);
  const hostKey = join(root, "/etc/ssh/ssh_host_ed25519_key");
  rmSync(hostKey, { force: true });
  copyFileSync(hostKeyFile(host.host), hostKey);
  chmodSync(hostKey, 0o600);
  write(`${hostKey}.pub`, readFileSync(`${hostKeyFile(host.host)}.pub`, "utf8"));
  const authorized = join(root, "/root/.ssh/authorized_keys");
  const present = existsSync(authorized) ? readFileSync(authorized, "utf8") : "";
  if (!present.includes(keys.publicKey)) write(authorized, `${present}${keys.publicKey} lab\n`, 0o600);
}

/** Replaces a file instead of writing through it, since it may be a symbolic link that means something else outside. */
function write(file: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(file), { recursive: true, mode: file.includes("/.ssh/") ? 0o700 : 0o755 });
  rmSync(file, { force: true });
  writeFileSync(file, text, { mode });
}
