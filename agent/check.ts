import { boughtWarnings } from "./bought.ts";
import { keptByRestoring } from "./export/restore.ts";
import { observeFacts } from "./facts.ts";
import { loginFiles, strayKeys } from "./ftp.ts";
import { hostFiles, hostSteps } from "./host.ts";
import { readLeaving, served } from "./leaving.ts";
import { memberBase, memberFiles, socketStep } from "./member.ts";
import { paths } from "./paths.ts";
import { keptFolders } from "./quota/convert.ts";
import { quotaWarnings } from "./quota.ts";
import { emptyResult, type Result } from "./result.ts";
import { driftOfSoftware } from "./software/steps.ts";
import { driftOfFiles, driftOfSteps } from "./steps.ts";
import { namesIn, readRegistry, storedHost, storedMembers } from "./store.ts";

/** Compares the host with all documents that it holds; changes nothing. The exceptions in `local/` are always told. */
export function check(): Result {
  const result = emptyResult("check");
  const host = storedHost();
  if (host === undefined) return { ...result, warnings: ["cet hôte n'a encore reçu aucun document"] };
  const facts = observeFacts();
  const leaving = readLeaving();
  const members = [...storedMembers().values()].map((document) => served(document, leaving));
  const logins = loginFiles(host, members);
  const files = [...hostFiles(host, facts), ...logins, ...members.flatMap((document) => memberFiles(document, facts))];
  const steps = [
    ...hostSteps(host),
    ...members.flatMap((document) => [...memberBase(document, undefined), socketStep(document)]),
  ];
  result.drift.push(
    ...driftOfFiles(files, readRegistry()),
    ...driftOfSteps(steps),
    ...members.flatMap(driftOfSoftware),
  );
  const known = new Set(files.map((file) => file.path));
  for (const name of namesIn(paths.sites, "")) {
    const path = `${paths.sites}/${name}`;
    if (!known.has(path)) result.drift.push({ path, kind: "hand-made", key: "sites" });
  }
  for (const path of strayKeys(logins)) result.drift.push({ path, kind: "hand-made", key: "accounts" });
  for (const { name } of leaving)
    result.warnings.push(`en partance : ${name}, servi jusqu'à ce que le DNS l'ait oublié`);
  result.warnings.push(...members.flatMap(({ sites = [] }) => sites.flatMap(boughtWarnings)));
  result.warnings.push(...quotaWarnings(), ...keptFolders(), ...keptByRestoring(), ...localExceptions());
  for (const name of namesIn(paths.quarantine, ""))
    result.warnings.push(`mis de côté par nginx : ${paths.quarantine}/${name}`);
  return result;
}

function localExceptions(): string[] {
  return namesIn(paths.local, "").flatMap((part) =>
    namesIn(`${paths.local}/${part}`, "").map((name) => `exception locale : ${paths.local}/${part}/${name}`),
  );
}
