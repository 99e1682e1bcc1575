import { afterEach, expect, it } from "vitest";
import { askDns } from "../../components/dns-check.ts";
import { type DnsServer, startDnsServer } from "../support/dns-server.ts";

const name = "a.example";
let server: DnsServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

it("every type of record is read in the form in which it is expected", async () => {
  server = await startDnsServer([
    { name, type: "A", data: "192.0.2.1" },
    { name, type: "AAAA", data: "2001:db8:0::1" },
    { name: `www.${name}`, type: "CNAME", data: `A.example` },
    { name, type: "MX", data: { preference: 0, exchange: "." } },
    { name, type: "TXT", data: ["x".repeat(255), 'y "é"'] },
    { name, type: "SRV", data: { priority: 0, weight: 0, port: 0, target: "." } },
    { name, type: "CAA", data: { flags: 128, tag: "issue", value: "ca.example; accounturi=https://ca.example/1" } },
    { name, type: "NS", data: "NS1.example" },
    { name, type: "DS", data: { keyTag: 5, algorithm: 13, digestType: 2, digest: Buffer.from("abcd", "hex") } },
  ]);
  const questions = (["A", "AAAA", "MX", "TXT", "SRV", "CAA", "NS", "DS", "CNAME"] as const).map((type) => ({
    name,
    type,
  }));
  const asked = [
    ...questions,
    { name: `www.${name}`, type: "CNAME" as const },
    { name: `www.${name}`, type: "A" as const },
  ];
  expect(await askDns(asked, server.address)).toEqual(
    [
      ["192.0.2.1"],
      ["2001:db8::1"],
      ["0 ."],
      [`"${"x".repeat(255)}y "é""`],
      ["0 0 0 ."],
      ['128 issue "ca.example; accounturi=https://ca.example/1"'],
      ["ns1.example"],
      ["5 13 2 ABCD"],
      [],
      ["a.example"],
      ["192.0.2.1"],
    ].map((values) => ({ values })),
  );
});

it("what is not there is no answer, and what fails says why", async () => {
  server = await startDnsServer([], { "broken.example": "SERVFAIL", "closed.example": "REFUSED" });
  const both = (of: string) => [
    { name: of, type: "A" as const },
    { name: of, type: "DS" as const },
  ];
  const asked = [...both("none.example"), ...both("broken.example"), ...both("closed.example")];
  expect(await askDns(asked, server.address)).toEqual([
    { values: [] },
    { values: [] },
    { failed: "failed" },
    { failed: "failed" },
    { failed: "refused" },
    { failed: "refused" },
  ]);
  const { address } = server;
  await server.close();
  server = undefined;
  expect(await askDns(both("none.example"), address)).toEqual([{ failed: "refused" }, { failed: "refused" }]);
});

it("many questions are answered in their order", async () => {
  const names = Array.from({ length: 95 }, (_, index) => `n${index}.example`);
  server = await startDnsServer(names.map((one, index) => ({ name: one, type: "A", data: `192.0.2.${index}` })));
  const answers = await askDns(
    names.map((one) => ({ name: one, type: "A" })),
    server.address,
  );
  expect(answers).toEqual(names.map((_, index) => ({ values: [`192.0.2.${index}`] })));
});

it("a resolver that is no address is refused by its name", async () => {
  await expect(askDns([], "dns.example")).rejects.toThrow("--resolver : « dns.example » n'est pas une adresse");
});
