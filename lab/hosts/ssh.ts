import { ensureKeys, type Keys } from "../keys.ts";
import { type RunResult, run } from "../run.ts";
import type { LabHost } from "../settings.ts";

/** Arguments of ssh(1) that let root in by the lab's key, and only on the host with the pinned key. */
export function sshArguments(host: LabHost, keys: Keys): string[] {
  const options = [
    "BatchMode=yes",
    "StrictHostKeyChecking=yes",
    `UserKnownHostsFile=${keys.knownHostsFile}`,
    "GlobalKnownHostsFile=/dev/null",
    "HostKeyAlgorithms=ssh-ed25519",
    "IdentitiesOnly=yes",
    "IdentityAgent=none",
    "ConnectTimeout=5",
    "ServerAliveInterval=10",
    "LogLevel=ERROR",
  ];
  return [
    "-F",
    "none",
    "-i",
    keys.identityFile,
    ...options.flatMap((option) => ["-o", option]),
    `root@${host.address}`,
  ];
}

/**
 * Runs a shell command as root on a host over SSH, as an administrator would.
 * @param options.input text for the command's stdin
 * @param options.check false to get other exit codes than 0 as a result; 255 is SSH's own failure
 * @throws when the command ends with another code than 0
 */
export async function onHost(
  host: LabHost,
  command: string,
  options: { input?: string; check?: boolean; timeoutMs?: number } = {},
): Promise<RunResult> {
  return run("ssh", [...sshArguments(host, await ensureKeys()), command], options);
}
