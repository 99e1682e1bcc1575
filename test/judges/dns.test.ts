import { expect, it } from "vitest";
import type { DnsRecord } from "../../src/plan/types.ts";
import { associationZone, everyDomain, judgeDns, mailDomains, type Planned } from "./support/dns.ts";

/** What is meant so: DMARC begins without effect, and nobody reads reports on a domain without mail. */
const meant = [
  /^DMARC: A p tag value of none makes DMARC unenforced on email sent as /,
  /^DMARC: rua tag \(destination for aggregate reports\) not found\.$/,
];
const all = everyDomain();
/** A domain with mail and a robot's name below it. */
const mail = all.find(({ title }) => title === "71-finer-points") as Planned;
const none = all.find(({ records }) => records.some(({ key }) => key === "no-mail")) as Planned;

/** Every finding of the judges that is not meant so. */
async function found(planned: readonly Planned[], association?: readonly DnsRecord[]): Promise<string[]> {
  const verdicts = await judgeDns(planned, association);
  return verdicts.flatMap((verdict) =>
    Object.entries(verdict).flatMap(([name, { errors, warnings }]) =>
      [...errors, ...warnings.filter((text) => !meant.some((one) => one.test(text)))].map((text) => `${name}: ${text}`),
    ),
  );
}

it("checkdmarc, dkimpy and dnspython take every record of every domain for right", async () => {
  const kinds = all.flatMap(({ records }) => mailDomains(records).map(({ mail: kind }) => kind));
  expect(kinds.length).toBeGreaterThan(15);
  expect([...new Set(kinds)].sort()).toEqual(["delivery", "none", "whole"]);
  expect(await found(all)).toEqual([]);
});

const changed = ({ title, records }: Planned, is: (record: DnsRecord) => boolean, by: Partial<DnsRecord>): Planned => ({
  title,
  records: records.map((record) => (is(record) ? { ...record, ...by } : record)),
});
const named =
  (name: string, type: string, key?: string) =>
  (record: DnsRecord): boolean =>
    record.name === name && record.type === type && (key === undefined || record.key === key);
const text = (value: string) => ({ content: `"${value}"` });
const jardins = "jardins.example";
const isSpf = named(jardins, "TXT", "spf");
const withoutMail = none.records.find(({ key }) => key === "no-mail")?.name ?? "";
const lacks = ({ title, records }: Planned, is: (record: DnsRecord) => boolean): Planned => ({
  title,
  records: records.filter((record) => !is(record)),
});

it.each<[string, Planned, RegExp]>([
  [
    "an SPF mechanism that is none",
    changed(mail, isSpf, text("v=spf1 mx includes:_spf.cassiopea.org -all")),
    /^jardins\.example: SPF: /,
  ],
  [
    "an SPF that includes what is not there",
    changed(mail, isSpf, text("v=spf1 mx include:_spf.none.example -all")),
    /^jardins\.example: SPF: /,
  ],
  [
    "two SPF",
    { ...mail, records: [...mail.records, { ...(mail.records.find(isSpf) as DnsRecord), content: '"v=spf1 -all"' }] },
    /^jardins\.example: SPF: /,
  ],
  [
    "an unknown DMARC policy",
    changed(mail, named(`_dmarc.${jardins}`, "TXT"), text("v=DMARC1; p=refuse")),
    /^jardins\.example: DMARC: /,
  ],
  [
    "a DMARC address that is none",
    changed(mail, named(`_dmarc.lists.${jardins}`, "TXT"), text("v=DMARC1; p=none; rua=dmarc@cassiopea.org")),
    /^lists\.jardins\.example: DMARC: /,
  ],
  [
    "an MTA-STS identifier with a dash",
    changed(mail, named(`_mta-sts.${jardins}`, "TXT"), text("v=STSv1; id=2026-11-26")),
    /^jardins\.example: MTA-STS: /,
  ],
  [
    "no address of the MTA-STS policy",
    lacks(mail, named(`mta-sts.${jardins}`, "CNAME")),
    /^jardins\.example: MTA-STS: /,
  ],
  [
    "a server that the MTA-STS policy lacks",
    changed(mail, named(jardins, "MX"), { content: `www.${jardins}` }),
    /^jardins\.example: MTA-STS: the policy lacks /,
  ],
  [
    "a server without an address",
    changed(mail, named(jardins, "MX"), { content: "mx.none.example" }),
    /^jardins\.example: (MX|SPF): .*mx\.none\.example/,
  ],
  [
    "TLS-RPT without an address",
    changed(mail, named(`_smtp._tls.${jardins}`, "TXT"), text("v=TLSRPTv1")),
    /^jardins\.example: TLS-RPT: /,
  ],
  [
    "a DKIM alias to what is not there",
    changed(mail, named(`c202601._domainkey.${jardins}`, "CNAME"), { content: "c202601._domainkey.none.example" }),
    /^jardins\.example: DKIM: c202601$/,
  ],
  [
    "no DKIM of the robot",
    lacks(mail, named(`c202607._domainkey.lists.${jardins}`, "CNAME")),
    /^lists\.jardins\.example: DKIM: c202607$/,
  ],
  [
    "a CAA tag that is none",
    changed(mail, named(jardins, "CAA", "iodef"), { data: { flags: 0, tag: "io-def", value: "x" } }),
    /^zone file: zone file: /,
  ],
  [
    "a server of a domain without mail",
    changed(none, named(withoutMail, "MX"), { content: "web1.example.org" }),
    /: MX: web1\.example\.org$/,
  ],
  [
    "a lax policy of a domain without mail",
    changed(none, named(`_dmarc.${withoutMail}`, "TXT"), text("v=DMARC1; p=quarantine")),
    /: DMARC: .* should be reject for parked domains/,
  ],
])("%s is refused, and nothing else", async (_, planned, expected) => {
  const findings = await found([planned]);
  expect(findings.length, findings.join("\n")).toBeGreaterThan(0);
  expect(findings.filter((finding) => !expected.test(finding))).toEqual([]);
});

it.each<[string, (record: DnsRecord) => boolean, RegExp]>([
  ["takes nobody's reports", ({ name }) => name.startsWith("*._report"), /: DMARC: /],
  ["has no addresses that send", ({ name }) => name.startsWith("_spf."), /: SPF: /],
  ["lacks a key", ({ name }) => name.startsWith("c202601._domainkey"), /: DKIM: c202601$/],
])("an association's zone that %s is refused", async (_, missing, expected) => {
  const findings = await found(
    [mail],
    associationZone().filter((record) => !missing(record)),
  );
  expect(findings.length).toBe(2);
  expect(findings.filter((finding) => !expected.test(finding))).toEqual([]);
});
