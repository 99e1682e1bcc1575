import type { Host } from "../../src/plan/types.ts";
import { names, urns } from "../names.ts";
import type { Ssh } from "./hosts.ts";
import type { Session } from "./session.ts";
import type { StateResource } from "./state.ts";
import { readable } from "./summary.ts";
import { texts } from "./texts.ts";

const limitMs = 15 * 60_000;
/** The documents that a host holds, applied again: what was changed by hand is put back. */
const verbs = ["hosting-agent host </etc/hosting/host.json", "hosting-agent apply --all </dev/null"];

/**
 * Repairs what was changed by hand: equal documents are no change to the engine, so it is asked of the agents.
 * @returns lines for the reader, and whether each host was repaired
 */
export async function repairHosts(
  session: Session,
  hosts: readonly Host[],
  state: ReadonlyMap<string, StateResource>,
  ssh: Ssh,
): Promise<{ lines: string[]; failed: boolean }> {
  const setUp = hosts.filter(({ host }) => state.has(urns(session.stack).hostCommand(names.setUp(host))));
  const repair = async (host: Host) => {
    const lines: string[] = [];
    for (const verb of verbs) {
      const result = await ssh.on(host, `PATH=/usr/local/sbin:$PATH; ${verb}`, limitMs);
      if (result.code !== 0) {
        return {
          lines: [...lines, texts.repairFailed(host.host, readable(`${result.stdout}\n${result.stderr}`))],
          failed: true,
        };
      }
      const { changed } = JSON.parse(result.stdout) as { changed: string[] };
      lines.push(...changed.map((one) => texts.repaired(host.host, one)));
    }
    return { lines: lines.length === 0 ? [texts.nothingToRepair(host.host)] : lines, failed: false };
  };
  const results = await Promise.all(setUp.map(repair));
  return { lines: results.flatMap((one) => one.lines), failed: results.some((one) => one.failed) };
}
