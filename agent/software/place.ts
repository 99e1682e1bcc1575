import type { DocumentSoftware, MemberDocument } from "../../src/document.ts";
import { paths } from "../paths.ts";
import { Rejection } from "../result.ts";
import { lastWords, type Outcome, tryRun } from "../shell.ts";

/** Where one software of a member is, or is to be. Everything in there is done with the member's own rights. */
export interface Place {
  member: string;
  uid: number;
  software: DocumentSoftware;
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
      const sites = `${paths.srv}/${member}/sites`;
      const below = one.folder === undefined ? one.site : `${one.site}/${one.folder}`;
      return {
        member,
        uid,
        software: one,
        target: `${sites}/${below}`,
        staged: `${sites}/.${below.replaceAll("/", "_")}.${one.software}`,
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
export function nameOf({ software: { software, site, folder } }: Place): string {
  return `${software} ${folder === undefined ? site : `${site}/${folder}`}`;
}
