import { afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  askDnsApi,
  cassiopea,
  dnsControl,
  dnsRecords,
  documentOn,
  generated,
  lab,
  labHost,
  onHost,
  recordsOfGenerated,
  visit,
} from "./support.ts";

// Each fault meets one new member more: what was there before must stay as it was.
let count = 0;
const web1 = labHost("web1");
const up = (folder: string, ...more: string[]) => cassiopea(["up", "--stack", "lab", "--members", folder, ...more]);

beforeAll(async () => {
  await lab(["reset", "--hosts", "1"]);
});
afterEach(() => dnsControl("DELETE", "faults"));

/** What the DNS API lists is exactly what is declared, and another run has nothing to do. */
async function converged(folder: string): Promise<string> {
  const next = await up(folder);
  expect(next.code, next.text).toBe(0);
  expect(await dnsRecords()).toEqual(recordsOfGenerated(count));
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
    ["a record, by the time-out of a server on the way", { method: "POST", path: "/dns_records$", status: 504 }],
    ["a zone, by such a time-out", { method: "POST", path: "/zones$", status: 504 }],
    ["DNSSEC", { method: "PATCH", path: "/dnssec$", action: "hangup" }],
  ])("of %s leaves nothing twice", async (_, fault) => {
    const { folder } = another();
    await dnsControl("POST", "faults", { ...fault, when: "after", times: 1 });
    await up(folder);
    expect(await converged(folder)).toContain("rien à changer");
  });
});

describe("a server that makes the change and then says nothing", () => {
  it("holds the run up to its limit; the next one finds what was made", async () => {
    const { folder, id } = another();
    const fault = { method: "POST", path: "/dns_records$", action: "silence", when: "after", times: 1 };
    await dnsControl("POST", "faults", fault);
    const limited = { CASSIOPEA_RUN_LIMIT: "0.4" };
    const ended = await cassiopea(["up", "--stack", "lab", "--members", folder], limited);
    expect(ended.code).toBe(1);
    expect(ended.text).toContain("Le moteur a dépassé son temps et a été arrêté. Relancez la commande");
    expect(ended.seconds).toBeGreaterThan(24);
    expect((await documentOn(web1, id)).member).toBe(id);
    expect(await converged(folder)).toContain("rien à changer");
  });

  it("has a limit that is a number of minutes", async () => {
    const limited = { CASSIOPEA_RUN_LIMIT: "bientôt" };
    const refused = await cassiopea(["up", "--stack", "lab", "--members", generated(count)], limited);
    expect(refused.code).toBe(1);
    expect(refused.text).toContain("CASSIOPEA_RUN_LIMIT : « bientôt » n'est pas un nombre de minutes");
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
    expect((await documentOn(web1, id)).sites).toEqual([{ name: domain, aliases: [`www.${domain}`] }]);
    const asked = `curl -so /dev/null -w '%{http_code}' -H 'Host: ${domain}' http://${web1.address}/`;
    expect((await onHost(web1, asked)).stdout).toBe("200");
    await dnsControl("DELETE", "faults");
    expect(await converged(folder)).toContain("rien à changer");
  });
});

describe("a zone that somebody else has", () => {
  it("is told, stops nobody else, and the next run completes once it is free", async () => {
    const { domain } = another();
    const other = another();
    const { folder } = other;
    await dnsControl("POST", "zones", { name: domain });
    const refused = await up(folder);
    expect(refused.code).toBe(1);
    expect((await dnsRecords()).filter((line) => line.includes(other.domain))).toHaveLength(
      recordsOfGenerated(1).length,
    );
    expect((await visit(other.domain)).status).toBe(200);
    expect(refused.text).toContain(`zone ${domain}`);
    expect(refused.text).toContain("Ce domaine est déjà dans un autre compte de l'hébergeur DNS");
    await dnsControl("DELETE", "zones", { name: domain });
    expect(await converged(folder)).toContain("rien à changer");
  });
});

describe("records made by hand in the place of ours", () => {
  /** Takes a record of ours away and makes another in its place; gives what is told of it, and what removes it again. */
  async function inPlaceOf(domain: string, type: string, other: { name: string; type: string; content: string }) {
    const [zone] = await askDnsApi<{ id: string }[]>(`/zones?name=${domain}`);
    const path = `/zones/${zone?.id}/dns_records`;
    const records = await askDnsApi<{ id: string; name: string; type: string }[]>(path);
    const ours = records.find((record) => record.name === other.name && record.type === type);
    await askDnsApi(`${path}/${ours?.id}`, "DELETE");
    const { id } = await askDnsApi<{ id: string }>(path, "POST", { ttl: 300, ...other });
    const told = `${other.name} : un enregistrement fait à la main (${other.type} ${other.content}) tient la place du nôtre (${type})`;
    return { told, remove: () => askDnsApi(`${path}/${id}`, "DELETE") };
  }

  it("are told with what they say and left alone, the rest is done, and the next run completes", async () => {
    // The zones are ours already: only these records have to be made again, and a member comes.
    const one = another();
    const two = another();
    expect(await converged(two.folder)).toContain("rien à changer");
    const made = [
      await inPlaceOf(one.domain, "A", { name: `www.${one.domain}`, type: "CNAME", content: "ailleurs.example" }),
      await inPlaceOf(two.domain, "A", { name: two.domain, type: "A", content: "192.0.2.80" }),
      await inPlaceOf(one.domain, "TXT", { name: one.domain, type: "TXT", content: '"v=spf1 mx -all"' }),
    ];
    const before = await dnsRecords();
    const three = another();
    const refused = await up(three.folder, "--repair");
    expect(refused.code).toBe(1);
    for (const { told } of made) expect(refused.text).toContain(told);
    const came = recordsOfGenerated(count).filter((line) => line.includes(three.domain));
    expect(await dnsRecords()).toEqual([...before, ...came].sort());
    expect((await visit(three.domain)).status).toBe(200);
    for (const { remove } of made) await remove();
    const repaired = await up(three.folder, "--repair");
    expect(repaired.code, repaired.text).toBe(0);
    expect(await converged(three.folder)).toContain("rien à changer");
  });
});
