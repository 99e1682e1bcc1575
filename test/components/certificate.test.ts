import { X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { hostCertificate } from "../../components/certificate.ts";
import { sqlVerifier } from "../../components/sql-verifier.ts";
import { hostPublicKey, makeAuthority } from "./support/sample.ts";

let authority = { certificate: "", key: "" };
const names = ["web1.example.org", "192.0.2.11", "2001:db8::11"];

beforeAll(async () => {
  authority = makeAuthority();
});

describe("a host's certificate", () => {
  it("is the same bytes for the same key and names", async () => {
    const key = hostPublicKey();
    const [first, second] = [hostCertificate(key, names, authority), hostCertificate(key, names, authority)];
    expect(second).toBe(first);
    expect(hostCertificate(hostPublicKey(), names, authority)).not.toBe(first);
  });

  it("is signed by the CA for name and addresses, and signs nothing itself", async () => {
    const certificate = new X509Certificate(hostCertificate(hostPublicKey(), names, authority));
    const ca = new X509Certificate(authority.certificate);
    expect(certificate.checkIssued(ca)).toBe(true);
    expect(certificate.verify(ca.publicKey)).toBe(true);
    expect(certificate.checkHost("web1.example.org")).toBe("web1.example.org");
    expect(certificate.checkIP("192.0.2.11")).toBe("192.0.2.11");
    expect(certificate.checkIP("2001:db8::11")).toBe("2001:db8::11");
    expect(certificate.checkIP("192.0.2.12")).toBeUndefined();
    expect(certificate.ca).toBe(false);
    expect(certificate.validTo).toBe(ca.validTo);
  });

  it("is refused when key and certificate of the CA don't belong together", async () => {
    const { key } = makeAuthority();
    expect(() => hostCertificate(hostPublicKey(), names, { ...authority, key })).toThrow("doesn't belong");
  });
});

describe("the verifier of a password", () => {
  it("is the one that MariaDB computes", () => {
    // SELECT PASSWORD('password') on MariaDB.
    expect(sqlVerifier("password")).toBe("*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19");
  });
});
