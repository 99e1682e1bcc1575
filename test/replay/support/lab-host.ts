import { startAptCache } from "../../../lab/apt.ts";
import { hostStatus, startHost } from "../../../lab/hosts/index.ts";
import { onHost } from "../../../lab/hosts/ssh.ts";
import { run } from "../../../lab/run.ts";
import { hosts, network } from "../../../lab/settings.ts";
import type { Ground } from "./host.ts";

/** The lab's second host with its way to Debian's packages, started if they are not up; addresses beside it are free in the lab's network. */
export async function labGround(): Promise<Ground> {
  const [, host] = hosts;
  if (!hostStatus(host).running) await startHost(host);
  await startAptCache();
  const beside = (last: number) => network.subnet.replace(/\d+\/\d+$/, String(last));
  const silent = beside(251);
  return {
    address: host.address,
    client: network.address,
    second: beside(112),
    absent: beside(250),
    silent,
    shell: async (script) => (await onHost(host, "sh -s", { input: script })).stdout,
    // A neighbour that no one is: frames to it reach nobody.
    silence: async (on) => {
      const neighbour = on ? ["replace", silent, "lladdr", "02:00:00:00:00:01", "nud", "permanent"] : ["del", silent];
      await run("ip", ["neigh", ...neighbour, "dev", network.bridge], { check: on });
    },
  };
}
