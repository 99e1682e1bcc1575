import { describe, expect, it } from "vitest";
import { association } from "../../src/association.ts";
import { mtaStsPolicy } from "../../src/plan/mail-records.ts";
import { plan } from "../../src/plan/plan.ts";
import type { DnsRecord, Host } from "../../src/plan/types.ts";
import type { DeclarationInput } from "../../src/schema.ts";
import { lacWith } from "../checks/support.ts";
import { hosts } from "../golden/support/hosts.ts";

const from = "2026-01-01";
const [one] = hosts as [Host];
const web: Host = { ...one, host: "web1", ipv4: "192.0.2.11", ipv6: "2001:db8::11", roles: ["web", "database"] };
const mail: Host = { ...one, host: "mail1", name: "mx.example.org", ipv4: "192.0.2.12", roles: ["mail"] };
const lists: Host = { ...one, host: "lists1", name: "sympa.example.org", ipv4: "192.0.2.13", roles: ["lists"] };

function records(said: Partial<DeclarationInput>, on: Host[] = [web, mail, lists]): DnsRecord[] {
  const member = lacWith({ sites: [{ name: "lac.example" }], ...said });
  return plan(member, on).domains.flatMap((domain) => domain.records);
}

/** As in a zone file, without TTL. */
function line({ name, type, content, priority, data }: DnsRecord): string {
  const value = data === undefined ? content : Object.values(data).join(" ");
  return `${name} ${type} ${type === "MX" ? `${priority} ` : ""}${value}`;
}

const domain = (more: object) => ({ domains: [{ name: "lac.example", from, ...more }] });
const lines = (said: Partial<DeclarationInput>, on?: Host[]) => records(said, on).map(line);

describe("a domain with mail", () => {
  it("has the whole modern set", () => {
    const id = lines({ mailboxes: [{ address: "info@lac.example" }] })
      .find((text) => text.startsWith("_mta-sts."))
      ?.slice('_mta-sts.lac.example TXT "v=STSv1; id='.length, -1);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(lines({ mailboxes: [{ address: "info@lac.example" }] })).toEqual([
      "_autodiscover._tcp.lac.example SRV 0 1 443 mx.example.org",
      '_dmarc.lac.example TXT "v=DMARC1; p=none; rua=mailto:dmarc@cassiopea.org"',
      "_imap._tcp.lac.example SRV 0 0 0 .",
      "_imaps._tcp.lac.example SRV 0 1 993 mx.example.org",
      `_mta-sts.lac.example TXT "v=STSv1; id=${id}"`,
      "_pop3._tcp.lac.example SRV 0 0 0 .",
      "_pop3s._tcp.lac.example SRV 0 0 0 .",
      '_smtp._tls.lac.example TXT "v=TLSRPTv1; rua=mailto:tls-reports@cassiopea.org"',
      "_submission._tcp.lac.example SRV 0 1 587 mx.example.org",
      "_submissions._tcp.lac.example SRV 0 1 465 mx.example.org",
      "autoconfig.lac.example CNAME mx.example.org",
      "autodiscover.lac.example CNAME mx.example.org",
      "c202601._domainkey.lac.example CNAME c202601._domainkey.cassiopea.org",
      "c202607._domainkey.lac.example CNAME c202607._domainkey.cassiopea.org",
      "lac.example A 192.0.2.11",
      "lac.example AAAA 2001:db8::11",
      "lac.example CAA 0 iodef mailto:hostmaster@cassiopea.org",
      "lac.example CAA 0 issue letsencrypt.org",
      "lac.example MX 10 mx.example.org",
      'lac.example TXT "v=spf1 mx include:_spf.cassiopea.org -all"',
      "mta-sts.lac.example CNAME mx.example.org",
    ]);
  });

  it("is one in which an address is declared, or that says so", () => {
    const hasMx = (said: Partial<DeclarationInput>) => lines(said).includes("lac.example MX 10 mx.example.org");
    expect(hasMx({ aliases: [{ address: "a@lac.example", to: ["b@lac.example"] }] })).toBe(true);
    expect(hasMx({ forwards: [{ address: "a@lac.example", to: ["contact:anne"] }] })).toBe(true);
    expect(hasMx(domain({ mail: true }))).toBe(true);
    expect(hasMx({ ...domain({ mail: false }), mailboxes: [{ address: "info@lac.example" }] })).toBe(false);
    expect(hasMx({ mailboxes: [{ address: "info@lac.example", to: "2026-02-01" }] })).toBe(false);
  });

  it("gets its records once a server of mail is there, and is not told to be without mail before", () => {
    const none = lines(domain({ mail: true }), [web]);
    expect(none.filter((text) => /MX|spf1|DMARC/.test(text))).toEqual([]);
  });

  it("has a policy of MTA-STS whose identifier changes with the policy alone", () => {
    const { mail: policy } = association;
    expect(mtaStsPolicy(mail, policy)).toBe(
      "version: STSv1\r\nmode: testing\r\nmx: mx.example.org\r\nmax_age: 604800\r\n",
    );
    const id = (on: Host) => lines(domain({ mail: true }), [web, on]).find((text) => text.startsWith("_mta-sts"));
    expect(id({ ...mail, ipv4: "192.0.2.99" })).toBe(id(mail));
    expect(id({ ...mail, name: "mx2.example.org" })).not.toBe(id(mail));
  });
});

describe("a domain without mail", () => {
  it("says so, so that nobody can write in its name", () => {
    expect(lines({})).toEqual([
      '_dmarc.lac.example TXT "v=DMARC1; p=reject"',
      "lac.example A 192.0.2.11",
      "lac.example AAAA 2001:db8::11",
      "lac.example CAA 0 iodef mailto:hostmaster@cassiopea.org",
      "lac.example CAA 0 issue letsencrypt.org",
      "lac.example MX 0 .",
      'lac.example TXT "v=spf1 -all"',
    ]);
  });

  it("whose own MX leads elsewhere keeps the mail that it has there", () => {
    const own = domain({ records: [{ name: "@", type: "MX", value: "mx.provider.example", priority: 5 }] });
    expect(lines(own).filter((text) => /MX|spf1|DMARC/.test(text))).toEqual(["lac.example MX 5 mx.provider.example"]);
  });
});

describe("a record of the member's own", () => {
  const with_ = (...own: object[]) => lines({ ...domain({ mail: true, records: own }) });

  it("stands beside others of its type, and in place of the one that says the same", () => {
    const proof = { name: "@", type: "TXT", value: "site-verification=abc" };
    const spf = {
      name: "@",
      type: "TXT",
      value: "v=spf1 include:_spf.cassiopea.org include:news.example -all",
      label: "spf",
    };
    expect(with_(proof, spf).filter((text) => text.startsWith("lac.example TXT"))).toEqual([
      'lac.example TXT "site-verification=abc"',
      'lac.example TXT "v=spf1 include:_spf.cassiopea.org include:news.example -all"',
    ]);
    expect(with_(proof).filter((text) => text.startsWith("lac.example TXT"))).toEqual([
      'lac.example TXT "site-verification=abc"',
      'lac.example TXT "v=spf1 mx include:_spf.cassiopea.org -all"',
    ]);
  });

  it("stands alone where it is an alias, or where an alias would be", () => {
    expect(with_({ name: "autoconfig", type: "CNAME", value: "other.example" })).not.toContain(
      "autoconfig.lac.example CNAME mx.example.org",
    );
    const address = with_({ name: "mta-sts", type: "A", value: "192.0.2.77" });
    expect(address.filter((text) => text.startsWith("mta-sts."))).toEqual(["mta-sts.lac.example A 192.0.2.77"]);
  });
});

it("a robot's name has its server's addresses and a mail set of its own", () => {
  const robot = {
    packs: [
      { pack: "autonomous" as const, from },
      { pack: "sympa" as const, from },
    ],
    robot: { domain: "listes.lac.example", listmasters: ["contact:anne"] },
  };
  expect(lines(robot).filter((text) => text.includes("listes.lac.example"))).toEqual([
    '_dmarc.listes.lac.example TXT "v=DMARC1; p=none; rua=mailto:dmarc@cassiopea.org"',
    "c202601._domainkey.listes.lac.example CNAME c202601._domainkey.cassiopea.org",
    "c202607._domainkey.listes.lac.example CNAME c202607._domainkey.cassiopea.org",
    "listes.lac.example A 192.0.2.13",
    "listes.lac.example AAAA 2001:db8::11",
    "listes.lac.example MX 10 sympa.example.org",
    'listes.lac.example TXT "v=spf1 mx include:_spf.cassiopea.org -all"',
  ]);
  expect(lines(robot, [web, mail]).filter((text) => text.includes("listes.lac.example"))).toEqual([]);
});

it("a certificate that the member bought may be of any authority", () => {
  const bought = {
    options: [{ option: "certificate" as const, from }],
    sites: [{ name: "lac.example", certificate: "bought" as const }],
  };
  expect(lines(bought).filter((text) => text.includes("CAA"))).toEqual([]);
});

it("no name of mail is proxied, and each record says whose it is", () => {
  for (const record of records(domain({ mail: true })))
    expect([record.proxied, record.comment, record.ttl]).toEqual([false, "cassiopea lac", 300]);
});
