import { execFile } from "node:child_process";
import { join } from "node:path";
import type { Answer } from "dns-packet";
import { describe, expect, it } from "vitest";
import { loadMembers } from "../../src/load.ts";
import { planDomain } from "../../src/plan/plan.ts";
import type { DnsRecord } from "../../src/plan/types.ts";
import { hosts } from "../golden/support/hosts.ts";
import { asAnswer } from "../support/planned-answers.ts";
import { bench, project, today } from "./support/bench.ts";

const { cassiopea, served, edit, elsewhere, span, folder } = bench();

/** The records of `lac.example` as they are planned. */
function planned(): DnsRecord[] {
  const member = loadMembers(folder()).members.find(({ id }) => id === "lac");
  if (member === undefined) throw new Error("lac is missing");
  return planDomain(member, "lac.example", hosts, { today }).records;
}

describe("dns", () => {
  it("prints what to copy where the DNS is elsewhere, with the proof of control until it is given", async () => {
    elsewhere();
    const { code, out } = await cassiopea("dns", "lac.example", "--stack", "prod");
    expect(code).toBe(0);
    expect(out).toContain("; lac.example (lac), DNS ailleurs\n; À recopier chez celui qui tient le DNS de ce domaine.");
    expect(out.split("\n").filter((line) => /^[^;]/.test(line))).toHaveLength(planned().length + 1);
    expect(out).toMatch(/^_cassiopea\.lac\.example\.\t300\tIN\tTXT\t"cassiopea-control=[0-9a-f]{32}"$/m);
    edit("lac", "mail: true", 'mail: true, verified: "2026-01-01"');
    expect((await cassiopea("dns", "lac.example", "--stack", "prod")).out).not.toContain("_cassiopea");
  });

  it("says that there is nothing to copy where the DNS is ours, and nothing at all after the domain's end", async () => {
    expect((await cassiopea("dns", "lac.example", "--stack", "prod")).out).toContain("il n'y a rien à recopier");
    span('from: "2025-09-15", to: "2026-01-31"');
    expect((await cassiopea("dns", "lac.example", "--stack", "prod")).out).toBe(
      "; lac.example (lac), DNS chez nous\n; ce domaine n'est pas en service : rien n'en découle\n",
    );
  });

  it("--check finds every record right that is served as planned, ours or elsewhere", async () => {
    for (const prepare of [() => undefined, elsewhere]) {
      prepare();
      await served(...planned().map(asAnswer));
      const { code, out } = await cassiopea("dns", "lac.example", "--stack", "prod", "--check");
      expect([code, out.trimEnd().split("\n").at(-1)]).toEqual([0, `${planned().length} justes`]);
    }
  });

  it("--check says what is missing, different or too many, and what to expect; exit code 1", async () => {
    elsewhere();
    const answers = planned()
      .filter(({ type, name }) => !(type === "CNAME" && name.startsWith("autoconfig")))
      .map(asAnswer)
      .map(
        (one): Answer => (one.name === "www.lac.example" && one.type === "A" ? { ...one, data: "198.51.100.7" } : one),
      );
    await served(
      ...answers,
      { name: "lac.example", type: "MX", data: { preference: 5, exchange: "mx.old.example" } },
      { name: "lac.example", type: "TXT", data: "v=spf1 include:old.example \u001b[31m-all" },
    );
    const { code, out } = await cassiopea("dns", "lac.example", "--stack", "prod", "--check");
    expect(code).toBe(1);
    expect(out.split("\n").filter((line) => !line.startsWith("✓"))).toEqual([
      "lac.example (lac), DNS ailleurs",
      "✗ absent        autoconfig.lac.example  CNAME  web1.example.org",
      "✗ en trop       lac.example  MX  5 mx.old.example",
      '✗ en trop       lac.example  TXT  "v=spf1 include:old.example \\u{1b}[31m-all"',
      "✗ différent     www.lac.example  A  192.0.2.11",
      "    lu : 198.51.100.7",
      expect.stringMatching(/^\d+ justes, 1 absent, 2 en trop, 1 différent$/) as string,
      "",
    ]);
    const machine = JSON.parse((await cassiopea("dns", "lac.example", "--stack", "prod", "--check", "--json")).out) as {
      right: boolean;
      findings: { state: string }[];
    };
    expect([machine.right, machine.findings.filter(({ state }) => state === "extra").length]).toEqual([false, 2]);
  });

  it("refuses an unknown domain or stack by its name", async () => {
    expect(await cassiopea("dns", "lacs.example", "--stack", "prod")).toEqual({
      code: 1,
      out: "",
      err: "aucun membre n'a de domaine « lacs.example » — vouliez-vous écrire « lac.example » ?\n",
    });
    expect(await cassiopea("dns", "lac.example", "--stack", "nowhere")).toMatchObject({
      code: 1,
      err: "Pulumi.nowhere.yaml manque\n",
    });
  });

  it("is there in the command as people run it", async () => {
    const address = await served(
      { name: "lac.example", type: "A", data: "192.0.2.21" },
      { name: "www.lac.example", type: "A", data: "192.0.2.22" },
    );
    const args = ["dns", "lac.example", "--stack", "prod", "--check", "--resolver", address];
    const { code, out } = await new Promise<{ code: unknown; out: string }>((resolve) => {
      const env = { ...process.env, CASSIOPEA_MEMBERS: folder() };
      execFile(process.execPath, [join(project, "components/cassiopea.js"), ...args], { env }, (error, stdout) =>
        resolve({ code: error?.code, out: stdout }),
      );
    });
    expect(code).toBe(1);
    expect(out).toContain("✓ juste         lac.example  A  192.0.2.21\n");
    expect(out).toContain("✗ différent     www.lac.example  A  192.0.2.21\n    lu : 192.0.2.22\n");
  });
});
