import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { askDnsApi, cassiopea, dnsControl, dnsRecords, generated, lab, recordsEach } from "./support.ts";

// Each fault meets one new member more: what was there before must stay as it was.
let count = 0;
const up = (folder: string) => cassiopea(["up", "--stack", "lab", "--members", folder]);

beforeAll(async () => {
  await lab(["reset", "--hosts", "1"]);
});
afterEach(() => dnsControl("DELETE", "faults"));

/** What the DNS API lists is exactly what is declared, and another run has nothing to do. */
async function converged(folder: string): Promise<string> {
  const next = await up(folder);
  expect(next.code, next.text).toBe(0);
  const records = await dnsRecords();
  expect(new Set(records).size).toBe(records.length);
  expect(records).toHaveLength(count * recordsEach);
  const preview = await cassiopea(["preview", "--stack", "lab", "--members", folder]);
  return preview.text;
}

function another(): { folder: string; id: string; domain: string } {
  count += 1;
  const id = `m${String(count).padStart(5, "0")}`;
  return { folder: generated(count), id, domain: `${id}.example` };
}

const envelope = (code: number, message: string) => ({
  success: false,
  errors: [{ code, message }],
  messages: [],
  result: null,
});

describe("an answer that is lost after the change was made", () => {
  it.each([
    ["a record", { method: "POST", path: "/dns_records$", action: "hangup" }],
    ["a record, by an error in its place", { method: "POST", path: "/dns_records$", status: 500 }],
    ["a zone", { method: "POST", path: "/zones$", action: "hangup" }],
    ["DNSSEC", { method: "PATCH", path: "/dnssec$", action: "hangup" }],
  ])("of %s leaves nothing twice", async (_, fault) => {
    const { folder } = another();
    await dnsControl("POST", "faults", { ...fault, when: "after", times: 1 });
    await up(folder);
    expect(await converged(folder)).toContain("rien à changer");
  });
});

describe("a limit of calls", () => {
  it("delays by what the service says, and the run goes on", async () => {
    const { folder } = another();
    await dnsControl("POST", "faults", {
      method: "POST",
      path: "/zones",
      status: 429,
      headers: { "retry-after": "2" },
      times: 3,
    });
    const done = await up(folder);
    expect(done.code, done.text).toBe(0);
    expect(done.seconds).toBeGreaterThan(2);
    expect(await converged(folder)).toContain("rien à changer");
  });
});

describe("a token without rights", () => {
  it("is told with what it lacks, the host's part is done, and the next run completes", async () => {
    const { folder, domain, id } = another();
    const body = envelope(10_000, "Authentication error");
    await dnsControl("POST", "faults", { method: "POST", path: "/zones$", status: 403, body, times: 20 });
    const refused = await up(folder);
    expect(refused.code).toBe(1);
    expect(refused.text).toContain(`zone ${domain}`);
    expect(refused.text).toContain("Le jeton de l'API DNS n'a pas le droit");
    expect(refused.text).toContain("Zone.Zone et Zone.DNS, en modification");
    expect(refused.text).toContain(id);
    await dnsControl("DELETE", "faults");
    expect(await converged(folder)).toContain("rien à changer");
  });
});

describe("a zone that somebody else has", () => {
  it("is told, stops nobody else, and the next run completes once it is free", async () => {
    const { folder, domain } = another();
    const body = envelope(1061, `${domain} already exists`);
    await dnsControl("POST", "faults", { method: "POST", path: "/zones$", status: 400, body, times: 20 });
    const refused = await up(folder);
    expect(refused.code).toBe(1);
    expect(refused.text).toContain(`zone ${domain}`);
    expect(refused.text).toContain("Ce domaine est déjà dans un autre compte de l'hébergeur DNS");
    await dnsControl("DELETE", "faults");
    expect(await converged(folder)).toContain("rien à changer");
  });
});

describe("a record made by hand that stands in the way", () => {
  it("is told with what it says, is left alone, and the next run completes once it is gone", async () => {
    // The zone is ours already: only the site's name is new.
    const { folder, domain } = another();
    expect(await converged(folder)).toContain("rien à changer");
    const [zone] = await askDnsApi<{ id: string }[]>(`/zones?name=${domain}`);
    const records = await askDnsApi<{ id: string; name: string }[]>(`/zones/${zone?.id}/dns_records`);
    const ours = records.find(({ name }) => name === `www.${domain}`);
    await askDnsApi(`/zones/${zone?.id}/dns_records/${ours?.id}`, "DELETE");
    const alias = { type: "CNAME", name: `www.${domain}`, content: "ailleurs.example", ttl: 300 };
    const made = await askDnsApi<{ id: string }>(`/zones/${zone?.id}/dns_records`, "POST", alias);
    const refused = await cassiopea(["up", "--stack", "lab", "--members", folder, "--repair"]);
    expect(refused.code).toBe(1);
    expect(refused.text).toContain(`www.${domain}`);
    expect(refused.text).toContain("CNAME ailleurs.example");
    expect(await dnsRecords()).toContain(`www.${domain} CNAME ailleurs.example`);
    await askDnsApi(`/zones/${zone?.id}/dns_records/${made.id}`, "DELETE");
    const repaired = await cassiopea(["up", "--stack", "lab", "--members", folder, "--repair"]);
    expect(repaired.code, repaired.text).toBe(0);
    expect(await converged(folder)).toContain("rien à changer");
  });
});
