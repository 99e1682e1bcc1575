import { describe, expect, it } from "vitest";
import { compare, questionsFor } from "../../src/dns/compare.ts";
import type { Answer } from "../../src/dns/value.ts";
import type { DnsRecord } from "../../src/plan/types.ts";

const common = { name: "lac.example", key: "x", ttl: 300, proxied: false, comment: "" };
const a: DnsRecord = { ...common, type: "A", content: "192.0.2.1" };
const mx: DnsRecord = { ...common, type: "MX", content: "mx.example.org", priority: 10 };
const spf: DnsRecord = { ...common, type: "TXT", content: '"v=spf1 mx -all"' };
const proof: DnsRecord = { ...common, type: "TXT", content: '"site-verification=a\\"b" "c"' };
const caa: DnsRecord = { ...common, type: "CAA", data: { flags: 0, tag: "issue", value: "letsencrypt.org" } };
const srv: DnsRecord = {
  ...common,
  type: "SRV",
  priority: 0,
  data: { priority: 0, weight: 1, port: 993, target: "Mx.example.org." },
};
const v6: DnsRecord = { ...common, type: "AAAA", content: "2001:db8:0:0::1" };

/** State, what is expected and what was read, of records that all are asked for by one question. */
function states(records: DnsRecord[], answer: Answer): string[] {
  return compare(records, [answer]).map(({ state, expected = "", read }) => [state, expected, ...read].join(" | "));
}

describe("a domain's records beside what the DNS serves", () => {
  it("ask for each record set once", () => {
    expect(questionsFor([a, mx, spf, proof])).toEqual([
      { name: "lac.example", type: "A" },
      { name: "lac.example", type: "AAAA" },
      { name: "lac.example", type: "MX" },
      { name: "lac.example", type: "TXT" },
    ]);
  });

  it("are right whatever the writing of their value", () => {
    expect(compare([v6], [{ values: [] }, { values: ["2001:db8::1"] }]).map(({ state }) => state)).toEqual(["right"]);
    expect(states([srv], { values: ["0 1 993 mx.example.org"] })).toEqual(["right | 0 1 993 mx.example.org"]);
    expect(states([proof], { values: ['"site-verification=a"bc"'] })).toEqual(['right | "site-verification=a"bc"']);
  });

  it("are missing, or stand for another value", () => {
    expect(states([mx], { values: [] })).toEqual(["missing | 10 mx.example.org"]);
    expect(states([mx], { values: ["10 old.example"] })).toEqual(["different | 10 mx.example.org | 10 old.example"]);
    expect(states([mx], { values: ["20 mx.example.org"] })).toEqual([
      "different | 10 mx.example.org | 20 mx.example.org",
    ]);
    expect(states([spf], { values: ['"other"', '"v=spf1 -all"'] })).toEqual([
      'different | "v=spf1 mx -all" | "v=spf1 -all"',
    ]);
    expect(states([proof], { values: ['"other"'] })).toEqual(['missing | "site-verification=a"bc"']);
    expect(states([caa], { values: ['0 iodef "mailto:a@b"'] })).toEqual(['missing | 0 issue "letsencrypt.org"']);
  });

  it("have none beside them that turns visitors or mail elsewhere, or makes them void", () => {
    expect(states([a], { values: ["192.0.2.1", "192.0.2.9"] })).toEqual(["right | 192.0.2.1", "extra |  | 192.0.2.9"]);
    expect(states([mx], { values: ["10 mx.example.org", "5 old.example"] })).toEqual([
      "right | 10 mx.example.org",
      "extra |  | 5 old.example",
    ]);
    expect(states([spf], { values: ['"V=SPF1 -all"', '"v=spf1 mx -all"', '"site=1"'] })).toEqual([
      'right | "v=spf1 mx -all"',
      'extra |  | "V=SPF1 -all"',
    ]);
    expect(
      states([caa], { values: ['0 issue "letsencrypt.org"', '0 issue "other.example"', '0 iodef "mailto:a@b"'] }),
    ).toEqual(['right | 0 issue "letsencrypt.org"', 'extra |  | 0 issue "other.example"']);
  });

  it("have no address of the other family left beside them", () => {
    expect(
      compare([a], [{ values: ["192.0.2.1"] }, { values: ["2001:db8::9"] }]).map(({ state, read }) => [state, read]),
    ).toEqual([
      ["right", []],
      ["extra", ["2001:db8::9"]],
    ]);
    expect(
      compare([v6], [{ values: ["192.0.2.9"] }, { values: [] }]).map(({ state, type }) => `${state} ${type}`),
    ).toEqual(["extra A", "missing AAAA"]);
    expect(
      compare([a, v6], [{ values: ["192.0.2.1"] }, { values: ["2001:db8::1"] }]).map(({ state }) => state),
    ).toEqual(["right", "right"]);
  });

  it("are right at any address of the network that a proxied name goes through", () => {
    const proxied = { ...a, proxied: true, ttl: 1 };
    const states = (v4: string[], other: string[]) =>
      compare([proxied], [{ values: v4 }, { values: other }]).map(({ state, type }) => `${state} ${type}`);
    expect(states(["104.16.1.1", "104.16.2.2"], ["2606:4700::1"])).toEqual(["right A"]);
    expect(states([], [])).toEqual(["missing A"]);
  });

  it("say why nobody answered", () => {
    expect(compare([mx], [{ failed: "timeout" }])).toEqual([
      { name: "lac.example", type: "MX", state: "unanswered", expected: "10 mx.example.org", read: [], why: "timeout" },
    ]);
  });
});
