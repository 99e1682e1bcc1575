import { describe, expect, it } from "vitest";
import { delegationSteps, delegations } from "../../src/dns/delegation.ts";
import { lacState } from "./support.ts";

const DS = "16953 13 2 48E939042E82C22542CB377B580DFDC52A361CEFDC72E7F9107E2B6BD9306A45";
const servers = ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"];

describe("what the registrar is to be given", () => {
  it("is read from the state, for zones that are there", () => {
    expect([...delegations(lacState)]).toEqual([["lac.example", { nameServers: servers, ds: DS }]]);
    const [zone] = lacState.deployment.resources;
    expect([...delegations({ deployment: { resources: [zone] } })]).toEqual([
      ["lac.example", { nameServers: servers }],
    ]);
    expect([...delegations({ deployment: { resources: [{ ...zone, delete: true }] } })]).toEqual([]);
    expect([...delegations("nothing")]).toEqual([]);
  });

  it("is done, pending, or different at the parent", () => {
    const states = (ns: string[], ds: string[]) =>
      delegationSteps({ nameServers: servers, ds: DS }, [{ values: ns }, { values: ds }]).map(({ state }) => state);
    expect(states(servers.toReversed(), [DS])).toEqual(["done", "done"]);
    expect(states([], [])).toEqual(["pending", "pending"]);
    expect(states(["ns1.old.example"], ["1 13 2 AB"])).toEqual(["different", "different"]);
    expect(states([...servers, "ns1.old.example"], ["1 13 2 AB", DS])).toEqual(["different", "done"]);
    expect(states([servers[0] ?? ""], [])).toEqual(["different", "pending"]);
  });

  it("is told without a word on what is there when nobody asked, and why when nobody answered", () => {
    expect(delegationSteps({ nameServers: servers, ds: DS })).toEqual([
      { what: "NS", expected: servers, read: [] },
      { what: "DS", expected: [DS], read: [] },
    ]);
    expect(delegationSteps({ nameServers: servers }, [{ failed: "failed" }])).toEqual([
      { what: "NS", expected: servers, read: [], state: "unanswered", why: "failed" },
    ]);
  });
});
