import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readSettings } from "../../components/settings.ts";
import { hosts, project } from "../../lab/settings.ts";
import { stackSecrets, stackSettings, withSettings } from "../../lab/stack.ts";

const keys = {
  hostKeys: { web1: "ssh-ed25519 AAAAweb1=", web2: "ssh-ed25519 AAAAweb2=" },
  ca: { certificate: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", key: "a key" },
  sqlPassword: "a password",
  dnsToken: "a token",
};

type StackFile = { encryptionsalt?: string; config: Record<string, unknown> };

/** What the program reads from a stack file. */
function read(text: string) {
  const { config } = parse(text) as StackFile;
  return readSettings((key) => config[`cassiopea:${key}`]);
}

describe("the lab's stack file", () => {
  it("is what the program accepts, with the hosts that run", () => {
    const settings = read(withSettings("", stackSettings(hosts, keys)));
    expect(Object.keys(settings.hosts)).toEqual(["web1", "web2"]);
    expect(settings.hosts["web2"]).toEqual({
      address: "10.77.0.12",
      port: 22,
      user: "root",
      hostKey: "ssh-ed25519 AAAAweb2=",
      ipv4: "10.77.0.12",
      name: "web2.cassiopea.test",
      roles: ["web", "database"],
    });
    expect(settings.caCertificate).toBe(keys.ca.certificate);
    expect(Object.keys(read(withSettings("", stackSettings(hosts.slice(0, 1), keys))).hosts)).toEqual(["web1"]);
  });

  it("keeps salt and encrypted secrets when settings are written again", () => {
    const before =
      'encryptionsalt: "v1:salt"\nconfig:\n  cassiopea:dnsToken:\n    secure: v1:cipher\n  cassiopea:defaultHost: other\n';
    const after = parse(withSettings(before, stackSettings(hosts, keys))) as StackFile;
    expect(after.encryptionsalt).toBe("v1:salt");
    expect(after.config["cassiopea:dnsToken"]).toEqual({ secure: "v1:cipher" });
    expect(after.config["cassiopea:defaultHost"]).toBe("web1");
  });

  it("is the same bytes when nothing changed", () => {
    const once = withSettings("", stackSettings(hosts, keys));
    expect(withSettings(once, stackSettings(hosts, keys))).toBe(once);
  });

  it("holds no secret in clear", () => {
    const text = withSettings("", stackSettings(hosts, keys));
    for (const secret of Object.values(stackSecrets(keys))) expect(text).not.toContain(secret);
  });
});

describe("the sample of the production stack", () => {
  const prod = readFileSync(join(project, "Pulumi.prod.yaml"), "utf8");

  it("is what the program accepts", () => {
    expect(Object.keys(read(prod).hosts)).toEqual(["web1"]);
  });

  it("has the lab's keys, and no secret", () => {
    const { config } = parse(prod) as StackFile;
    expect(Object.keys(config).sort()).toEqual(Object.keys(stackSettings(hosts, keys)).sort());
    expect(prod).not.toMatch(/PRIVATE KEY|secure:/);
  });

  it("says how each secret is set", () => {
    for (const key of Object.keys(stackSecrets(keys))) expect(prod).toContain(`--secret ${key}`);
  });
});
