import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { askDns } from "../../components/dns-check.ts";
import { compare, questionsFor } from "../../src/dns/compare.ts";
import { dnsTexts } from "../../src/dns/texts.ts";
import { zoneFile } from "../../src/dns/zone-file.ts";
import { quotedText } from "../../src/plan/records.ts";
import type { DnsRecord } from "../../src/plan/types.ts";
import { everyDomain, type Planned } from "./support/dns.ts";

const folder = mkdtempSync(join(tmpdir(), "cassiopea-served-"));
const { records } = everyDomain().find(({ title }) => title === "71-finer-points") as Planned;
const DS = "16953 13 2 48E939042E82C22542CB377B580DFDC52A361CEFDC72E7F9107E2B6BD9306A45";
const base = { name: "jardins.example", ttl: 300, proxied: false, comment: "" };
/** Values that ask for care in a zone file. */
const odd: DnsRecord[] = [
  { ...base, type: "TXT", key: "own", content: quotedText('é; "b\\" \t') },
  { ...base, type: "TXT", key: "own-long", content: quotedText("k".repeat(700)) },
  { ...base, name: "v6.jardins.example", type: "AAAA", key: "own", content: "2001:db8:0:0:0::1" },
  { ...base, type: "CAA", key: "own", data: { flags: 128, tag: "issuewild", value: "ca.example; x=1" } },
];
let knot: ChildProcess;
let server: string;

beforeAll(async () => {
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const { port } = free.address() as AddressInfo;
  free.close();
  server = `127.0.0.1:${port}`;
  const head = (zone: string) => `${zone}. 300 IN SOA ns1.${zone}. a.${zone}. 1 3600 600 86400 60`;
  const servers = ["ada", "bob"].map((name) => `jardins.example. 300 IN NS ${name}.ns.cloudflare.com.`);
  const text = zoneFile(["pasted"], [...records, ...odd], dnsTexts.fr);
  writeFileSync(join(folder, "jardins.example.zone"), [head("jardins.example"), ...servers, text, ""].join("\n"));
  const parent = [head("example"), "example. 300 IN NS ns1.example.", "ns1.example. 300 IN A 127.0.0.1", ...servers];
  writeFileSync(join(folder, "example.zone"), [...parent, `jardins.example. 300 IN DS ${DS}`, ""].join("\n"));
  for (const sub of ["run", "db"]) mkdirSync(join(folder, sub));
  const zones = ["jardins.example", "example"].map((zone) => `  - domain: ${zone}\n    file: ${folder}/${zone}.zone\n`);
  writeFileSync(
    join(folder, "knot.conf"),
    `server:\n    rundir: ${folder}/run\n    listen: 127.0.0.1@${port}\ndatabase:\n    storage: ${folder}/db\nzone:\n${zones.join("")}`,
  );
  knot = spawn("/usr/sbin/knotd", ["-c", join(folder, "knot.conf")], { stdio: "ignore" });
  for (let tries = 0; tries < 100; tries += 1) {
    const [answer] = await askDns([{ name: "jardins.example", type: "NS" }], server);
    if (answer !== undefined && "values" in answer && answer.values.length > 0) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
  throw new Error("knotd does not answer");
});

afterAll(async () => {
  knot.kill();
  await once(knot, "exit");
  rmSync(folder, { recursive: true });
});

it("Knot serves the printed zone file so that the check finds every record right", async () => {
  const all = [...records, ...odd];
  const found = compare(all, await askDns(questionsFor(all), server));
  expect(found.filter(({ state }) => state !== "right")).toEqual([]);
  expect(found.length).toBe(all.length);
});

it("what the parent zone says of the domain is read from Knot", async () => {
  const name = "jardins.example";
  expect(
    await askDns(
      [
        { name, type: "NS" },
        { name, type: "DS" },
      ],
      server,
    ),
  ).toEqual([
    { values: expect.arrayContaining(["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"]) as string[] },
    { values: [DS] },
  ]);
});

it("a record that the server lacks or has otherwise is found", async () => {
  const wrong = records.map((record) => (record.key === "spf" ? { ...record, content: '"v=spf1 -all"' } : record));
  const more: DnsRecord = { ...base, name: "none.jardins.example", type: "A", key: "own", content: "192.0.2.1" };
  const asked = [...wrong, more];
  const found = compare(asked, await askDns(questionsFor(asked), server)).filter(({ state }) => state !== "right");
  expect(found.map(({ name, state }) => `${state} ${name}`)).toEqual([
    "different jardins.example",
    "different lists.jardins.example",
    "missing none.jardins.example",
  ]);
});
