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
    expect(findings.length).toBeGreaterThan(12);
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

  it("are put to no zone that is in use, nor to one that isn't there", async () => {
    await test.client.dns.records.create({ zone_id: zone, type: "A", name: "www", content: "192.0.2.1", ttl: 300 });
    await expect(asked()).rejects.toThrow("essai.example a 1 enregistrement");
    expect(await left()).toEqual(["www.essai.example"]);
    await expect(examine(token, account.id, "absente.example", test.emulator.url)).rejects.toThrow(
      "n'est pas une zone",
    );
  });
});
