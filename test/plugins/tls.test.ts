import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { upgrade } from "../../lab/plugins/mysql/tls.ts";
import { run } from "../../lab/run.ts";

const folder = mkdtempSync(join(tmpdir(), "cassiopea-tls-"));
const path = (name: string) => join(folder, name);
const before = process.env["SSL_CERT_FILE"];

async function authority(name: string): Promise<void> {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path(`${name}.key`)];
  await run("openssl", ["req", "-x509", ...key, "-subj", `/CN=${name}`, "-days", "30", "-out", path(`${name}.pem`)]);
}

/** A server's certificate signed by the authority `right`. */
async function certificate(name: string, alternatives: string | undefined, days: number): Promise<void> {
  const extension = path(`${name}.ext`);
  writeFileSync(extension, alternatives === undefined ? "" : `subjectAltName=${alternatives}\n`);
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path(`${name}.key`)];
  await run("openssl", ["req", "-new", ...key, "-subj", `/CN=${name}`, "-out", path(`${name}.csr`)]);
  const signer = ["-CA", path("right.pem"), "-CAkey", path("right.key"), "-CAcreateserial"];
  const files = ["-in", path(`${name}.csr`), "-out", path(`${name}.pem`), "-extfile", extension];
  await run("openssl", ["x509", "-req", ...signer, ...files, "-days", String(days)]);
}

/** Shakes hands with a server that has this certificate, as if it were `host`. @returns the failure's text */
async function shake(name: string, host: string, verify = true): Promise<string | undefined> {
  const server = createServer({ key: readFileSync(path(`${name}.key`)), cert: readFileSync(path(`${name}.pem`)) });
  server.on("tlsClientError", () => {});
  server.on("secureConnection", (accepted) => accepted.on("error", () => {}));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const socket: Socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  await new Promise<void>((done) => socket.once("connect", () => done()));
  const failure = await new Promise<Error | undefined>((done) => {
    upgrade(socket, host, verify, done).on("error", () => {});
  });
  socket.destroy();
  await new Promise<void>((done) => server.close(() => done()));
  return failure?.message;
}

beforeAll(async () => {
  await authority("right");
  await authority("wrong");
  await certificate("named", "DNS:web1.example.org,DNS:*.members.example.org", 30);
  await certificate("addressed", "DNS:web1.example.org,IP:10.0.0.1", 30);
  await certificate("bare", undefined, 30);
  await certificate("expired", "DNS:web1.example.org", -1);
  process.env["SSL_CERT_FILE"] = path("right.pem");
});

afterEach(() => {
  process.env["SSL_CERT_FILE"] = path("right.pem");
});

afterAll(() => {
  if (before === undefined) delete process.env["SSL_CERT_FILE"];
  else process.env["SSL_CERT_FILE"] = before;
});

describe("a verified connection", () => {
  it.each([
    ["named", "web1.example.org"],
    ["named", "lac.members.example.org"],
    ["addressed", "10.0.0.1"],
  ])("takes the certificate %s for %s, signed by an authority of SSL_CERT_FILE", async (name, host) => {
    expect(await shake(name, host)).toBeUndefined();
  });

  it.each([
    [
      "named",
      "web2.example.org",
      "certificate is valid for web1.example.org, *.members.example.org, not web2.example.org",
    ],
    ["named", "10.0.0.1", "cannot validate certificate for 10.0.0.1 because it doesn't contain any IP SANs"],
    ["addressed", "10.0.0.2", "certificate is valid for 10.0.0.1, not 10.0.0.2"],
    ["bare", "bare", "certificate relies on legacy Common Name field, use SANs instead"],
  ])("refuses the certificate %s for %s", async (name, host, reason) => {
    expect(await shake(name, host)).toBe(`tls: failed to verify certificate: x509: ${reason}`);
  });

  it("refuses an authority that is not in SSL_CERT_FILE", async () => {
    process.env["SSL_CERT_FILE"] = path("wrong.pem");
    expect(await shake("named", "web1.example.org")).toBe(
      "tls: failed to verify certificate: x509: certificate signed by unknown authority",
    );
  });

  it("trusts nothing when SSL_CERT_FILE can't be read", async () => {
    process.env["SSL_CERT_FILE"] = path("absent.pem");
    expect(await shake("named", "web1.example.org")).toContain("certificate signed by unknown authority");
  });

  it("refuses a certificate whose time is over", async () => {
    expect(await shake("expired", "web1.example.org")).toMatch(
      /x509: certificate has expired or is not yet valid: current time \S+Z is after \S+Z$/,
    );
  });
});

it("takes any certificate when it is not to be verified", async () => {
  process.env["SSL_CERT_FILE"] = path("wrong.pem");
  expect(await shake("expired", "10.9.9.9", false)).toBeUndefined();
});
