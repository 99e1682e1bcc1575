import type { HostDocument, MemberDocument } from "../src/document.ts";
import { boughtWarnings } from "./bought.ts";
import { keptByRestoring } from "./export/restore.ts";
import { type Facts, observeFacts } from "./facts.ts";
import type { DesiredFile } from "./files.ts";
import { foreignFiles } from "./foreign.ts";
import { loginFiles, strayKeys } from "./ftp.ts";
import { hostFiles } from "./host.ts";
import { hostSteps } from "./host-steps.ts";
import { readLeaving, served } from "./leaving.ts";
import { memberBase, memberFiles, missingDatabases, socketStep } from "./member.ts";
import { paths } from "./paths.ts";
import { keptFolders } from "./quota/convert.ts";
import { quotaWarnings } from "./quota.ts";
import { type Drift, emptyResult, Rejection, type Result } from "./result.ts";
import { driftOfSoftware } from "./software/steps.ts";
import { driftOfFiles, driftOfSteps } from "./steps.ts";
import { appliedMembers, documentDrift, namesIn, readRegistry, storedHost, storedMembers } from "./store.ts";

/** Compares the host with all documents that it holds; changes nothing. The exceptions in `local/` are always told. */
export function check(): Result {
  const result = emptyResult("check");
  const registry = readRegistry();
  const edited = documentDrift(registry);
  const isHostEdited = edited.some(({ path }) => path === paths.hostDocument);
  const host = isHostEdited ? undefined : storedHost();
  if (host === undefined && !isHostEdited) {
    return { ...result, warnings: ["cet hôte n'a encore reçu aucun document"] };
  }
  const facts = observeFacts();
  const leaving = readLeaving();
  const members = [...appliedMembers(registry).values()].map((document) => served(document, leaving));
  const files = filesOf(host, members, facts);
  const logins = host === undefined ? undefined : loginFiles(host, storedMembers().values());
  const steps = [
    ...(host === undefined ? [] : hostSteps(host)),
    ...members.flatMap((document) => [...memberBase(document, undefined), socketStep(document)]),
  ];
  // What an edited document had rendered can't be told from what it should have.
  const known = [...files.map(({ path }) => path), ...(edited.length > 0 ? Object.keys(registry) : [])];
  result.drift.push(
    ...edited,
    ...driftOfFiles([...files, ...(logins ?? [])], registry),
    ...foreignFiles(new Set(known)),
    ...(logins === undefined ? [] : strayKeys(logins)).map(
      (path): Drift => ({ path, kind: "hand-made", key: "accounts" }),
    ),
    ...driftOfSteps(steps),
    ...members.flatMap(driftOfSoftware),
    ...members.flatMap(lostDatabases),
  );
  for (const { name } of leaving)
    result.warnings.push(`en partance : ${name}, servi jusqu'à ce que le DNS l'ait oublié`);
  result.warnings.push(...members.flatMap(({ sites = [] }) => sites.flatMap(boughtWarnings)));
  result.warnings.push(...quotaWarnings(), ...keptFolders(), ...keptByRestoring(), ...localExceptions());
  for (const name of namesIn(paths.quarantine, ""))
    result.warnings.push(`mis de côté par nginx : ${paths.quarantine}/${name}`);
  return result;
}

/** All files that the agent renders for a host and its members. */
export function filesOf(host: HostDocument | undefined, members: readonly MemberDocument[], facts: Facts) {
  const ofHost: DesiredFile[] = host === undefined ? [] : hostFiles(host, facts);
  return [...ofHost, ...members.flatMap((document) => memberFiles(document, facts))];
}

// Nothing on the host makes one anew: the engine does, empty, or an export is restored.
function lostDatabases(document: MemberDocument): Drift[] {
  try {
    const { member } = document;
    return missingDatabases(document).map((name) => {
      return { path: `database ${name}`, kind: "hand-made", key: "databases", member };
    });
  } catch (error) {
    // A server that is stopped is told by itself.
    if (error instanceof Rejection) return [];
    throw error;
  }
}

function localExceptions(): string[] {
  return namesIn(paths.local, "").flatMap((part) =>
    namesIn(`${paths.local}/${part}`, "").map((name) => `exception locale : ${paths.local}/${part}/${name}`),
  );
}
