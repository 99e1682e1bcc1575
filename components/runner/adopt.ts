import { domainToASCII } from "node:url";
import { competing, type Foreign, foreignRecords } from "./adoption.ts";
import { DnsApiError, dnsApi, type ListedRecord } from "./dns-api.ts";
import { openSession, Refusal, readSecrets } from "./session.ts";
import { texts } from "./texts.ts";

/**
 * What a zone that exists already holds, beside what is declared for it; changes nothing.
 * @returns the text for the reader
 * @throws Refusal when nobody declares the domain, the zone isn't there, or the API can't be asked
 */
export async function zoneToAdopt(options: { stack: string; members?: string }, name: string): Promise<string> {
  const session = openSession(options.stack, options.members);
  const domain = domainToASCII(name);
  const own = session.wanted.flatMap((one) => (one.kind === "record" && one.domain === domain ? [one] : []));
  const zone = session.wanted.find((one) => one.kind === "zone" && one.domain === domain);
  if (zone?.kind !== "zone") throw new Refusal(texts.noDomain(name));
  const { dnsToken } = await readSecrets(session);
  const api = dnsApi(dnsToken, session.settings.dns.baseUrl);
  try {
    await api.verify();
    const existing = (await api.zones(session.settings.dns.accountId)).find((one) => one.name === domain);
    if (existing === undefined) throw new Refusal(texts.noZone(name));
    const records = await api.records(existing.id);
    const others = foreignRecords(own, records);
    const inTheWay = competing(own, others);
    return adoptionText({ zone, records: others, competing: inTheWay }, records.length - others.length, options.stack);
  } catch (error) {
    if (error instanceof DnsApiError) throw new Refusal(texts.dns[error.kind](error.message));
    throw error;
  }
}

function adoptionText({ zone, records, competing: inTheWay }: Foreign, ours: number, stack: string): string {
  const lines = (list: readonly ListedRecord[]) =>
    list.map(({ name, type, content = "" }) => `    ${name}  ${type}  ${content}`);
  const kept = records.filter((record) => !inTheWay.includes(record));
  return [
    texts.adoption.ours(zone.domain, ours),
    ...(kept.length === 0 ? [] : [texts.adoption.kept(kept.length), ...lines(kept)]),
    ...(inTheWay.length === 0
      ? [texts.adoption.ready(zone.domain, stack)]
      : [texts.adoption.inTheWay(inTheWay.length), ...lines(inTheWay), texts.adoption.settle]),
    "",
  ].join("\n");
}
