import type { Host } from "../../src/plan/types.ts";
import { lines } from "../commands.ts";
import type { Ssh } from "./hosts.ts";
import { readable } from "./summary.ts";
import { texts } from "./texts.ts";

/** As long as somebody waits for a run that is otherwise done; the host goes on by itself. */
const limitMs = 60_000;

/**
 * Has hosts bring certificates to the names that lead there by now.
 * @returns lines for the reader: what is still pending, which a timer on the host goes on with
 */
export async function settleHosts(hosts: readonly Host[], ssh: Ssh): Promise<string[]> {
  const settle = async (host: Host): Promise<string[]> => {
    const result = await ssh.on(host, lines.settle, limitMs);
    if (result.code === 124) return [texts.settling(host.host)];
    if (result.code !== 0) return [texts.settleFailed(host.host, readable(`${result.stdout}\n${result.stderr}`))];
    const { warnings } = JSON.parse(result.stdout) as { warnings: string[] };
    return warnings.map((said) => texts.waiting(host.host, said));
  };
  return (await Promise.all(hosts.map(settle))).flat();
}
