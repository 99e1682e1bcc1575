import type { Host } from "../../src/plan/types.ts";
import { names, resourceTypes, urns } from "../names.ts";
import type { Ssh } from "./hosts.ts";
import type { Session } from "./session.ts";
import type { StateResource } from "./state.ts";
import { readable } from "./summary.ts";
import { texts } from "./texts.ts";

const limitMs = 25 * 60_000;
const line = "PATH=/usr/local/sbin:$PATH; hosting-agent apply --all";

/**
 * Repairs what was changed by hand: equal documents are no change to the engine, so it is asked of the agents. They get the
 * documents that were deployed: those that they hold may have been changed as well.
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
    const said = await ssh.on(host, line, limitMs, deployedOn(host, state).join(""));
    const { changed, warnings } = answer(said.stdout);
    const lines = [
      ...changed.map((one) => texts.repaired(host.host, one)),
      ...warnings.map((one) => texts.repairWarning(host.host, one)),
    ];
    if (said.code !== 0) lines.push(texts.repairFailed(host.host, readable(`${said.stdout}\n${said.stderr}`)));
    return { lines: lines.length === 0 ? [texts.nothingToRepair(host.host)] : lines, failed: said.code !== 0 };
  };
  const results = await Promise.all(setUp.map(repair));
  return { lines: results.flatMap((one) => one.lines), failed: results.some((one) => one.failed) };
}

/** Texts of the documents that were deployed on a host: its own, and those of its members. */
function deployedOn({ host }: Host, state: ReadonlyMap<string, StateResource>): string[] {
  return [...state.values()].flatMap(({ type, inputs }) => {
    const stdin = inputs?.["stdin"];
    if (type !== resourceTypes.command || typeof stdin !== "string" || !stdin.startsWith("{")) return [];
    return (JSON.parse(stdin) as { host?: string }).host === host ? [stdin] : [];
  });
}

// A host that fails before its agent begins answers nothing.
function answer(stdout: string): { changed: string[]; warnings: string[] } {
  try {
    const { changed = [], warnings = [] } = JSON.parse(stdout) as { changed?: string[]; warnings?: string[] };
    return { changed, warnings };
  } catch {
    return { changed: [], warnings: [] };
  }
}
