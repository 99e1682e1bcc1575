import { readdirSync } from "node:fs";
import type { MemberDocument } from "../src/document.ts";
import { readIfThere } from "./files.ts";
import { paths } from "./paths.ts";
import { btrfsQuota } from "./quota/btrfs.ts";
import type { QuotaDriver } from "./quota/driver.ts";
import { sameLimit, userQuota } from "./quota/user.ts";
import { Rejection } from "./result.ts";
import { run, tryRun } from "./shell.ts";
import type { Step } from "./steps.ts";

/** How the files of members are limited on this host, or why they can't be. */
export type Quota = { kind: "btrfs" | "user"; driver: QuotaDriver } | { kind: "none"; why: string };

let found: Quota | undefined;

/** Looks once at what the file system of the members' trees can do. */
export function quota(): Quota {
  found ??= observeQuota();
  return found;
}

function observeQuota(): Quota {
  const [target = "", type = "", options = ""] = run("findmnt", ["-n", "-o", "TARGET,FSTYPE,OPTIONS", "-T", paths.srv])
    .trim()
    .split(/\s+/);
  if (type === "btrfs") {
    const mode = btrfsMode();
    return mode === "simple"
      ? { kind: "btrfs", driver: btrfsQuota() }
      : { kind: "none", why: mode === "off" ? texts.quotaOff : texts.classicQuota };
  }
  const limited = options.split(",").some((option) => /^(usrquota|uquota|usrjquota=.+)$/.test(option));
  return limited ? { kind: "user", driver: userQuota(target) } : { kind: "none", why: texts.noQuota(target, type) };
}

// A container may see nothing of /sys/fs/btrfs; there what counts at all is taken to be simple.
function btrfsMode(): "simple" | "classic" | "off" {
  if (tryRun("btrfs", ["qgroup", "show", paths.srv]).code !== 0) return "off";
  const uuid = tryRun("findmnt", ["-n", "-o", "UUID", "-T", paths.srv]).stdout.trim();
  const mode = uuid === "" ? undefined : readIfThere(`/sys/fs/btrfs/${uuid}/qgroups/mode`)?.toString().trim();
  return mode === "qgroup" ? "classic" : "simple";
}

/** Turns simple quotas on while no member has a tree: what was written before would count as nothing. */
export function quotaStep(): Step {
  return {
    what: `quota ${paths.srv}`,
    key: "host",
    wrong: () => onBtrfsWithout() && readdirSync(paths.srv).length === 0,
    fix: () => {
      run("btrfs", ["quota", "enable", "--simple", paths.srv]);
      found = undefined;
    },
  };
}

function onBtrfsWithout(): boolean {
  const now = quota();
  return now.kind === "none" && now.why === texts.quotaOff;
}

/** What is to be said of a host that can't limit its members' files; nothing when it can. */
export function quotaWarnings(): string[] {
  const now = quota();
  return now.kind === "none" ? [`${paths.srv} : ${now.why} ; l'espace des membres est mesuré, pas limité`] : [];
}

/** A member's tree is counted as one thing, and limited to the bytes of its document. Comes before the tree's folder itself. */
export function diskSteps({ member, uid, disk }: MemberDocument): Step[] {
  const now = quota();
  if (now.kind === "none") return [];
  const { driver, kind } = now;
  const isLimited = () => {
    const limit = driver.observe().get(uid)?.limit;
    return kind === "user" ? sameLimit(limit, disk) : limit === disk;
  };
  return [
    {
      what: `quota ${member}`,
      key: "disk",
      member,
      wrong: () => !driver.counts(member, uid) || !isLimited(),
      fix: () => {
        if (!driver.counts(member, uid)) driver.count(member, uid);
        if (!isLimited()) driver.limit(uid, disk);
      },
    },
  ];
}

/**
 * Bytes of a member's files, as the file system counts them; where it counts none, as du(1) adds them up.
 * @throws Rejection when they can't be told
 */
export function filesOf(member: string, uid: number): number {
  const now = quota();
  if (now.kind !== "none") {
    if (!now.driver.counts(member, uid)) throw new Rejection(`${paths.srv}/${member} n'est pas compté (${now.kind})`);
    return now.driver.observe().get(uid)?.used ?? 0;
  }
  return Number(run("du", ["-s", "-x", "--block-size=1", `${paths.srv}/${member}`]).split("\t")[0]);
}

const texts = {
  quotaOff:
    "les quotas simples de btrfs ne sont pas activés (btrfs quota enable --simple, à faire tant que rien n'y est écrit)",
  classicQuota:
    "les anciens quotas de btrfs sont activés, auxquels un sous-volume échappe ; il faut les quotas simples (Linux ≥ 6.7)",
  noQuota: (target: string, type: string) => `${target} (${type}) est monté sans quota d'utilisateur (usrquota)`,
};
