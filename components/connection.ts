import { remote } from "@pulumi/command";
import type { Host } from "../src/plan/types.ts";
import { lines } from "./commands.ts";

/**
 * How the plugin reaches a host. No key: it is taken from the SSH agent, so that a new key changes no resource and none is in the state.
 * A refused login is tried little, since sshd of Debian 13 locks an address out after a few of them.
 */
export function connection(host: Host) {
  return {
    host: host.address,
    port: host.port,
    user: host.user,
    hostKey: host.hostKey,
    dialErrorLimit: 2,
    perDialTimeout: 5,
  };
}

/** Arguments of a command that runs one constant line at creation and at change, and does nothing when it is removed. */
export function constantCommand(host: Host, line: string) {
  return {
    connection: connection(host),
    create: line,
    update: line,
    delete: lines.left,
    logging: remote.Logging.None,
    addPreviousOutputInEnv: false,
  };
}
