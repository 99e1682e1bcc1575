import { describe, expect, it } from "vitest";
import { names, resourceTypes, urns } from "../../components/names.ts";
import { adoption, domainsToList, hostsToList, type Listing } from "../../components/runner/adoption.ts";
import { sameContent } from "../../components/runner/records.ts";
import type { StateResource } from "../../components/runner/state.ts";
import { wantedResources } from "../../components/runner/wanted.ts";
import type { DnsRecord } from "../../src/plan/types.ts";
import { hosts, samplePlan } from "../components/support/sample.ts";

const plan = samplePlan("lac", 2);
const domain = plan.domains[0]?.domain ?? "";
const records = plan.domains[0]?.records ?? [];
const wanted = wantedResources("test", hosts, [plan]);
const of = urns("test");
const zoneUrn = of.zone(names.zone(domain));
const listed = (record: DnsRecord, id: string) => ({ ...record, id });
const nothingToDo = { adopt: {}, gone: new Set(), lost: [], conflicts: [], foreign: [], others: new Map() };
const nothing: Listing = { records: new Map(), databases: new Map() };

/** The state after a run that did everything, ids as the API gave them. */
function fullState(): Map<string, StateResource> {
  const entries = wanted.map((one): [string, StateResource] => {
    const id = one.kind === "zone" ? "z1" : one.kind === "record" ? `r${records.indexOf(one.record)}` : one.name;
    const type = one.kind === "record" ? resourceTypes.record : "";
    return [one.urn, { urn: one.urn, type, id, inputs: one.kind === "record" ? { ...one.record } : {} }];
  });
  return new Map(entries);
}

const fullListing: Listing = {
  zones: [{ id: "z1", name: domain }],
  records: new Map([["z1", records.map((record, index) => listed(record, `r${index}`))]]),
  databases: new Map([["web1", ["mysql", "lac_site"]]]),
};

describe("what has to be listed", () => {
  it("is nothing when the state is what is wanted", () => {
    expect(domainsToList(wanted, fullState(), false)).toEqual(new Set());
    expect(hostsToList(wanted, fullState(), false)).toEqual(new Set());
  });

  it("is all that is new", () => {
    expect(domainsToList(wanted, new Map(), false)).toEqual(new Set([domain]));
    expect(hostsToList(wanted, new Map(), false)).toEqual(new Set(["web1"]));
  });

  it("is a domain of which a record changes or goes", () => {
    const changed = fullState();
    const urn = of.record(names.record(domain, records[0] as DnsRecord));
    changed.set(urn, { urn, type: "", inputs: { ...records[0], content: "192.0.2.99" } });
    expect(domainsToList(wanted, changed, false)).toEqual(new Set([domain]));
    const more = fullState();
    const old = of.record(names.record(domain, { name: `old.${domain}`, type: "A", key: "web1" }));
    more.set(old, { urn: old, type: "" });
    expect(domainsToList(wanted, more, false)).toEqual(new Set([domain]));
  });
});

describe("adoption", () => {
  it("takes over everything that a killed run left", () => {
    const { adopt, gone, lost, foreign } = adoption(wanted, new Map(), fullListing);
    expect(adopt).toEqual({
      [names.zone(domain)]: "z1",
      [names.record(domain, records[0] as DnsRecord)]: "z1/r0",
      [names.record(domain, records[1] as DnsRecord)]: "z1/r1",
      "lac/db/web1/lac_site": "lac_site",
    });
    expect([gone.size, lost, foreign]).toEqual([0, [], []]);
  });

  it("takes over nothing and misses nothing when the state is right", () => {
    expect(adoption(wanted, fullState(), fullListing)).toEqual(nothingToDo);
  });

  it("concludes nothing from what was not listed", () => {
    expect(adoption(wanted, fullState(), nothing)).toEqual(nothingToDo);
  });

  it("drops a record that was deleted by hand, and a zone with all its records", () => {
    const less = { ...fullListing, records: new Map([["z1", [listed(records[0] as DnsRecord, "r0")]]]) };
    expect(adoption(wanted, fullState(), less).gone).toEqual(
      new Set([of.record(names.record(domain, records[1] as DnsRecord))]),
    );
    expect(adoption(wanted, fullState(), { ...fullListing, zones: [] }).gone.size).toBe(4);
    expect(adoption(wanted, fullState(), { ...fullListing, zones: [] }).gone).toContain(zoneUrn);
  });

  it("gives a lost database to a person to decide", () => {
    const { gone, lost } = adoption(wanted, fullState(), { ...fullListing, databases: new Map([["web1", ["mysql"]]]) });
    expect(gone.size).toBe(0);
    expect(lost.map((one) => one.database)).toEqual(["lac_site"]);
  });

  it("leaves a zone alone that holds records of somebody else", () => {
    const other = { id: "x", name: domain, type: "MX", content: "mx.elsewhere.example", ttl: 1, priority: 10 };
    const listing = { ...fullListing, records: new Map([["z1", [other]]]) };
    const { adopt, foreign } = adoption(wanted, new Map(), listing);
    expect(foreign.map(({ zone }) => zone.domain)).toEqual([domain]);
    expect(Object.keys(adopt)).toEqual(["lac/db/web1/lac_site"]);
  });

  it("takes such a zone over when that is asked for, and leaves their records alone", () => {
    const note = { id: "x", name: `note.${domain}`, type: "TXT", content: '"x"', ttl: 1 };
    const listing = { ...fullListing, records: new Map([["z1", [note, listed(records[0] as DnsRecord, "r0")]]]) };
    const { adopt, foreign, others } = adoption(wanted, new Map(), listing, domain);
    expect(foreign).toEqual([]);
    expect(others).toEqual(new Map([[domain, 1]]));
    expect(Object.keys(adopt)).toEqual([
      "lac/db/web1/lac_site",
      names.zone(domain),
      names.record(domain, records[0] as DnsRecord),
    ]);
  });

  it("takes no zone over in which somebody else's record stands where ours would", () => {
    const [first] = records as [DnsRecord];
    const other = { id: "x", name: first.name, type: first.type, content: "192.0.2.200", ttl: 1 };
    const listing = { ...fullListing, records: new Map([["z1", [other]]]) };
    const { adopt, foreign } = adoption(wanted, new Map(), listing, domain);
    expect(foreign.map(({ competing }) => competing)).toEqual([[other]]);
    expect(Object.keys(adopt)).toEqual(["lac/db/web1/lac_site"]);
  });

  it("finds an alias that stands in the way of a record", () => {
    const [first] = records as [DnsRecord];
    const state = fullState();
    state.delete(of.record(names.record(domain, first)));
    const alias = { id: "x", name: first.name, type: "CNAME", content: "elsewhere.example", ttl: 1 };
    const rest = records.slice(1).map((record, index) => listed(record, `r${index + 1}`));
    const { conflicts } = adoption(wanted, state, { ...fullListing, records: new Map([["z1", [alias, ...rest]]]) });
    expect(conflicts.map(({ wanted: one, other }) => [one.record.name, other])).toEqual([[first.name, alias]]);
  });

  it("finds what somebody else says in the place of a record that is to be made, and not beside one that is", () => {
    const [first] = records as [DnsRecord];
    const other = { id: "x", name: first.name, type: first.type, content: "192.0.2.200", ttl: 300 };
    const listing = (...own: DnsRecord[]) => ({
      ...fullListing,
      records: new Map([["z1", [other, ...own.map((record) => listed(record, `r${records.indexOf(record)}`))]]]),
    });
    const state = fullState();
    expect(adoption(wanted, state, listing(...records)).conflicts).toEqual([]);
    const { conflicts } = adoption(wanted, state, listing(...records.slice(1)));
    expect(conflicts.map(({ wanted: one, other: found }) => [one.record, found])).toEqual([[first, other]]);
    // One of ours that a change or a killed run left is no other's.
    const left = { ...other, comment: first.comment };
    const ours = { ...fullListing, records: new Map([["z1", [left]]]) };
    expect(adoption(wanted, state, ours).conflicts).toEqual([]);
  });

  it("takes over a record once, although it is there twice", () => {
    const twice = {
      ...fullListing,
      records: new Map([["z1", ["r0", "r9"].map((id) => listed(records[0] as DnsRecord, id))]]),
    };
    const state = fullState();
    state.delete(of.record(names.record(domain, records[1] as DnsRecord)));
    expect(adoption(wanted, state, twice).adopt).toEqual({});
  });
});

describe("records of the same content", () => {
  const caa: DnsRecord = {
    name: "a.be",
    type: "CAA",
    key: "le",
    data: { flags: 0, tag: "issue", value: "letsencrypt.org" },
    ttl: 300,
    proxied: false,
    comment: "",
  };
  it("are compared by their data where they have some, numbers as text or not", () => {
    expect(
      sameContent(caa, {
        name: "a.be",
        type: "CAA",
        content: '0 issue "letsencrypt.org"',
        data: { flags: "0", tag: "issue", value: "letsencrypt.org" },
      }),
    ).toBe(true);
    expect(
      sameContent(caa, { name: "a.be", type: "CAA", data: { flags: 128, tag: "issue", value: "letsencrypt.org" } }),
    ).toBe(false);
  });

  it("differ by priority", () => {
    const mx: DnsRecord = {
      name: "a.be",
      type: "MX",
      key: "mx",
      content: "mx.a.be",
      priority: 10,
      ttl: 300,
      proxied: false,
      comment: "",
    };
    expect(sameContent(mx, { ...mx })).toBe(true);
    expect(sameContent(mx, { ...mx, priority: 20 })).toBe(false);
  });
});
