import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { examine, findingsText } from "../../components/runner/doctor.ts";
import { account, type Bench, bench, token } from "../cloudflare/support.ts";

const domain = "essai.example";
let test: Bench;
let zone: string;
beforeEach(async () => {
  test = await bench();
  zone = (await test.client.zones.create({ account, name: domain })).id;
});
afterEach(() => test.end());

const left = async () => (await test.client.dns.records.list({ zone_id: zone })).result.map(({ name }) => name);
const asked = () => examine(token, account.id, domain, test.emulator.url);

describe("the questions to the DNS API", () => {
  it("are answered by the emulator as assumed, and leave nothing behind", async () => {
    const findings = await asked();
    expect(findings.filter(({ assumed, answered }) => assumed !== answered)).toEqual([]);
    expect(findings).toHaveLength(16);
    expect(findingsText(findings)).toContain("toutes les réponses sont celles que l'atelier suppose");
    expect(await left()).toEqual([]);
  });

  it("find where a service differs", async () => {
    test.emulator.behaviour.txtQuotes = true;
    const findings = await asked();
    expect(findings.filter(({ assumed, answered }) => assumed !== answered)).toEqual([
      { question: "TXT sans guillemets", assumed: '"v=essai"', answered: '"\\"v=essai\\""' },
    ]);
    expect(findingsText(findings)).toContain("1 réponse diffère");
  });

  it("take their records away when the service fails midway", async () => {
    test.emulator.control.faults.push({ method: "GET", path: "/dnssec", status: 500, times: 1 });
    await expect(asked()).rejects.toThrow("API DNS : erreur (500)");
    expect(await left()).toEqual([]);
  });

  it.each([
    ["the connection", { action: "hangup" }],
    ["an error in its place", { status: 500 }],
  ] as const)("take away a record whose answer was lost by %s", async (_, fault) => {
    const lost = { method: "POST", path: "/dns_records$", when: "after", times: 1 } as const;
    test.emulator.control.faults.push({ ...lost, ...fault });
    await expect(asked()).rejects.toThrow("API DNS :");
    expect(await left()).toEqual([]);
  });

  it.each([429, 500])("try again what answers %i to taking a record away", async (status) => {
    test.emulator.control.faults.push({ method: "DELETE", status, headers: { "retry-after": "0" }, times: 1 });
    expect((await asked()).filter(({ assumed, answered }) => assumed !== answered)).toEqual([]);
    expect(await left()).toEqual([]);
  });

  it("name the records that can't be taken away; the next run does it", async () => {
    const errors = [{ code: 10_000, message: "Authentication error" }];
    const body = { success: false, errors, messages: [], result: null };
    test.emulator.control.faults.push({ method: "DELETE", path: "/dns_records/", status: 403, body, times: 100 });
    await expect(asked()).rejects.toThrow(
      /15 enregistrements de l'examen n'ont pu être retirés \(403 Authentication error \(10000\)\) : a\._cassiopea-doctor/,
    );
    expect(await left()).toHaveLength(15);
    test.emulator.control.faults = [];
    await asked();
    expect(await left()).toEqual([]);
  });

  it("take a token without rights for no answer to a question", async () => {
    const reader = "r".repeat(40);
    const other = await bench({
      tokens: new Map([
        [token, "edit"],
        [reader, "read"],
      ]),
    });
    try {
      await other.client.zones.create({ account, name: domain });
      await expect(examine(reader, account.id, domain, other.emulator.url)).rejects.toThrow(
        "le jeton est refusé (403 Authentication error (10000))",
      );
    } finally {
      await other.end();
    }
  });

  it("are put to no zone that is in use, nor to one that isn't there", async () => {
    await test.client.dns.records.create({ zone_id: zone, type: "A", name: "www", content: "192.0.2.1", ttl: 300 });
    await expect(asked()).rejects.toThrow("essai.example a 1 enregistrement");
    expect(await left()).toEqual(["www.essai.example"]);
    await expect(examine(token, account.id, "absente.example", test.emulator.url)).rejects.toThrow(
      "n'est pas une zone",
    );
  });
});
