import { association } from "../association.ts";
import { deliveryRecords } from "./mail-records.ts";
import { addressRecords, byIdentity, quotedText, TTL } from "./records.ts";
import type { DnsRecord, DomainPlan, Host } from "./types.ts";
import { isWithin } from "./zone.ts";

/** The name under which the association's own zone stands among the members; no member can have it. */
export const ownName = "cassiopea";

/**
 * What members' domains refer to in the association's own zone: hosts, who sends mail, DKIM keys, leave to send it reports, the
 * shared domain of lists. Whatever else the zone holds is nobody's concern here. DKIM records have no content: each host of
 * mail makes its key itself.
 */
export function ownDomain(hosts: readonly Host[]): DomainPlan {
  const { mail: policy, listsDomain } = association;
  const common = { ttl: TTL, proxied: false, comment: ownName };
  const text = (name: string, key: string, value: string): DnsRecord => ({
    name,
    type: "TXT",
    key,
    content: quotedText(value),
    ...common,
  });
  const lists = hosts.find(({ roles }) => roles.includes("lists"));
  const records = [
    ...hosts
      .filter(({ name }) => isWithin(name, policy.zone))
      .flatMap((host) => addressRecords(host.name, "host", host, common)),
    text(policy.spf, "spf", senders(hosts)),
    // RFC 9990: without it nobody sends reports on other domains here.
    text(`*._report._dmarc.${policy.zone}`, "reports", "v=DMARC1"),
    ...(mailHost(hosts) === undefined ? [] : policy.dkimSelectors).map((selector): DnsRecord => {
      return { name: `${selector}._domainkey.${policy.zone}`, type: "TXT", key: "dkim", ...common };
    }),
    ...(lists === undefined
      ? []
      : [
          ...addressRecords(listsDomain, "lists", lists, common),
          // Its keys are in this very zone, where a CNAME to them would be a detour all the same.
          ...deliveryRecords(listsDomain, lists, policy, common),
        ]),
  ];
  return { domain: policy.zone, records: records.sort(byIdentity) };
}

/** The host that makes the DKIM keys. */
export function mailHost(hosts: readonly Host[]): Host | undefined {
  return hosts.find(({ roles }) => roles.includes("mail"));
}

/** SPF (RFC 7208) of the hosts that send mail, by address: no look-up beside the one that led here. */
function senders(hosts: readonly Host[]): string {
  const addresses = hosts
    .filter(({ roles }) => roles.includes("mail") || roles.includes("lists"))
    .flatMap(({ ipv4, ipv6 }) => [ipv4, ...(ipv6 === undefined ? [] : [ipv6])]);
  return ["v=spf1", ...addresses.map((one) => `${one.includes(":") ? "ip6" : "ip4"}:${one}`), "-all"].join(" ");
}

/** Content of a DKIM record (RFC 6376, 3.6.1) for a public key as base64 of its DER. */
export function dkimContent(publicKey: string): string {
  return quotedText(`v=DKIM1; k=rsa; p=${publicKey}`);
}
