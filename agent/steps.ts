import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, statfsSync } from "node:fs";
import { groupId, userId } from "./accounts.ts";
import { setAside } from "./aside.ts";
import { type DesiredFile, differs, readIfThere, sha256 } from "./files.ts";
import { type Drift, Rejection } from "./result.ts";
import { run, tryRun } from "./shell.ts";
import type { Registry } from "./store.ts";

/** One thing that should be so: looked at, and put right only when it is not. */
export interface Step {
  /** Path or name, as shown in results. */
  what: string;
  key: string;
  member?: string;
  /** Looks; changes nothing. */
  wrong: () => boolean;
  /** Puts it right; may say what its reader has to know. */
  fix: (warn: (text: string) => void) => void;
  /** Another thing without which it can't be looked at. */
  needs?: string;
  /** It takes away what a site that is still served may need: done once the web server serves the new state. */
  closing?: boolean;
}

/** Puts right what is wrong; gives what was changed. */
export function ensure(steps: readonly Step[], warnings: string[] = []): string[] {
  const changed: string[] = [];
  for (const step of steps) {
    if (!step.wrong()) continue;
    step.fix((text) => warnings.push(text));
    changed.push(step.what);
  }
  return changed;
}

/** What is wrong of things that are no rendered files: someone changed them after they were applied. */
export function driftOfSteps(steps: readonly Step[]): Drift[] {
  const wrong = new Set<string>();
  return steps
    .filter((step) => {
      if (step.needs !== undefined && wrong.has(step.needs)) return false;
      if (!wrongOrUnknown(step)) return false;
      wrong.add(step.what);
      return true;
    })
    .map(({ what, key, member }) => ({
      path: what,
      kind: "hand-made",
      key,
      ...(member === undefined ? {} : { member }),
    }));
}

// What can't be looked at is not as declared either.
function wrongOrUnknown(step: Step): boolean {
  try {
    return step.wrong();
  } catch (error) {
    if (error instanceof Rejection) return true;
    throw error;
  }
}

/** What is wrong of rendered files, told apart by what the agent last wrote there. */
export function driftOfFiles(files: readonly DesiredFile[], registry: Registry): Drift[] {
  return files
    .filter((file) => differs(file))
    .map((file) => {
      const content = readIfThere(file.path);
      const untouched =
        content === undefined ? registry[file.path] === undefined : sha256(content) === registry[file.path];
      const declared = untouched && registry[file.path] !== sha256(file.content);
      const kind = declared ? "not-applied" : "hand-made";
      return { path: file.path, kind, key: file.key, ...(file.member === undefined ? {} : { member: file.member }) };
    });
}

export interface Folder {
  path: string;
  mode: number;
  user?: string;
  group?: string;
  /** ACL entries as getfacl writes them, e.g. `user:www-data:--x`, `default:user:www-data:r-x`. */
  acl?: string[];
  key: string;
  member?: string;
}

/** A folder whose parent only root can write, so that nobody can put a link in its place. */
export function folderStep(folder: Folder): Step {
  const { path, mode } = folder;
  const owner = () => ({ uid: userId(folder.user ?? "root"), gid: groupId(folder.group ?? "root") });
  const isFolder = () => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const missingAcl = () => (folder.acl === undefined ? [] : missingEntries(path, folder.acl));
  // A member may let others into a folder that is theirs; into one of root's, only root can have.
  const surplusAcl = () =>
    folder.acl === undefined || folder.user !== undefined ? [] : surplusEntries(path, folder.acl);
  return {
    what: path,
    key: folder.key,
    ...(folder.member === undefined ? {} : { member: folder.member }),
    wrong: () => {
      if (!isFolder()) return true;
      const stat = lstatSync(path);
      const { uid, gid } = owner();
      if ((stat.mode & 0o7777) !== mode || stat.uid !== uid || stat.gid !== gid) return true;
      return missingAcl().length > 0 || surplusAcl().length > 0;
    },
    fix: (warn) => {
      // What a link leads to, somebody else's perhaps, must not get this folder's owner and mode.
      if (lstatSync(path, { throwIfNoEntry: false }) !== undefined && !isFolder()) warn(setAside(path));
      if (!isFolder()) makeFolder(path, folder.member !== undefined && path.split("/").length === 4);
      const { uid, gid } = owner();
      chownSync(path, uid, gid);
      chmodSync(path, mode);
      const acl = missingAcl();
      if (acl.length > 0) run("setfacl", ["-m", acl.join(","), path]);
      const surplus = surplusAcl();
      if (surplus.length > 0)
        run("setfacl", ["-x", surplus.map((entry) => entry.replace(/:[^:]*$/, "")).join(","), path]);
    },
  };
}

/** Has a unit start at boot and now; one that was masked by hand could not. */
export function enableUnit(unit: string): void {
  if (tryRun("systemctl", ["is-enabled", unit]).stdout.startsWith("masked"))
    run("systemctl", ["unmask", "--quiet", unit]);
  run("systemctl", ["enable", "--now", "--quiet", unit]);
}

/** Makes a folder. A member's tree is a subvolume where the file system has them: it is then counted, limited and copied by itself. */
export function makeFolder(path: string, tree: boolean): void {
  const btrfs = tree && path.startsWith("/srv/") && onBtrfs("/srv/hosting");
  if (btrfs && tryRun("btrfs", ["-q", "subvolume", "create", path]).code === 0) return;
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

/** Whether a path lies on btrfs. */
export function onBtrfs(path: string): boolean {
  return existsSync(path) && statfsSync(path).type === 0x9123683e;
}

/** ACL entries that a path lacks. */
export function missingEntries(path: string, wanted: readonly string[]): string[] {
  const seen = new Set(entriesOf(path));
  return wanted.filter((entry) => !seen.has(entry));
}

// Named users and groups only: the other entries are the mode.
function surplusEntries(path: string, wanted: readonly string[]): string[] {
  return entriesOf(path).filter((entry) => /^(default:)?(user|group):[^:]+:/.test(entry) && !wanted.includes(entry));
}

function entriesOf(path: string): string[] {
  return run("getfacl", ["-cpE", path]).split("\n");
}
