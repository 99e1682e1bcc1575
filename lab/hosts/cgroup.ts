import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { mounts } from "./mounts.ts";

/**
 * Control groups of a host, one in each hierarchy that systemd-nspawn uses. Hosts in a common group would be one host to
 * their systemds: stopping a service of the one would kill that service's processes of the other.
 */
export function hostGroups(name: string, table = mounts()): string[] {
  return table
    .filter(({ type, options }) => type === "cgroup2" || (type === "cgroup" && options.includes("name=systemd")))
    .map(({ target }) => join(target, name));
}

/** A command that enters the groups, which are made, and becomes `command`. Where systemd runs this machine, it gives a scope. */
export function inOwnGroup(name: string, command: readonly string[]): [string, ...string[]] {
  if (existsSync("/run/systemd/system")) {
    return ["systemd-run", "--quiet", "--scope", "--collect", `--unit=${name}`, "--property=Delegate=yes", ...command];
  }
  const groups = hostGroups(name);
  for (const group of groups) mkdirSync(group, { recursive: true });
  const enter = `${groups.map((_, index) => `echo $$ >"$${index + 1}/cgroup.procs"`).join(" && ")} && shift ${groups.length} && exec "$@"`;
  return ["sh", "-c", groups.length === 0 ? 'exec "$@"' : enter, "sh", ...groups, ...command];
}

/** Ids of the processes in a host's groups. */
export function groupProcesses(name: string): number[] {
  const ids = hostGroups(name)
    .flatMap(withChildren)
    .flatMap((group) => unlessGone(() => readFileSync(join(group, "cgroup.procs"), "utf8").split("\n"), []));
  return [...new Set(ids.map(Number).filter((id) => id > 0))];
}

/** Removes a host's groups, which must be empty. Idempotent. */
export function removeGroups(name: string): void {
  for (const group of hostGroups(name).flatMap(withChildren).reverse()) {
    unlessGone(() => rmdirSync(group), undefined);
  }
}

/** A group and all below it, parents first; none when it isn't there. */
function withChildren(group: string): string[] {
  const entries = unlessGone(() => readdirSync(group, { withFileTypes: true }), undefined);
  if (entries === undefined) return [];
  const children = entries.filter((entry) => entry.isDirectory());
  return [group, ...children.flatMap((entry) => withChildren(join(group, entry.name)))];
}

/** A dying host takes its groups away at any time: ENOENT, or ENODEV for a file that is open already. */
function unlessGone<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENODEV") return otherwise;
    throw error;
  }
}
