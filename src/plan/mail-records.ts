import { createHash } from "node:crypto";
import type { DnsRecord, Host, MailPolicy } from "./types.ts";

/** What all records of a domain have in common. */
export type Common = Pick<DnsRecord, "ttl" | "proxied" | "comment">;

/** The MTA-STS policy of every mail domain on a host (RFC 8461, 3.2), as it is served under `mta-sts.<domain>`. */
export function mtaStsPolicy(mail: Host, { mtaSts }: MailPolicy): string {
  return ["version: STSv1", `mode: ${mtaSts.mode}`, `mx: ${mail.name}`, `max_age: ${mtaSts.maxAge}`, ""].join("\r\n");
}

/** A domain with mail: delivery and protection, MTA-STS (RFC 8461), TLS-RPT (RFC 8460), and where clients find their servers. */
export function mailRecords(domain: string, mail: Host, policy: MailPolicy, common: Common): DnsRecord[] {
  const id = createHash("sha256").update(mtaStsPolicy(mail, policy)).digest("hex").slice(0, 32);
  return [
    ...deliveryRecords(domain, mail, policy, common),
    text(`_mta-sts.${domain}`, "mta-sts", `v=STSv1; id=${id}`, common),
    alias(`mta-sts.${domain}`, "mta-sts", mail.name, common),
    text(`_smtp._tls.${domain}`, "tls-rpt", `v=TLSRPTv1; rua=mailto:${policy.tlsReports}`, common),
    alias(`autoconfig.${domain}`, "autoconfig", mail.name, common),
    alias(`autodiscover.${domain}`, "autodiscover", mail.name, common),
    ...services.map(([service, port]) => serviceRecord(`${service}._tcp.${domain}`, port, mail.name, common)),
  ];
}

/**
 * What a name that sends and receives mail on one of our hosts needs: MX, SPF (RFC 7208), DKIM by CNAME into the association's
 * zone, so that keys rotate without touching the name (RFC 6376), and DMARC (RFC 9989). A robot's host name has these alone.
 */
export function deliveryRecords(name: string, host: Host, policy: MailPolicy, common: Common): DnsRecord[] {
  const { zone, spf, dkimSelectors, dmarc } = policy;
  return [
    { name, type: "MX", key: "mail", content: host.name, priority: 10, ...common },
    text(name, "spf", `v=spf1 mx include:${spf} -all`, common),
    ...dkimSelectors.map((selector) =>
      alias(`${selector}._domainkey.${name}`, "dkim", `${selector}._domainkey.${zone}`, common),
    ),
    text(`_dmarc.${name}`, "dmarc", `v=DMARC1; p=${dmarc.policy}; rua=mailto:${dmarc.reports}`, common),
  ];
}

function text(name: string, key: string, value: string, common: Common): DnsRecord {
  return { name, type: "TXT", key, content: `"${value}"`, ...common };
}

function alias(name: string, key: string, content: string, common: Common): DnsRecord {
  return { name, type: "CNAME", key, content, ...common };
}

/** Mail services by their names in DNS, with their ports; without a port: not offered, which clients are told (RFC 6186, 3.4). */
const services: readonly (readonly [name: string, port: number | undefined])[] = [
  ["_imaps", 993],
  ["_submissions", 465],
  ["_submission", 587],
  ["_autodiscover", 443],
  ["_imap", undefined],
  ["_pop3", undefined],
  ["_pop3s", undefined],
];

function serviceRecord(name: string, port: number | undefined, target: string, common: Common): DnsRecord {
  const data =
    port === undefined ? { priority: 0, weight: 0, port: 0, target: "." } : { priority: 0, weight: 1, port, target };
  return { name, type: "SRV", key: "mail", data, priority: 0, ...common };
}

/** Records of a domain that neither sends nor receives mail: null MX (RFC 7505), an SPF and a DMARC that refuse everything. */
export function noMailRecords(domain: string, common: Common): DnsRecord[] {
  return [
    { name: domain, type: "MX", key: "no-mail", content: ".", priority: 0, ...common },
    text(domain, "spf", "v=spf1 -all", common),
    text(`_dmarc.${domain}`, "dmarc", "v=DMARC1; p=reject", common),
  ];
}

/** Who may issue certificates for a domain (RFC 8659), with the account where it is known (RFC 8657), and who is told of others. */
export function authorityRecords(domain: string, { caa }: MailPolicy, common: Common): DnsRecord[] {
  const account = caa.accountUri === undefined ? "" : `; accounturi=${caa.accountUri}`;
  return [
    ...caa.issuers.map(
      (issuer): DnsRecord => ({
        name: domain,
        type: "CAA",
        key: `issue-${issuer}`,
        data: { flags: 0, tag: "issue", value: `${issuer}${account}` },
        ...common,
      }),
    ),
    {
      name: domain,
      type: "CAA",
      key: "iodef",
      data: { flags: 0, tag: "iodef", value: `mailto:${caa.reports}` },
      ...common,
    },
  ];
}
