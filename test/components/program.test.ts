import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { dataTypes, resourceTypes, urns } from "../../components/names.ts";
import { registerAll } from "../../components/program.ts";
import { canonical } from "../../src/document.ts";
import type { MemberPlan } from "../../src/plan/types.ts";
import { plainStrings, type Registration, record } from "./support/record.ts";
import { hostPublicKey, hosts, makeAuthority, samplePlan } from "./support/sample.ts";

const secrets = { dnsToken: "t".repeat(40), sqlPassword: "canary-of-sql", caKey: "" };
const agent = {
  hash: "0123456789abcdef",
  file: join(import.meta.dirname, "program.test.ts"),
  remotePath: "/root/hosting-agent-0123456789abcdef.cjs",
};
const plans = [samplePlan("jardins", 1), proxied(samplePlan("lac", 2, "web2"))];
let seen: Registration[] = [];

/** The plan with its names led through the DNS host's network. */
function proxied(plan: MemberPlan): MemberPlan {
  const domains = plan.domains.map(({ domain, records }) => ({
    domain,
    records: records.map((record) => ({ ...record, proxied: true, ttl: 1 })),
    settings: { always_use_https: "on", min_tls_version: "1.2", ssl: "strict" },
  }));
  return { ...plan, domains };
}

const named = (name: string): Registration => {
  const found = seen.filter((one) => one.name === name);
  expect(found.map((one) => one.name)).toEqual([name]);
  return found[0] as Registration;
};

beforeAll(async () => {
  const authority = makeAuthority();
  secrets.caKey = authority.key;
  const publicKey = hostPublicKey();
  seen = await record(
    (name) => (name.endsWith("/identity") ? publicKey : "{}"),
    () =>
      registerAll({
        settings: {
          hosts: {},
          deployers: ["192.0.2.1"],
          dns: { accountId: "0".repeat(32), baseUrl: "http://192.0.2.1/client/v4" },
          acme: { directory: "https://acme.example.org/directory", email: "hostmaster@example.org" },
          caCertificate: authority.certificate,
        },
        hosts,
        plans,
        agent,
        bootstrap: "cat >/dev/null\n",
        secrets: {
          dnsToken: pulumi.secret(secrets.dnsToken),
          sqlPassword: pulumi.secret(secrets.sqlPassword),
          caKey: pulumi.secret(secrets.caKey),
        },
        adopted: { "domain/lac.example.be/zone": "zone-1", "lac/db/web2/lac_site": "lac_site" },
      }),
  );
});

describe("the program's registrations", () => {
  it("have the golden names and types: a changed one would be deleted and created again", async () => {
    const lines = seen.map((one) => `${one.type} ${one.name}`).join("\n");
    expect(lines).not.toMatch(/\d+\.\d+\.\d+\.\d+|2001:/);
    await expect(`${lines}\n`).toMatchFileSnapshot(join(import.meta.dirname, "urns.txt"));
  });

  it("have the URNs that the runner computes", () => {
    const of = urns("test");
    const database = named("jardins/db/web1/jardins_site");
    expect(named("jardins/host/web1").dependencies).toContain(of.database(database.name));
    expect(database.dependencies).toContain(of.hostCommand("host/web1/set-up"));
    const record = named("domain/lac.example.be/www.lac.example.be/CNAME/site");
    expect(record.dependencies).toContain(of.memberCommand("lac/host/web2"));
    expect(named("host/web1/set-up").dependencies).toEqual(
      expect.arrayContaining([of.agent("host/web1/agent"), of.hostCommand("host/web1/identity")]),
    );
  });

  it("proxy no name before its zone's settings are made", () => {
    const of = urns("test");
    const settings = ["always_use_https", "min_tls_version", "ssl"].map((id) => `domain/lac.example.be/setting/${id}`);
    expect(settings.map((name) => named(name).inputs)).toMatchObject([
      { settingId: "always_use_https", value: "on" },
      { settingId: "min_tls_version", value: "1.2" },
      { settingId: "ssl", value: "strict" },
    ]);
    const { dependencies } = named("domain/lac.example.be/lac.example.be/A/web2");
    expect(dependencies).toEqual(expect.arrayContaining(settings.map((name) => of.setting(name))));
    expect(seen.filter(({ name }) => name.startsWith("domain/jardins.example.be/setting"))).toEqual([]);
  });

  it("keep everything that holds data", () => {
    const data = seen.filter((one) => dataTypes.includes(one.type));
    expect(data).toHaveLength(4);
    expect(data.filter((one) => !one.protect || !one.retain)).toEqual([]);
  });

  it("take over what exists, and nothing else", () => {
    expect(seen.filter((one) => one.importId !== "").map((one) => [one.name, one.importId])).toEqual([
      ["domain/lac.example.be/zone", "zone-1"],
      ["lac/db/web2/lac_site", "lac_site"],
    ]);
  });

  it("hold no secret in plain", () => {
    const strings = seen.flatMap((one) => plainStrings(one.inputs));
    expect(strings.length).toBeGreaterThan(50);
    const leaks = strings.filter((text) => Object.values(secrets).some((secret) => text.includes(secret.trim())));
    expect(leaks).toEqual([]);
  });

  it("have only constant commands, read from nowhere else than the document", () => {
    const commands = seen.filter((one) => one.type === resourceTypes.command);
    expect(commands).toHaveLength(6);
    for (const { name, inputs } of commands) {
      expect([name, inputs["create"]]).toEqual([name, inputs["update"]]);
      expect(inputs["delete"]).toBe("exec cat >/dev/null");
      expect(inputs).not.toHaveProperty("triggers");
      expect(inputs).not.toHaveProperty("environment");
      expect(inputs["addPreviousOutputInEnv"]).toBe(false);
      expect(inputs["logging"]).toBe("none");
    }
    expect(new Set(commands.filter((one) => one.name.includes("/host/")).map((one) => one.inputs["create"])).size).toBe(
      1,
    );
  });

  it("send each member's document as it is, readable in a diff", () => {
    expect(named("lac/host/web2").inputs["stdin"]).toBe(canonical(plans[1]?.documents[0]));
  });

  it("send a host's document with a certificate of its names, and a verifier instead of the password", () => {
    const stdin = named("host/web1/set-up").inputs["stdin"];
    const document = JSON.parse(String(stdin)) as { certificate: string; sqlVerifier: string; agent: string };
    expect(document.agent).toBe(agent.hash);
    expect(document.certificate).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
    expect(document.sqlVerifier).toMatch(/^\*[0-9A-F]{40}$/);
  });

  it("use explicit providers only", () => {
    const custom = seen.filter((one) => !one.type.startsWith("cassiopea:") && !one.type.startsWith("pulumi:"));
    expect(custom.filter((one) => one.provider === "").map((one) => one.name)).toEqual([]);
  });
});
