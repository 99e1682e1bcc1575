import type { DocumentSoftware, MemberDocument } from "../../src/document.ts";
import { paths } from "../paths.ts";
import { Rejection } from "../result.ts";
import { lastWords, type Outcome, tryRun } from "../shell.ts";

/** Where one software of a member is, or is to be. Everything in there is done with the member's own rights. */
export interface Place {
  member: string;
  uid: number;
  software: DocumentSoftware;
  /** What follows `https://` of it: the site, and its folder if it has one. */
  address: string;
  /** What the web server's path begins with, before a `/`; empty at the root of the site. */
  prefix: string;
  /** The member's folder that no web server leads to. */
  privateFolder: string;
  /** The folder that visitors see. */
  target: string;
  /** Where it is made ready, beside the sites: no web server leads there. */
  staged: string;
}

/** The places of a member's software that is looked after. */
export function placesOf({ member, uid, status, software = [] }: MemberDocument): Place[] {
  if (status !== undefined) return [];
  return software
    .filter(({ ended }) => ended !== true)
    .map((one) => {
      const home = `${paths.srv}/${member}`;
      const prefix = one.folder === undefined ? "" : `/${one.folder}`;
      const address = `${one.site}${prefix}`;
      return {
        member,
        uid,
        software: one,
        address,
        prefix,
        privateFolder: `${home}/private`,
        target: `${home}/sites/${address}`,
        staged: `${home}/sites/.${address.replaceAll("/", "_")}.${one.software}`,
      };
    });
}

/** Runs a shell script with the member's rights, in a folder that need not be there; what it is given comes as `$1`, `$2` … */
export function tryAs({ uid }: Pick<Place, "uid">, script: string, ...args: readonly string[]): Outcome {
  return tryRun("sh", ["-eu", "-c", `umask 027; ${script}`, "sh", ...args], { as: { uid, gid: uid } });
}

/** The same, where it may not fail. */
export function runAs(place: Pick<Place, "uid">, script: string, ...args: readonly string[]): string {
  const done = tryAs(place, script, ...args);
  if (done.code !== 0) throw new Rejection(`code ${done.code} : ${lastWords(done)}`);
  return done.stdout;
}

/** What the software's place is called when people are told of it. */
export function nameOf({ software: { software }, address }: Place): string {
  return `${software} ${address}`;
}
