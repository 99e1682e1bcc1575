import { describe, expect, it } from "vitest";
import { urns } from "../../components/names.ts";
import { type EngineEvent, leftLocked } from "../../components/runner/engine.ts";
import { parseEnvironmentFile } from "../../components/runner/environment.ts";
import { destroyedData } from "../../components/runner/guard.ts";
import { loginProblem } from "../../components/runner/hosts.ts";
import { type StateResource, without } from "../../components/runner/state.ts";
import { readable, summarize, summaryText } from "../../components/runner/summary.ts";
import { excluded, wantedResources } from "../../components/runner/wanted.ts";
import { hosts, samplePlan } from "../components/support/sample.ts";

const of = urns("test");
const plans = [samplePlan("jardins", 1), samplePlan("lac", 2, "web2")];
const wanted = wantedResources("test", hosts, plans);
const all = new Set(wanted.map((one) => one.urn));
const succeeded = (op: string, urn: string): EngineEvent => ({ resOutputsEvent: { metadata: { op, urn, type: "" } } });

describe("what a run leaves out", () => {
  const leftOut = { hosts: new Set<string>(), members: new Set<string>(), records: new Set<string>(), dns: false };

  it("of a host that is down is all of the host and of its members, and nothing of the others", () => {
    const out = excluded(wanted, plans, { ...leftOut, hosts: new Set(["web2"]) });
    expect(out.map((one) => one.name)).toEqual([
      "host/web2/agent",
      "host/web2/identity",
      "host/web2/set-up",
      "lac/db/web2/lac_site",
      "lac/host/web2",
      "domain/lac.example.be/zone",
      "domain/lac.example.be/dnssec",
      "domain/lac.example.be/lac.example.be/A/web2",
      "domain/lac.example.be/www.lac.example.be/CNAME/site",
    ]);
  });

  it("of a member is the member's alone", () => {
    const out = excluded(wanted, plans, { ...leftOut, members: new Set(["jardins"]) });
    expect(out).toHaveLength(6);
    expect(out.every((one) => "member" in one && one.member === "jardins")).toBe(true);
  });

  it("of a record is that record alone", () => {
    const record = wanted.find((one) => one.kind === "record");
    const out = excluded(wanted, plans, { ...leftOut, records: new Set([record?.urn ?? ""]) });
    expect(out).toEqual([record]);
  });

  it("of the DNS is every zone and record", () => {
    expect(excluded(wanted, plans, { ...leftOut, dns: true }).map((one) => one.kind)).toEqual([
      "zone",
      "dnssec",
      "record",
      "record",
      "zone",
      "dnssec",
      "record",
      "record",
    ]);
  });
});

describe("the summary", () => {
  const input = { wanted, held: new Set<string>(), leftOut: new Set<string>(), planned: false };

  it("says that nothing is to change", () => {
    const summary = summarize({ ...input, held: all, events: wanted.map((one) => succeeded("same", one.urn)) });
    expect(summaryText(summary, false)).toBe("rien à changer (2 membres, 2 serveurs)");
  });

  it("tells by member what was done, what failed with the agent's words, and what is still to do", () => {
    const failing = of.memberCommand("lac/host/web2");
    const dns = new Set(wanted.filter((one) => one.kind === "record" && one.member === "lac").map((one) => one.urn));
    const agent = {
      verb: "apply",
      changed: [],
      drift: [],
      warnings: [],
      error: "le compte lac existe déjà (uid 5555)",
    };
    const summary = summarize({
      ...input,
      events: [
        ...wanted.filter((one) => one.urn !== failing && !dns.has(one.urn)).map((one) => succeeded("create", one.urn)),
        { resOpFailedEvent: { metadata: { op: "create", urn: failing, type: "" } } },
        {
          diagnosticEvent: {
            urn: failing,
            severity: "error",
            message: `Process exited with status 4: running "exec x":\n${JSON.stringify(agent)}\nle compte`,
          },
        },
        {
          diagnosticEvent: {
            urn: "urn:pulumi:test::cassiopea::pulumi:pulumi:Stack::cassiopea-test",
            severity: "error",
            message: "update failed",
          },
        },
      ],
    });
    const lac = summary.lines.find((line) => line.name === "lac");
    expect(lac).toEqual({
      kind: "member",
      name: "lac",
      result: "failed",
      changes: [
        { change: "create", what: "base lac_site (web2)" },
        { change: "create", what: "zone lac.example.be" },
        { change: "create", what: "DNSSEC lac.example.be" },
      ],
      errors: ["sites et compte sur web2 : le compte lac existe déjà (uid 5555)"],
      pending: ["DNS lac.example.be A", "DNS www.lac.example.be CNAME"],
    });
    expect(summary.lines.find((line) => line.name === "jardins")?.result).toBe("created");
    expect(summary.errors).toEqual([]);
    expect(summaryText(summary, false)).toContain("2 membres : 1 créé, 1 en échec");
  });

  it("tells a removed record under the member of its domain", () => {
    const urn = of.record("domain/lac.example.be/old.lac.example.be/A/web1");
    const events = [...wanted.map((one) => succeeded("same", one.urn)), succeeded("delete", urn)];
    const summary = summarize({
      ...input,
      held: new Set([...all, "urn:pulumi:test::cassiopea::cassiopea:hosting:Member::lac"]),
      events,
    });
    expect(summary.lines.find((line) => line.name === "lac")).toMatchObject({
      result: "changed",
      changes: [{ change: "delete", what: "DNS old.lac.example.be A" }],
    });
  });

  it("shows any other failure's own words, without the long command", () => {
    expect(
      readable('Process exited with status 4: running "set -eu\nexec foo":\ninstallation de nodejs\nE: no network'),
    ).toBe("(code 4) installation de nodejs\n    E: no network");
    expect(readable("after 2 failed attempts: dial tcp: connection refused")).toBe(
      "after 2 failed attempts: dial tcp: connection refused",
    );
  });
});

describe("a lock of the state", () => {
  const text =
    "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n  file:///x/1.json: created by root@here (pid 4242) at 2026-11-25T09:00:00Z";
  it("is taken away only when its owner was on this machine and is dead", () => {
    expect(leftLocked(text, () => false, "here")).toBe(true);
    expect(leftLocked(text, () => true, "here")).toBe(false);
    expect(leftLocked(text, () => false, "elsewhere")).toBe(false);
    expect(leftLocked("error: something else (pid 4242)", () => false, "here")).toBe(false);
  });
});

describe("the words of the OpenSSH client", () => {
  it.each([
    ["Host key verification failed.", "host key"],
    ["root@192.0.2.1: Permission denied (publickey).", "login"],
    ["ssh: connect to host 192.0.2.1 port 22: Connection refused", "refused"],
    ["ssh: connect to host 192.0.2.1 port 22: No route to host", "unreachable"],
    ["ssh: connect to host 192.0.2.1 port 22: Connection timed out", "unreachable"],
    ["kex_exchange_identification: read: Connection reset by peer", "closed"],
    ["something new", "other"],
  ])("%s", (stderr, problem) => {
    expect(loginProblem({ code: 255, stdout: "", stderr })).toBe(problem);
  });
});

describe("the guard", () => {
  const session = { wanted, settings: { dns: { accountId: "a" } } };
  const held = (name: string, type: string, inputs = {}): [string, StateResource] => [
    of.database(name),
    { urn: of.database(name), type, inputs },
  ];

  it("refuses to let a database go whose declaration is gone", () => {
    const state = new Map([held("mara/db/web1/mara_site", "mysql:index/database:Database")]);
    expect(destroyedData(session, state)).toEqual([expect.stringContaining("base mara_site (web1)")]);
  });

  it("refuses to put a member on another host than that of the data, database or files", () => {
    const [placed] = wanted.flatMap(({ urn }) => /::([a-z]+)\/host\/([a-z0-9]+)$/.exec(urn) ?? []).slice(1);
    expect(placed).toBeDefined();
    const files = of.memberCommand(`${placed ?? ""}/host/old1`);
    const state = new Map([
      [files, { urn: files, type: "command:remote:Command" }],
      held(`${placed ?? ""}/db/old1/x`, "mysql:index/database:Database"),
    ]);
    const said = destroyedData(session, state);
    expect(said).toHaveLength(2);
    for (const line of said)
      expect(line).toMatch(new RegExp(`^${placed ?? ""} : ses données sont sur old1, .* host: \\{ web: "old1" \\}`));
  });

  it("refuses to make a zone again under another account", () => {
    const urn = of.zone("domain/lac.example.be/zone");
    const zone = { urn, type: "cloudflare:index/zone:Zone", inputs: { account: { id: "b" } } };
    expect(destroyedData(session, new Map([[urn, zone]]))).toEqual([expect.stringContaining("lac.example.be")]);
    expect(destroyedData(session, new Map([[urn, { ...zone, inputs: { account: { id: "a" } } }]]))).toEqual([]);
  });
});

it("a state without some resources mentions them nowhere", () => {
  const state = {
    version: 3,
    deployment: {
      manifest: { time: "t" },
      resources: [
        { urn: "a", type: "x" },
        { urn: "b", type: "x", dependencies: ["a", "c"], propertyDependencies: { zoneId: ["a"], name: null } },
      ],
    },
  };
  expect(without(state, new Set(["a"]))).toEqual({
    version: 3,
    deployment: {
      manifest: { time: "t" },
      resources: [{ urn: "b", type: "x", dependencies: ["c"], propertyDependencies: { zoneId: [], name: [] } }],
    },
  });
});

it("an environment file holds raw values to the end of the line", () => {
  expect(parseEnvironmentFile("# comment\n\nA=b=c d\nPULUMI_HOME=/x \n")).toEqual({ A: "b=c d", PULUMI_HOME: "/x " });
});
