import { acmeDirectory } from "./acme/authority.ts";
import { daemonPid } from "./daemon.ts";
import { labRecord, pulumiHome } from "./environment.ts";
import { hostStatus } from "./hosts/index.ts";
import { networkIsUp } from "./network.ts";
import { installedPlugins, pluginNames } from "./plugins/install.ts";
import { cache, hosts, network, ports, versions } from "./settings.ts";
import { stackExists } from "./stack.ts";

const engineWords = {
  installed: "installed on this machine",
  official: "official download",
  build: "built from its Go modules",
};

/** What runs, which engine and which plugins, and where: one line each. */
export function status(): string {
  const engine = labRecord()?.engine;
  const plugins = installedPlugins(pulumiHome);
  const pluginVersions = pluginNames.map((name) => `${name} ${versions[name]}`).join(", ");
  const process = (name: string, where: string) => {
    const pid = daemonPid(name);
    return pid === undefined ? "stopped" : `runs (process ${pid}), ${where}`;
  };
  const lines: [string, string][] = [
    [
      "engine",
      engine === undefined ? "none yet" : `pulumi ${engine.version}, ${engineWords[engine.source]}: ${engine.bin}`,
    ],
    [
      "plugins",
      plugins === undefined
        ? "none yet"
        : `${plugins.kind}${plugins.kind === "folder" ? ` ${plugins.setting}` : ""} (${pluginVersions})`,
    ],
    ["network", networkIsUp() ? `${network.bridge}, ${network.address}/${network.prefix}` : "stopped"],
    ["apt cache", process("apt-cache", `http://${network.address}:${ports.aptCache}`)],
    ["DNS server", process("dns", `dig @${network.address}`)],
    ["DNS API", process("dns-api", `http://127.0.0.1:${ports.dnsApi}/client/v4`)],
    ["authority", process("acme", acmeDirectory)],
    ["SSH agent", process("ssh-agent", "holds the lab's key")],
    ...hosts.map((host): [string, string] => {
      const { running, pid, origin, setUpKept } = hostStatus(host);
      // While the lab is down its disks are not mounted, and nothing is known of them.
      const from = origin === undefined ? "" : `, from a ${origin} copy`;
      const kept = setUpKept ? ", set-up copy kept" : "";
      return [host.host, `${running ? `runs (process ${pid}), ${host.address}` : "stopped"}${from}${kept}`];
    }),
    ["stack `lab`", stackExists() ? "exists" : "none yet"],
    ["cache", cache],
  ];
  return lines.map(([what, words]) => `${what.padEnd(12)} ${words}\n`).join("");
}
