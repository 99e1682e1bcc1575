import { existsSync, lstatSync, readdirSync, renameSync, statSync } from "node:fs";
import { refuseRunning, stopPhp } from "../idle.ts";
import { paths } from "../paths.ts";
import { Rejection } from "../result.ts";
import { run } from "../shell.ts";

const endings = { copy: ".copy", kept: ".before-quota" };

/**
 * Makes a plain folder a subvolume. It is copied while nothing of the member runs, compared, then both change places in
 * one step; what stood there is kept beside it, for an administrator to remove.
 * A copy by reflink would not do: simple quotas leave an extent with the subvolume that wrote it first.
 * @param make makes a subvolume in the member's group
 * @throws Rejection with everything as it was
 */
export function convert(member: string, uid: number, make: (path: string) => void): void {
  const tree = `${paths.srv}/${member}`;
  const copy = `${paths.srv}/.${member}${endings.copy}`;
  const kept = `${paths.srv}/.${member}${endings.kept}`;
  if (!lstatSync(tree).isDirectory()) throw new Rejection(`${tree} n'est pas un dossier`);
  if (existsSync(kept)) throw new Rejection(`${kept} existe déjà : le vérifier et le retirer, puis relancer`);
  const startAgain = stopPhp(member);
  try {
    refuseRunning(member, uid);
    // What a killed run left of its copy. After the exchange it would be the member's own folder, which is no subvolume.
    if (!existsSync(copy)) make(copy);
    else if (statSync(copy).ino === 256) run("find", [copy, "-xdev", "-mindepth", "1", "-delete"]);
    else throw new Rejection(`${copy} est un dossier inattendu : le vérifier, puis le déplacer`);
    run("cp", ["-a", "--reflink=never", `${tree}/.`, copy]);
    refuseDifference(tree, copy);
    run("mv", ["-T", "--exchange", copy, tree]);
    renameSync(copy, kept);
  } finally {
    startAgain();
  }
}

/** Folders that were kept from before a conversion, or left by one that was killed, as warnings. */
export function keptFolders(): string[] {
  return readdirSync(paths.srv)
    .filter((name) => Object.values(endings).some((ending) => name.startsWith(".") && name.endsWith(ending)))
    .map((name) => `${paths.srv}/${name} : gardé d'avant le quota ; à retirer à la main une fois vérifié`);
}

function refuseDifference(tree: string, copy: string): void {
  const inside = (path: string, command: string) =>
    run("sh", ["-c", `cd "$1" && ${command}`, "sh", path])
      .split("\n")
      .sort();
  // Sizes and times of folders are the file system's own matter.
  const names = "find . -type d -printf '%P %y %m %U %G\\n' -o -printf '%P %y %m %U %G %n %s %T@ %l\\n'";
  const describe = (path: string) =>
    [names, "find . -type f -exec sha256sum {} +", "getfacl -RnP ."].map((command) => inside(path, command).join("\n"));
  const [before, after] = [describe(tree), describe(copy)];
  if (before.some((text, index) => text !== after[index]))
    throw new Rejection(`la copie de ${tree} diffère de lui : rien n'est changé`);
}
