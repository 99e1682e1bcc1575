import { existsSync, lstatSync } from "node:fs";
import { basename } from "node:path";
import { paths } from "../paths.ts";
import { run } from "../shell.ts";
import { convert } from "./convert.ts";
import type { Counted, QuotaDriver } from "./driver.ts";

/** Rows of `btrfs qgroup show`, as far as they are used; a limit is `none` or a number. */
interface Group {
  qgroupid: string;
  referenced: number;
  max_referenced: number | "none";
  path: string;
  parents: string[];
}

/**
 * Simple quotas of btrfs (Linux ≥ 6.7): a member's tree is a subvolume in the group `1/<uid>`, which subvolumes made
 * inside inherit, so that none escapes the limit.
 */
export function btrfsQuota(): QuotaDriver {
  // One listing serves all members of a run: what is changed is noted in it.
  let listed: Group[] | undefined;
  const groups = () => (listed ??= readGroups());
  const find = (id: string) => groups().find(({ qgroupid }) => qgroupid === id);
  const tree = (member: string) => `${paths.srv}/${member}`;
  return {
    observe: () => countedIn(groups()),
    counts: (member, uid) => isSubvolume(tree(member)) && isAssigned(groups(), member, uid),
    count: (member, uid) => {
      const group = `1/${uid}`;
      const make = (path: string) => {
        run("btrfs", ["-q", "subvolume", "create", "-i", group, path]);
      };
      if (find(group) === undefined) {
        run("btrfs", ["qgroup", "create", group, paths.srv]);
        groups().push({ qgroupid: group, referenced: 0, max_referenced: "none", path: "", parents: [] });
      }
      if (!existsSync(tree(member))) {
        make(tree(member));
        groups().push({ qgroupid: "", referenced: 0, max_referenced: "none", path: member, parents: [group] });
      } else {
        if (isSubvolume(tree(member))) {
          const id = run("btrfs", ["inspect-internal", "rootid", tree(member)]).trim();
          run("btrfs", ["qgroup", "assign", `0/${id}`, group, paths.srv]);
        } else {
          // The copy may be larger than the limit, which comes back after it.
          run("btrfs", ["qgroup", "limit", "none", group, paths.srv]);
          convert(member, uid, make);
        }
        listed = undefined;
      }
    },
    uncount: (path, uid) => {
      if (!isSubvolume(path)) return;
      const id = run("btrfs", ["inspect-internal", "rootid", path]).trim();
      const group = find(`0/${id}`);
      if (group?.parents.includes(`1/${uid}`) !== true) return;
      run("btrfs", ["qgroup", "remove", `0/${id}`, `1/${uid}`, paths.srv]);
      listed = undefined;
    },
    limit: (uid, bytes) => {
      run("btrfs", ["qgroup", "limit", bytes === undefined ? "none" : `${bytes}B`, `1/${uid}`, paths.srv]);
      const group = find(`1/${uid}`);
      if (group !== undefined) group.max_referenced = bytes ?? "none";
    },
  };
}

function readGroups(): Group[] {
  const text = run("btrfs", ["--format", "json", "qgroup", "show", "-rep", paths.srv]);
  return (JSON.parse(text) as { "qgroup-show": Group[] })["qgroup-show"];
}

/** Figures of the members' groups by uid. */
export function countedIn(groups: readonly Group[]): Map<number, Counted> {
  return new Map(
    groups.flatMap(({ qgroupid, referenced, max_referenced: limit }) => {
      const [, uid] = /^1\/(\d+)$/.exec(qgroupid) ?? [];
      return uid === undefined
        ? []
        : [[Number(uid), { used: referenced, limit: limit === "none" ? undefined : limit }]];
    }),
  );
}

/** Whether a member's tree is in the group of its uid. Subvolumes inside a tree may bear any name: the shortest path is the tree. */
export function isAssigned(groups: readonly Group[], member: string, uid: number): boolean {
  const [tree] = groups
    .filter(({ path }) => basename(path) === member)
    .sort((a, b) => a.path.split("/").length - b.path.split("/").length);
  return tree?.parents.includes(`1/${uid}`) === true;
}

// The root of a subvolume has this inode, and nothing else has.
function isSubvolume(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isDirectory() === true && stat.ino === 256;
}
