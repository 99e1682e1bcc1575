import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { installPackages } from "../packages.ts";
import { paths } from "../paths.ts";
import { Rejection } from "../result.ts";
import { run, tryRun } from "../shell.ts";

/** A version of a software as it is installed for members. */
export interface Artefact {
  folder: string;
  /** Its files with their SHA-256, as sha256sum(1) reads them. */
  list: string;
}

/** Parts of Debian's SPIP that are its program; the others are links into a place that all sites would share. */
export const spipProgram = [
  "config/ecran_securite.php",
  "config/spip",
  "index.php",
  "plugins-dist",
  "prive",
  "spip.php",
  "spip.png",
  "squelettes-dist",
  "vendor",
  // The last: by it a program tells its version.
  "ecrire",
];

/** Libraries of PHP that SPIP loads by itself. */
const libraries = ["Algo26", "Jakeasmith", "Psr", "SpipLeague", "Symfony"];
const packages = ["spip", "libfcgi-bin"];

/** Where the artefact of a version is, or would be. */
export function artefactOf(version: string): Artefact {
  return { folder: `${paths.software}/spip-${version}`, list: `${paths.software}/spip-${version}.sha256` };
}

/**
 * SPIP in this version, made once out of Debian's package, which apt has verified. Sites that have it keep it: a later package
 * makes another artefact.
 * @throws Rejection when Debian gives another version, or the artefact was changed
 */
export function spipArtefact(version: string): Artefact {
  const artefact = artefactOf(version);
  if (!existsSync(artefact.folder)) make(version, artefact);
  const altered = tryRun("sh", [
    "-c",
    'cd "$1" && sha256sum --check --quiet --strict "$2"',
    "sh",
    artefact.folder,
    artefact.list,
  ]);
  if (altered.code !== 0)
    throw new Rejection(`${artefact.folder} n'est plus ce que dit ${artefact.list} : retirez-le, il sera refait`);
  return artefact;
}

function make(version: string, { folder, list }: Artefact): void {
  if (installed() !== version) {
    installPackages(packages);
  }
  const found = installed();
  if (found !== version)
    throw new Rejection(
      `SPIP ${version} est demandé, Debian donne ${found ?? "aucun SPIP"} : écrivez cette version dans le fichier du membre (version), ou retirez-la`,
    );
  const partial = `${paths.software}/.spip-${version}`;
  if (existsSync(partial)) run("find", [partial, "-xdev", "-depth", "-delete"]);
  mkdirSync(`${partial}/vendor/php`, { recursive: true, mode: 0o755 });
  const from = "/usr/share/spip";
  run("cp", ["-rL", ...spipProgram.filter((name) => !name.includes("/")).map((name) => `${from}/${name}`), partial]);
  run("cp", ["-rL", ...libraries.map((name) => `/usr/share/php/${name}`), `${partial}/vendor/php`]);
  mkdirSync(`${partial}/config`, { mode: 0o755 });
  run("cp", ["-rL", "/etc/spip/ecran_securite.php", `${from}/config/spip`, `${partial}/config`]);
  bringHome(partial);
  run("chmod", ["-R", "u=rwX,go=rX", partial]);
  const sums = run("sh", [
    "-c",
    'cd "$1" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum',
    "sh",
    partial,
  ]);
  writeFileSync(list, sums);
  run("sync", ["-f", partial]);
  renameSync(partial, folder);
}

/** The version of Debian's package that is installed here, without Debian's own part. */
function installed(): string | undefined {
  const { code, stdout } = tryRun("dpkg-query", ["-W", "-f", "${db:Status-Status} ${Version}", packages[0] ?? ""]);
  const tools = tryRun("sh", ["-c", "command -v cgi-fcgi"]).code === 0;
  return code === 0 && tools ? /^installed ([^+-]+)/.exec(stdout)?.[1] : undefined;
}

// Debian's copy names its own folders; a site's copy has to find what it loads beside itself.
function bringHome(folder: string): void {
  const library = "/usr/share/php/";
  const named = run("grep", ["-rlF", library, `${folder}/vendor`])
    .trim()
    .split("\n");
  for (const path of named) {
    const depth = path.slice(`${folder}/vendor/`.length).split("/").length - 1;
    const up = path.startsWith(`${folder}/vendor/php/`) ? "/..".repeat(depth - 1) : "/php";
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replaceAll(`'${library}`, `__DIR__ . '${up}/`));
  }
  const detector = `${folder}/vendor/php/SpipLeague/Component/Kernel/InstallationDetector.php`;
  const text = readFileSync(detector, "utf8");
  const own = "realpath('/usr/share/spip/')";
  if (!text.includes(own)) throw new Rejection(`le SPIP de Debian a changé (${detector}) : son pilote est à revoir`);
  writeFileSync(detector, text.replace(own, "realpath(__DIR__ . '/../../../../..')"));
}
