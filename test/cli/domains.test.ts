import { cpSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { Answer } from "dns-packet";
import { describe, expect, it } from "vitest";
import { controlRecord } from "../../src/dns/control.ts";
import { asAnswer } from "../support/planned-answers.ts";
import { bench, project } from "./support/bench.ts";

const { cassiopea, served, file, elsewhere, span, folder } = bench();

const nameServers = (...names: string[]): Answer[] => names.map((data) => ({ name: "lac.example", type: "NS", data }));
const ours = ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"];
const digest = "48E939042E82C22542CB377B580DFDC52A361CEFDC72E7F9107E2B6BD9306A45";
const ds = (keyTag: number): Answer => ({
  name: "lac.example",
  type: "DS",
  data: { keyTag, algorithm: 13, digestType: 2, digest: Buffer.from(digest, "hex") },
});

describe("domains", () => {
  const ofLac = (out: string) =>
    /lac\.example {2}\(lac\)\n((?: .*\n)*)/.exec(out)?.[1]?.trimEnd().split("\n  ").slice(1);

  it("--stack says what the registrar is to be given, and that a zone is not there yet", async () => {
    const { code, out } = await cassiopea("domains", "--stack", "prod");
    expect(code).toBe(0);
    expect(ofLac(out)).toEqual([
      "à faire par le membre chez son registraire : donner les serveurs de noms ada.ns.cloudflare.com, bob.ns.cloudflare.com",
      `à faire par le membre chez son registraire : donner l'enregistrement DS 16953 13 2 ${digest}, une fois les serveurs de noms changés`,
      "à faire : prouver le contrôle : npx cassiopea domains verify lac.example",
    ]);
    expect(out).toContain("à faire : sa zone n'existe pas encore : « npx cassiopea up --stack prod » la crée");
  });

  it("--check says what of it is done, not yet done, or different", async () => {
    const told = async (...answers: Answer[]) => {
      await served(...answers);
      const { out } = await cassiopea("domains", "--stack", "prod", "--check");
      return ofLac(out)?.map((line) => (line.startsWith("fait : ") ? "fait" : /\(([^(]*)\)$/.exec(line)?.[1]));
    };
    expect(await told(...nameServers(...ours), ds(16953))).toEqual(["fait", "fait", undefined]);
    expect(await told(...nameServers(...ours))).toEqual(["fait", "pas encore fait", undefined]);
    expect(await told(...nameServers("ns1.old.example"), ds(1))).toEqual([
      "le DNS donne encore ns1.old.example",
      `le DNS en donne un autre, 1 13 2 ${digest} : retirez-le avant de changer les serveurs de noms`,
      undefined,
    ]);
    const rows = JSON.parse((await cassiopea("domains", "--stack", "prod", "--check", "--json")).out) as object[];
    expect(rows.find((row) => "domain" in row && row.domain === "lac.example")).toMatchObject({
      steps: [
        { what: "NS", state: "different", read: ["ns1.old.example"] },
        { what: "DS", state: "different" },
      ],
    });
  });

  it("--check needs a stack", async () => {
    expect(await cassiopea("domains", "--check")).toMatchObject({
      code: 1,
      err: "--check demande --stack <pile> : ce que le registraire doit avoir est dans l'état de la pile.\n",
    });
  });
});

describe("domains verify", () => {
  const proof = asAnswer(controlRecord("lac", "lac.example"));

  it("writes the day of the proof into the file: our name servers at the registrar", async () => {
    await served(...nameServers(...ours));
    const before = file("lac");
    const { code, out } = await cassiopea("domains", "verify", "lac.example", "--stack", "prod");
    expect([code, out]).toEqual([
      0,
      [
        "lac.example : contrôle prouvé (le registraire mène à nos serveurs de noms).",
        `${basename(folder())}/lac.ts:9:56 : verified: "2026-11-26" y est écrit. Proposez ce changement comme les autres (git add, git commit).`,
        "",
      ].join("\n"),
    ]);
    expect(file("lac")).toBe(
      before.replace(
        'from: "2025-09-15" }],\n  databases',
        'from: "2025-09-15", verified: "2026-11-26" }],\n  databases',
      ),
    );
    expect((await cassiopea("check")).code).toBe(0);
    expect(readdirSync(folder()).filter((name) => name.startsWith("."))).toEqual([]);
    const after = file("lac");
    expect(await cassiopea("domains", "verify", "lac.example", "--stack", "prod")).toMatchObject({
      code: 0,
      out: "lac.example : contrôle prouvé le 26/11/2026, rien n'est changé.\n",
    });
    expect(file("lac")).toBe(after);
  });

  it("takes the record of the DNS elsewhere, and of the DNS before it is ours", async () => {
    await served(proof);
    expect((await cassiopea("domains", "verify", "lac.example", "--json")).out).toBe(
      '{"domain":"lac.example","member":"lac","verified":"2026-11-26","by":"TXT"}\n',
    );
    cpSync(join(project, "members", "lac.ts"), join(folder(), "lac.ts"));
    elsewhere();
    expect((await cassiopea("domains", "verify", "lac.example")).out).toContain("le DNS donne la preuve attendue");
    expect(file("lac")).toContain('verified: "2026-11-26"');
  });

  it.each<[string, Answer[]]>([
    ["nothing", []],
    ["other name servers", nameServers("ns1.old.example", "ns2.old.example")],
    ["one of our name servers", nameServers("ada.ns.cloudflare.com", "ns2.old.example")],
    ["another member's proof", [asAnswer({ ...controlRecord("velo", "lac.example"), name: "_cassiopea.lac.example" })]],
    ["another domain's proof", [asAnswer({ ...controlRecord("lac", "b.example"), name: "_cassiopea.lac.example" })]],
  ])("is not satisfied by %s, says what to put where, and leaves the file", async (_, answers) => {
    await served(...answers);
    const before = file("lac");
    const { code, out } = await cassiopea("domains", "verify", "lac.example", "--stack", "prod");
    expect([code, file("lac")]).toEqual([1, before]);
    expect(out).toContain("lac.example : le contrôle n'est pas prouvé");
    expect(out).toMatch(/^ {2}_cassiopea\.lac\.example\.\t300\tIN\tTXT\t"cassiopea-control=[0-9a-f]{32}"$/m);
    expect(out).toContain(
      "ou donnez au registraire nos serveurs de noms : ada.ns.cloudflare.com, bob.ns.cloudflare.com.",
    );
  });

  it("does not take name servers for a proof where the DNS is elsewhere", async () => {
    elsewhere();
    await served(...nameServers(...ours));
    const { code, out } = await cassiopea("domains", "verify", "lac.example", "--stack", "prod");
    expect([code, out.includes("serveurs de noms")]).toEqual([1, false]);
  });

  it("refuses a domain that is not in service, and a resolver that is no address", async () => {
    span('from: "2027-09-15"');
    expect(await cassiopea("domains", "verify", "lac.example")).toMatchObject({
      code: 1,
      err: "lac.example n'est pas en service : rien n'est à prouver.\n",
    });
    const wrong = await cassiopea("domains", "verify", "velo.example", "--resolver", "ns.example");
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining("« ns.example » n'est pas une adresse")]);
  });
});
