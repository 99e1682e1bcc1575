import { describe, expect, it } from "vitest";
import { dkimContent, ownDomain } from "../../src/plan/own-zone.ts";
import type { DnsRecord, Host } from "../../src/plan/types.ts";
import { hosts } from "../golden/support/hosts.ts";

const [one] = hosts as [Host];
const web: Host = { ...one, name: "web1.cassiopea.org", ipv4: "192.0.2.11", ipv6: "2001:db8::11", roles: ["web"] };
const mail: Host = { ...one, name: "mx.cassiopea.org", ipv4: "192.0.2.12", ipv6: "2001:db8::12", roles: ["mail"] };
const lists: Host = { ...one, name: "sympa.example.net", ipv4: "192.0.2.13", ipv6: "2001:db8::13", roles: ["lists"] };

const line = ({ name, type, content = "(made by the host)", priority }: DnsRecord) =>
  `${name} ${type} ${priority === undefined ? "" : `${priority} `}${content}`;
const lines = (on: Host[]) => ownDomain(on).records.map(line);

describe("the association's own zone", () => {
  it("holds what members' domains refer to", () => {
    expect(lines([web, mail, lists])).toEqual([
      '*._report._dmarc.cassiopea.org TXT "v=DMARC1"',
      '_dmarc.lists.cassiopea.org TXT "v=DMARC1; p=none; rua=mailto:dmarc@cassiopea.org"',
      '_spf.cassiopea.org TXT "v=spf1 ip4:192.0.2.12 ip6:2001:db8::12 ip4:192.0.2.13 ip6:2001:db8::13 -all"',
      "c202601._domainkey.cassiopea.org TXT (made by the host)",
      "c202601._domainkey.lists.cassiopea.org CNAME c202601._domainkey.cassiopea.org",
      "c202607._domainkey.cassiopea.org TXT (made by the host)",
      "c202607._domainkey.lists.cassiopea.org CNAME c202607._domainkey.cassiopea.org",
      "lists.cassiopea.org A 192.0.2.13",
      "lists.cassiopea.org AAAA 2001:db8::13",
      "lists.cassiopea.org MX 10 sympa.example.net",
      'lists.cassiopea.org TXT "v=spf1 mx include:_spf.cassiopea.org -all"',
      "mx.cassiopea.org A 192.0.2.12",
      "mx.cassiopea.org AAAA 2001:db8::12",
      "web1.cassiopea.org A 192.0.2.11",
      "web1.cassiopea.org AAAA 2001:db8::11",
    ]);
  });

  it("lets nobody send while no host has mail, and has no keys then", () => {
    expect(lines([{ ...web, name: "web1.elsewhere.example" }])).toEqual([
      '*._report._dmarc.cassiopea.org TXT "v=DMARC1"',
      '_spf.cassiopea.org TXT "v=spf1 -all"',
    ]);
  });

  it("splits a key's record in strings that DNS can hold", () => {
    const strings = [...dkimContent("A".repeat(392)).matchAll(/"([^"]*)"/g)].map(([, text = ""]) => text);
    expect(strings.map(({ length }) => length)).toEqual([255, 155]);
    expect(strings.join("")).toBe(`v=DKIM1; k=rsa; p=${"A".repeat(392)}`);
  });
});
