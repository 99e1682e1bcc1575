import { canonical } from "../src/document.ts";
import type { PurgeState } from "../src/purge.ts";
import { readIfThere, writeAtomic } from "./files.ts";
import { paths } from "./paths.ts";
import { Rejection } from "./result.ts";

/** What stays of a purge for ever: what was confirmed, and how far it is done. */
export interface PurgeRecord {
  schema: 1;
  state: PurgeState;
  /** ISO 8601 in UTC. */
  begun: string;
  ended?: string;
}

const fileOf = (member: string) => `${paths.purged}/${member}.json`;

/** The record of a member's purge, begun or ended; undefined when there was none. */
export function purgeOf(member: string): PurgeRecord | undefined {
  const text = readIfThere(fileOf(member));
  return text === undefined ? undefined : (JSON.parse(text.toString()) as PurgeRecord);
}

/** @throws Rejection when what the member had was purged: nothing of it can be served, exported or restored as it stands */
export function refusePurged(member: string): void {
  const record = purgeOf(member);
  if (record !== undefined) throw new Rejection(texts.purged(member, record));
}

/** Notes a purge; on the disk when it returns. */
export function notePurge(record: PurgeRecord): void {
  writeAtomic(fileOf(record.state.member), canonical(record), 0o600);
}

const texts = {
  purged: (member: string, { begun, state }: PurgeRecord) =>
    `ce que ${member} avait ici a été retiré le ${begun.slice(0, 10)}, l'archive ${state.export.id} le contient. S'il revient : retirer ${fileOf(member)} à la main, appliquer son document, puis restaurer l'archive`,
};
