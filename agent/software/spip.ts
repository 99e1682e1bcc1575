import { existsSync } from "node:fs";
import { newPassword } from "../credentials.ts";
import { keepForHandover } from "../handover.ts";
import { welcomePage } from "../render/pages.ts";
import { Rejection } from "../result.ts";
import { sql } from "../sql.ts";
import { type Artefact, artefactOf, spipArtefact, spipProgram } from "./artefact.ts";
import { nameOf, type Place, runAs, tryAs } from "./place.ts";
import { askPhp } from "./request.ts";

const exchange = "mv --exchange --no-copy -T --";

/** The version of the SPIP that is in a place; nothing when none was installed to its end. */
export function detect(place: Place): string | undefined {
  const { code, stdout } = tryAs(
    place,
    'test -f "$1/config/connect.php" && cat -- "$1/ecrire/inc_version.php"',
    place.target,
  );
  return code === 0 ? /^\$spip_version_branche = '([\d.]+)';/m.exec(stdout)?.[1] : undefined;
}

/** Files of the program that are not, or no longer, those of the artefact. */
export function altered(place: Place, { list }: Artefact): string[] {
  const check = 'cd -- "$1" && LC_ALL=C sha256sum --check --quiet "$2" 2>/dev/null';
  const { stdout } = tryAs(place, check, place.target, list);
  return [...stdout.matchAll(/^\.\/(.*): FAILED/gm)].map(([, path = ""]) => path);
}

/**
 * Installs SPIP in an empty place, through its own installer, before any visitor can reach it; its first administrator's password
 * waits to be handed over.
 * @throws Rejection when something is in the place already, or in its database
 */
export function install(place: Place): void {
  const { target, staged, software, member } = place;
  const artefact = spipArtefact(software.version);
  refuseTaken(place);
  const isFresh = tryAs(place, 'test ! -e "$1"', staged).code === 0;
  if (isFresh && tablesOf(software.database) > 0)
    throw new Rejection(
      `la base ${software.database} contient déjà un SPIP, ${target} n'en a pas : rien n'y est changé`,
    );
  runAs(
    place,
    'mkdir -p -- "$1"; cp -r -- "$2/." "$1/"; mkdir -p -- "$1/IMG" "$1/local" "$1/tmp" "$1/plugins"',
    staged,
    artefact.folder,
  );
  writeAs(place, `${staged}/config/mes_options.php`, options(place));
  const password = newPassword();
  runInstaller(place, password);
  const [name, url] = [software.site, `https://${place.address}`];
  runInside(place, staged, `ecrire_meta('nom_site', '${name}'); ecrire_meta('adresse_site', '${url}');`);
  keepForHandover(member, { what: `SPIP ${place.address}`, login: administrator, password });
  const swap = `if test -e "$2"; then ${exchange} "$1" "$2"; rm -f -- "$1/index.html"; find "$1" -maxdepth 0 -empty -delete; else mv -T -n -- "$1" "$2"; fi`;
  runAs(place, swap, staged, target);
  refuseIll(place, software.version);
  // The keys of its sessions are made at the first visit, for everybody to write.
  runAs(place, 'chmod 0600 -- "$1"/config/*.php', target);
}

const administrator = "admin";

// The page that the agent put there itself is nobody's content.
function refuseTaken(place: Place): void {
  const { target, software } = place;
  const list = 'if test -e "$1"; then ls -A -- "$1"; fi';
  const there = runAs(place, list, target).trim();
  const isWelcome =
    there === "index.html" && runAs(place, 'cat -- "$1/index.html"', target) === welcomePage(software.site);
  if (there !== "" && !isWelcome)
    throw new Rejection(
      `${target} contient déjà autre chose (${there.split("\n").slice(0, 3).join(", ")}) : SPIP n'y est pas installé. Videz ce dossier, ou donnez-lui un autre (folder)`,
    );
}

function tablesOf(database: string): number {
  return Number(
    sql(
      `SELECT COUNT(*) FROM information_schema.tables WHERE table_schema='${database}' AND table_name LIKE 'spip\\_%'`,
    )[0],
  );
}

// By the socket, as the member: no password is in any file of the site.
function options({ member, software: { database } }: Place): string {
  const said = {
    _INSTALL_SERVER_DB: "mysql",
    _INSTALL_HOST_DB: "localhost",
    _INSTALL_USER_DB: member,
    _INSTALL_PASS_DB: "",
    _INSTALL_NAME_DB: database,
    _INSTALL_TABLE_PREFIX: "spip",
  };
  return `<?php\n${Object.entries(said)
    .map(([key, value]) => `define('${key}', '${value}');\n`)
    .join("")}`;
}

function writeAs(place: Place, path: string, text: string): void {
  // Nothing secret is in it, and a few hundred bytes fit into an argument.
  runAs(place, 'printf %s "$2" > "$1"', path, text);
}

// The steps of SPIP's own installer, as its forms would send them.
function runInstaller(place: Place, password: string): void {
  const { prefix } = place;
  const script = `${place.staged}/ecrire/index.php`;
  const step = (etape: string, fields: Record<string, string> = {}) => {
    const answer = askPhp(place, script, `${prefix}/ecrire/`, { exec: "install", etape, ...fields });
    if (answer.status >= 400)
      throw new Rejection(`l'installation de SPIP s'arrête à l'étape ${etape} (${answer.status})`);
    return answer.body;
  };
  const database = { chmod: "488", server_db: "mysql" };
  askPhp(place, script, `${prefix}/ecrire/?exec=install&etape=chmod`);
  step("2", database);
  step("3", { ...database, choix_db: place.software.database, tprefix: "spip" });
  const email = `webmaster@${place.software.site}`;
  const author = { nom: administrator, email, login: administrator, pass: password, pass_verif: password };
  step("3b", { ...database, ...author, adresse_site: `https://${place.address}` });
  step("4");
  step("fin");
  if (tryAs(place, 'test -s "$1/config/connect.php"', place.staged).code !== 0)
    throw new Rejection("l'installation de SPIP n'a pas abouti : son fichier de connexion manque");
}

/**
 * Puts the wanted program in the place of the one that is there, and brings the database to it. What the member made (articles,
 * pictures, plugins, settings) is not touched; the database is copied first, and all goes back when the site does not answer as
 * it should. The former program is kept where it was altered by hand.
 * @returns what is to be told
 */
export function replace(place: Place, from: string): string[] {
  const { target, staged, software } = place;
  const artefact = spipArtefact(software.version);
  const before = artefactOf(from);
  // Of a version without an artefact nobody can say whether it was altered: it counts as such.
  const wasAltered = !existsSync(before.list) || altered(place, before).length > 0;
  const isUpgrade = from !== software.version;
  const dump = `${place.privateFolder}/${software.site}.before-${software.version}.sql`;
  const aside = 'if test -e "$1"; then mv -T --backup=numbered -- "$1" "$1.aside"; fi';
  runAs(place, `${aside}; mkdir -- "$1"; cp -r -- "$2/." "$1/"`, staged, artefact.folder);
  if (isUpgrade)
    runAs(
      place,
      `${aside}; umask 077; mariadb-dump --single-transaction --skip-comments "$2" > "$1"`,
      dump,
      software.database,
    );
  swapProgram(place);
  try {
    if (isUpgrade) migrate(place);
    refuseIll(place, software.version);
  } catch (error) {
    swapProgram(place);
    if (isUpgrade) runAs(place, 'mariadb "$2" < "$1"', dump, software.database);
    runInside(place, target, "");
    discard(place, artefact);
    const said = error instanceof Error ? error.message : String(error);
    throw new Rejection(`${nameOf(place)} : retour à ${from}, le passage à ${software.version} échoue : ${said}`);
  }
  const kept = `${staged}.${from}`;
  if (wasAltered) runAs(place, 'mv -T --backup=numbered -- "$1" "$2"', staged, kept);
  else discard(place, before);
  return [
    ...(isUpgrade ? [`${nameOf(place)} : la base d'avant est dans ${dump}`] : []),
    ...(wasAltered ? [`${nameOf(place)} : l'ancien programme, modifié à la main, est gardé dans ${kept}`] : []),
  ];
}

// Takes away what an artefact has again, file by file; anything else in there stays.
function discard(place: Place, { list }: Artefact): void {
  const listed = `sed -E 's/^[0-9a-f]{64}  //' "$2" | tr '\\n' '\\0' | xargs -0 rm -f --`;
  runAs(place, `cd -- "$1"; ${listed}; cd ..; find "$1" -xdev -depth -type d -empty -delete`, place.staged, list);
}

// Twice gives back what was there. `ecrire` is the last both ways: until it is there the former version is told.
function swapProgram(place: Place): void {
  const script = `new=$1; old=$2; shift 2; for name in "$@"; do if test -e "$old/$name" && test -e "$new/$name"; then ${exchange} "$new/$name" "$old/$name"; elif test -e "$new/$name"; then mv -T -- "$new/$name" "$old/$name"; fi; done`;
  runAs(place, script, place.staged, place.target, ...spipProgram);
}

// SPIP's own upgrade of its tables and plugins, as its private pages would start it.
function migrate(place: Place): void {
  const upgrade = `include_spip('base/abstract_sql');
include_spip('base/upgrade');
include_spip('inc/plugin');
maj_base();
actualise_plugins_actifs();
lire_metas();
if ((string) $GLOBALS['meta']['version_installee'] !== (string) $spip_version_base) exit('tables not upgraded');`;
  runInside(place, place.target, upgrade);
}

// Lines of PHP inside a SPIP, by the member's own PHP; then SPIP empties its own caches.
function runInside(place: Place, root: string, lines: string): void {
  const script = `${place.privateFolder}/.inside-${place.software.site}.php`;
  const whole = `<?php
chdir('${root}/ecrire');
require_once '../vendor/autoload.php';
include 'inc_version.php';
${lines}
include_spip('inc/invalideur');
purger_repertoire(_DIR_CACHE);
purger_repertoire(_DIR_VAR . 'cache-js');
purger_repertoire(_DIR_VAR . 'cache-css');
touch_meta(false);
echo 'done';
`;
  writeAs(place, script, whole);
  try {
    const { status, body } = askPhp(place, script, "/ecrire/");
    if (status !== 200 || !body.trimEnd().endsWith("done"))
      throw new Rejection(`SPIP ne fait pas ce qui lui est demandé : ${status} ${body.trim().slice(-300)}`);
  } finally {
    runAs(place, 'rm -f -- "$1"', script);
  }
}

/** @throws Rejection when the site does not show its home page by the wanted version, or its private pages don't ask who comes */
export function refuseIll(place: Place, version: string): void {
  const { prefix } = place;
  const home = askPhp(place, `${place.target}/spip.php`, `${prefix}/spip.php`);
  if (home.status !== 200 || !home.headers.includes(`SPIP ${version}`) || !home.body.includes("</html>"))
    throw new Rejection(`la page d'accueil ne répond pas comme prévu (${home.status})`);
  const login = askPhp(place, `${place.target}/ecrire/index.php`, `${prefix}/ecrire/`);
  if (login.status !== 302) throw new Rejection(`l'espace privé ne répond pas comme prévu (${login.status})`);
}
