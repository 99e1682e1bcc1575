import { describe, expect, it } from "vitest";
import { due } from "../../src/billing/due.ts";
import { factsFromState } from "../../src/billing/state.ts";
import { priceLists } from "../../src/catalogue/prices/index.ts";
import { domains, facts, option, pack, settings } from "./support/facts.ts";
import { stackExport } from "./support/state.ts";

const alice = facts({ packs: [pack("assisted")], options: [option("mailbox", 2, "2026-05-02")], domains: domains(7) });
const bob = facts({ member: "bob", packs: [pack("sympa")] });

/** The resource of a name in an export. */
function resource(of: ReturnType<typeof stackExport>, name: string): Record<string, unknown> {
  const found = of.deployment.resources.find(({ urn }) => typeof urn === "string" && urn.endsWith(`::${name}`));
  if (found === undefined) throw new Error(`no resource ${name}`);
  return found;
}

describe("facts from a stack's state", () => {
  it("give the same bill as the declarations", () => {
    const { facts: found, problems } = factsFromState(stackExport([bob, alice]));
    expect(problems).toEqual([]);
    expect(found).toEqual([alice, bob]);
    const bill = (of: typeof found): unknown => due(of, priceLists, [], settings, "2026-12-31", "2026-01-01");
    expect(bill(found)).toEqual(bill([alice, bob]));
  });

  it("leave out a member whose command has another document, and say so", () => {
    const state = stackExport([alice, bob]);
    resource(state, "bob/host/h1")["inputs"] = { stdin: "an older document\n" };
    const { facts: found, problems } = factsFromState(state);
    expect(found.map(({ member }) => member)).toEqual(["alice"]);
    expect(problems).toEqual([{ member: "bob", message: expect.stringContaining("h1") }]);
  });

  it("leave out a member whose command never succeeded", () => {
    const state = stackExport([alice, bob]);
    state.deployment.resources = state.deployment.resources.filter(({ urn }) => !String(urn).endsWith("alice/host/h1"));
    expect(factsFromState(state).facts.map(({ member }) => member)).toEqual(["bob"]);
  });

  it("ignore a resource that the engine still has to delete", () => {
    const state = stackExport([alice]);
    resource(state, "alice/host/h1")["delete"] = true;
    expect(factsFromState(state).facts).toEqual([]);
  });

  it("refuse facts that are not readable or another member's", () => {
    const state = stackExport([alice, bob]);
    resource(state, "alice")["outputs"] = { billingFacts: { ...alice, member: "carol" }, documents: {} };
    resource(state, "bob")["outputs"] = {};
    const { facts: found, problems } = factsFromState(state);
    expect(found).toEqual([]);
    expect(problems.map(({ member }) => member)).toEqual(["alice", "bob"]);
  });

  it("say that something is no export at all", () => {
    expect(factsFromState({ resources: [] }).problems).toHaveLength(1);
    expect(factsFromState({ version: 3, deployment: {} })).toEqual({ facts: [], problems: [] });
  });
});
