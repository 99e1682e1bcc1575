import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { generateKeys } from "../../lab/keys.ts";
import { hosts } from "../../lab/settings.ts";

const folder = join(mkdtempSync(join(tmpdir(), "cassiopea-keys-")), "keys");
const keys = await generateKeys(folder);

describe("the lab's keys", () => {
  it("are made once: a second run returns the same and changes no file", async () => {
    const contents = () =>
      readdirSync(folder)
        .sort()
        .map((name) => [name, readFileSync(join(folder, name), "utf8")]);
    const before = contents();
    expect(await generateKeys(folder)).toEqual(keys);
    expect(contents()).toEqual(before);
  });

  it("are made again one by one when lost, the others staying", async () => {
    rmSync(join(folder, "dns-token"));
    const again = await generateKeys(folder);
    expect(again.dnsToken).not.toBe(keys.dnsToken);
    expect({ ...again, dnsToken: "" }).toEqual({ ...keys, dnsToken: "" });
  });

  it("lie where only their owner reads them, with nothing half-made beside", () => {
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const secret = ["id_ed25519", "host-web1", "host-web2", "ca.key", "sql-password", "dns-token", "passphrase"];
    for (const name of secret) expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600]);
    expect(readdirSync(folder).filter((name) => /partial|draft/.test(name))).toEqual([]);
  });

  it("pin a different ed25519 key for each host", () => {
    const known = readFileSync(keys.knownHostsFile, "utf8").trim().split("\n");
    expect(new Set(Object.values(keys.hostKeys)).size).toBe(hosts.length);
    for (const [index, { host, name, address }] of hosts.entries()) {
      expect(keys.hostKeys[host]).toMatch(/^ssh-ed25519 AAAA[A-Za-z0-9+/=]+$/);
      expect(known[index]).toBe(`${name},${address} ${keys.hostKeys[host]}`);
    }
  });

  it("hold a CA whose RSA key signed its certificate, trusted beside the system's roots", () => {
    const certificate = new X509Certificate(keys.ca.certificate);
    const key = createPrivateKey(keys.ca.key);
    expect(keys.ca.key).toContain("-----BEGIN PRIVATE KEY-----");
    expect(key.asymmetricKeyType).toBe("rsa");
    expect(certificate.ca).toBe(true);
    expect(certificate.checkPrivateKey(key)).toBe(true);
    expect(certificate.verify(createPublicKey(key))).toBe(true);
    const trusted = readFileSync(keys.trustFile, "utf8");
    expect(trusted.endsWith(keys.ca.certificate)).toBe(true);
    expect(trusted.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(50);
  });

  it("hold secrets that nobody guesses", () => {
    const secrets = [keys.sqlPassword, keys.dnsToken, readFileSync(keys.passphraseFile, "utf8").trim()];
    for (const secret of secrets) expect(secret).toMatch(/^[A-Za-z0-9_-]{40}$/);
    expect(new Set(secrets).size).toBe(3);
  });
});
