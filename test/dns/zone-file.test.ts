import { expect, it } from "vitest";
import { controlRecord } from "../../src/dns/control.ts";
import { dnsTexts } from "../../src/dns/texts.ts";
import { excludedBy, groupOf, zoneFile, zoneLine } from "../../src/dns/zone-file.ts";
import { planDomain } from "../../src/plan/plan.ts";
import { recordRule } from "../../src/plan/record-rules.ts";
import type { DnsRecord } from "../../src/plan/types.ts";
import { lacWith } from "../checks/support.ts";
import { hosts } from "../golden/support/hosts.ts";

const common = { ttl: 300, proxied: false, comment: "" };

it("a record is a line that stands by itself, whatever is in it", () => {
  const text: DnsRecord = {
    name: "lac.example",
    type: "TXT",
    key: "own",
    content: '"a \\" ; \u00c3\u00a9" "b\\\\"',
    ...common,
  };
  expect(zoneLine(text)).toBe('lac.example.\t300\tIN\tTXT\t"a \\" ; \\195\\169" "b\\\\"');
  const caa: DnsRecord = { ...text, type: "CAA", data: { flags: 0, tag: "issue", value: 'ca.example; x="y"' } };
  expect(zoneLine(caa)).toBe('lac.example.\t300\tIN\tCAA\t0 issue "ca.example; x=\\"y\\""');
  const none: DnsRecord = { ...text, type: "MX", content: ".", priority: 0 };
  expect(zoneLine(none)).toBe("lac.example.\t300\tIN\tMX\t0 .");
  const srv: DnsRecord = {
    ...text,
    type: "SRV",
    data: { priority: 0, weight: 1, port: 993, target: "mx.example.org" },
  };
  expect(zoneLine(srv)).toBe("lac.example.\t300\tIN\tSRV\t0 1 993 mx.example.org.");
});

it("a domain with everything has each record once, in its group, explained once", () => {
  const member = lacWith({
    domains: [
      {
        name: "lac.example",
        from: "2026-01-01",
        dns: "elsewhere",
        mail: true,
        records: [{ name: "intranet", type: "A", value: "192.0.2.99" }],
      },
    ],
  });
  const { records } = planDomain(member, "lac.example", hosts);
  const text = zoneFile(["lac"], [controlRecord("lac", "lac.example"), ...records], dnsTexts.fr);
  const lines = text.split("\n");
  expect(lines.filter((line) => line.startsWith("; =="))).toEqual([
    "; == Preuve de contrôle ==",
    "; == Site ==",
    "; == Courrier ==",
    "; == Protections du courrier ==",
    "; == Logiciels de courrier ==",
    "; == Certificats ==",
    "; == Enregistrements du membre ==",
  ]);
  const sorted = [...records.map(zoneLine), zoneLine(controlRecord("lac", "lac.example"))].sort();
  expect(lines.filter((line) => line !== "" && !line.startsWith(";")).toSorted()).toEqual(sorted);
  // Every rule is told, as often as it has a group.
  const told = new Set(records.map((record) => `${groupOf(record)} ${recordRule(record)?.fr ?? ""}`));
  const rules = new Set(records.flatMap((record) => recordRule(record)?.fr ?? []));
  expect(lines.filter((line) => rules.has(line.slice(2))).length).toBe(
    [...told].filter((one) => !one.startsWith("own")).length,
  );
});

it("only what stands against the records is to be removed: mail that is elsewhere stays", () => {
  const of = (...records: Pick<DnsRecord, "type" | "content">[]) =>
    excludedBy(records.map((record) => ({ name: "lac.example", key: "x", ...common, ...record })));
  expect(of({ type: "A", content: "192.0.2.1" })).toEqual(["A", "AAAA", "CNAME"]);
  expect(of({ type: "CNAME", content: "a.example" })).toEqual(["CNAME"]);
  expect(of({ type: "TXT", content: '"proof"' }, { type: "CAA" })).toEqual(["CAA"]);
  expect(
    of({ type: "MX" }, { type: "TXT", content: '"v=spf1 -all"' }, { type: "TXT", content: '"v=DMARC1; p=none"' }),
  ).toEqual(["MX", "SPF (v=spf1)", "DMARC (v=DMARC1)"]);
});

it("the proof of control is bound to the member and the domain", () => {
  const contents = [
    controlRecord("lac", "a.example"),
    controlRecord("lac", "b.example"),
    controlRecord("mer", "a.example"),
  ];
  expect(new Set(contents.map(({ content }) => content)).size).toBe(3);
  expect(zoneLine(controlRecord("lac", "lac.example"))).toBe(
    '_cassiopea.lac.example.\t300\tIN\tTXT\t"cassiopea-control=7dfdfbfe0e0ce3467146d208b3090eb6"',
  );
});
