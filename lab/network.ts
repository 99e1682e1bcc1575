import { existsSync, writeFileSync } from "node:fs";
import { run } from "./run.ts";
import { network } from "./settings.ts";

/** Makes the lab's bridge with its address; nothing is ever forwarded from it, so that hosts have no way out. Idempotent. */
export async function startNetwork(): Promise<void> {
  const { bridge, address, prefix } = network;
  if (!networkIsUp()) {
    // An address of its own: otherwise it is one of the hosts' cables and changes as they come and go.
    await run("ip", ["link", "add", bridge, "address", "02:ca:55:10:77:01", "type", "bridge"]);
  }
  for (const family of ["ipv4", "ipv6"]) {
    const forwarding = `/proc/sys/net/${family}/conf/${bridge}/forwarding`;
    if (existsSync(forwarding)) writeFileSync(forwarding, "0");
  }
  await run("ip", ["address", "replace", `${address}/${prefix}`, "dev", bridge]);
  await run("ip", ["link", "set", bridge, "up"]);
}

/** Removes the bridge. Idempotent. */
export async function stopNetwork(): Promise<void> {
  if (networkIsUp()) await run("ip", ["link", "delete", network.bridge]);
}

/** Whether the bridge exists. */
export function networkIsUp(): boolean {
  return existsSync(`/sys/class/net/${network.bridge}`);
}
