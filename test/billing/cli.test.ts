import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { atReference } from "../../components/at-reference.ts";
import type { BillSurroundings } from "../../src/cli/bill.ts";
import { declaredFacts } from "../../src/cli/bill-input.ts";
import { registryText } from "../../src/registry.ts";
import { type Ran, cassiopea as run } from "./support/cassiopea.ts";
import { stackExport } from "./support/state.ts";

let folder: string;
let members: string;

/** A member in the way that people write it. */
function write(id: string, number: number, body: string): void {
  writeFileSync(
    join(members, `${id}.ts`),
    `import { member } from "../src/member.ts";\n\nexport default member({\n  number: ${number},\n  name: "${id}",\n  kind: "association",\n  contacts: [{ role: "billing", reference: "contact:${id}" }],\n  membership: { since: "2009-01-01" },\n${body}});\n`,
  );
  const entry = { id, databases: [], logins: [id], robots: [], lists: [] };
  writeFileSync(join(members, "registry", String(number)), registryText(entry));
}

/** Runs the command on this folder. */
const cassiopea = async (args: readonly string[], surroundings?: BillSurroundings): Promise<Ran> =>
  run(args, { folder, members }, surroundings);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bill-"));
  members = join(folder, "members");
  mkdirSync(join(members, "registry"), { recursive: true });
  write("alice", 1, `  packs: [{ pack: "assisted", from: "2026-05-02" }],\n`);
  write(
    "bob",
    2,
    `  packs: [{ pack: "autonomous", from: "2026-01-01" }],\n  options: [{ option: "mailbox", quantity: 2, from: "2026-05-02" }],\n`,
  );
});

afterEach(() => rmSync(folder, { recursive: true }));

describe("bill", () => {
  it("prints each member's lines, total and the sum, in French", async () => {
    const { out, code } = await cassiopea(["--year", "2026"]);
    expect(code).toBe(0);
    expect(out).toContain("Ce que doivent les membres, année 2026");
    expect(out).toMatch(
      /Hébergement assisté +02\/05\/2026 – 31\/12\/2026 +244 jours sur 365 +80,00\u00a0€ +53,48\u00a0€/,
    );
    expect(out).toMatch(
      /Mailbox supplémentaire +02\/05\/2026 – 31\/12\/2026 +488 unités·jours sur 365 +5,00\u00a0€ +6,68\u00a0€/,
    );
    expect(out).toContain("Total : 103,48\u00a0€");
    expect(out).toContain("Total : 76,68\u00a0€");
    expect(out).toContain("Total pour 2 membres : 180,16\u00a0€");
  });

  it("gives the same figures as JSON, one member alone if asked", async () => {
    const { out } = await cassiopea(["--year", "2026", "--member", "bob", "--json"]);
    const bill = JSON.parse(out) as {
      cents: number;
      members: { member: string; lines: { key: string; cents: number }[] }[];
    };
    expect(bill.cents).toBe(7668);
    expect(bill.members.map(({ member }) => member)).toEqual(["bob"]);
    expect(bill.members[0]?.lines.map(({ key, cents }) => [key, cents])).toEqual([
      ["bob/mailbox/2026", 668],
      ["bob/membership/2026", 5000],
      ["bob/pack/autonomous/2026", 2000],
    ]);
  });

  it("counts only what is due at a date, in the year that it falls in", async () => {
    const { out } = await cassiopea(["--until", "2026-04-30", "--json"], {});
    expect((JSON.parse(out) as { cents: number }).cents).toBe(5000 + 5000 + 2000);
  });

  it("gives the same bill from the state of a stack, and says who is not deployed", async () => {
    const state = stackExport(declaredFacts(members));
    const stacks: string[] = [];
    const exportStack = async (stack: string): Promise<unknown> => {
      stacks.push(stack);
      return Promise.resolve(state);
    };
    const declared = await cassiopea(["--year", "2026", "--json"]);
    const deployed = await cassiopea(["--year", "2026", "--json", "--stack", "lab"], { exportStack });
    expect(stacks).toEqual(["lab"]);
    expect(deployed).toEqual(declared);
    state.deployment.resources = state.deployment.resources.filter(({ urn }) => !String(urn).endsWith("bob/host/h1"));
    const half = await cassiopea(["--year", "2026", "--stack", "lab"], { exportStack });
    expect(half.code).toBe(1);
    expect(half.out).toContain("Total pour 1 membre : 103,48\u00a0€");
    expect(half.error).toContain("bob");
  });

  it("refuses declarations with problems, and shows where", async () => {
    writeFileSync(join(members, "alice.ts"), "export default 1;\n");
    const { out, error, code } = await cassiopea(["--year", "2026"]);
    expect([out, code]).toEqual(["", 1]);
    expect(error).toContain("members/alice.ts:1:");
  });

  it.each([[["--year", "20"]], [["--until", "2026-02-30"]], [["--member", "carol"]]])("refuses %j", async (args) => {
    expect((await cassiopea(args)).code).toBe(1);
  });

  it("names the usage file that has not the published form", async () => {
    mkdirSync(join(folder, "usage"));
    writeFileSync(join(folder, "usage", "2026-03.json"), `{ "schema": 1, "month": "2026-04", "members": {} }`);
    const { error, code } = await cassiopea(["--year", "2026"]);
    expect(code).toBe(1);
    expect(error).toContain("2026-03.json");
  });
});

describe("statement", () => {
  beforeEach(() => {
    write(
      "bob",
      2,
      `  packs: [{ pack: "autonomous", from: "2026-01-01" }],\n  blocks: [{ kind: "disk", id: "b1", on: "2026-02-10" }],\n`,
    );
    mkdirSync(join(folder, "usage"));
    const measured = { daysInService: 28, trafficBytes: 0, hosts: ["h1"], measuredAt: "2026-02-28T23:55:00Z" };
    // 2.5 GB each day, of which 1 is included.
    const bob = { ...measured, diskByteSum: 28 * 2.5e9, diskSamples: 28 };
    const month = { schema: 1, month: "2026-02", members: { bob } };
    writeFileSync(join(folder, "usage", "2026-02.json"), JSON.stringify(month));
  });

  it("says what was bought, used and is left, up to a day", async () => {
    const { out, code } = await cassiopea(["statement", "bob", "--until", "2026-02-28"]);
    expect(code).toBe(0);
    expect(out.split("\n").map((line) => line.replaceAll("\u00a0", " "))).toEqual([
      "Relevé des réserves — bob — Situation au 28/02/2026",
      "",
      "bob, espace disque",
      "  10/02/2026  Achat du bloc b1       20,000 Go·mois  solde 20,000 Go·mois",
      "  28/02/2026  Usage de février 2026  \u22121,500 Go·mois  solde 18,500 Go·mois  b1 : 1,500",
      "  solde : 18,500 Go·mois",
      "",
    ]);
    expect((await cassiopea(["statement", "bob"])).out).toContain("solde provisoire : 18,500");
    const json = JSON.parse((await cassiopea(["statement", "bob", "--json"])).out) as {
      ledgers: { balance: number }[];
    };
    expect(json.ledgers.map(({ balance }) => balance)).toEqual([18_500]);
    expect((await cassiopea(["statement", "bob", "--format", "html"])).out).toContain('<td class="amount">18,500</td>');
  });

  it("refuses a member, a day or a form that there is not", async () => {
    for (const args of [["carol"], ["bob", "--until", "2026-02-30"], ["bob", "--format", "csv"]]) {
      const { out, error, code } = await cassiopea(["statement", ...args]);
      expect([out, code]).toEqual(["", 1]);
      expect(error).toContain(args.at(-1));
    }
  });
});

describe("plan, issue, verify, explain, diff", () => {
  const address = { street: "Rue 1", postcode: "1000", city: "Bruxelles", country: "BE" };
  const identity = { legalForm: "ASBL", court: "Bruxelles", iban: "BE68 5390 0754 7034", paymentDays: 30 };

  beforeEach(() => {
    mkdirSync(join(folder, "private", "parties"), { recursive: true });
    const issuer = { name: "Cassiopea ASBL", ...address, ...identity, mentions: {} };
    writeFileSync(join(folder, "private", "issuer.json"), JSON.stringify(issuer));
    for (const id of ["alice", "bob"]) {
      writeFileSync(join(folder, "private", "parties", `${id}.json`), JSON.stringify({ name: id, ...address }));
    }
  });

  it("issue what is planned once, and a correction as a credit note (R11, R24, R33)", async () => {
    expect((await cassiopea(["plan", "--until", "2026-03-31"])).out).toContain("bob — Facture : 20,00\u00a0€");
    const first = await cassiopea(["issue"]);
    expect(first.out.trim().split("\n")).toEqual([
      "F2026-00001  alice  53,48\u00a0€",
      "COT2026-00001  alice  50,00\u00a0€",
      "F2026-00002  bob  26,68\u00a0€",
      "COT2026-00002  bob  50,00\u00a0€",
    ]);
    expect((await cassiopea(["issue"])).out).toBe("Rien à émettre.\n");
    expect((await cassiopea(["plan", "--until", "2026-03-31"])).out).toBe("Rien à émettre.\n");
    write(
      "bob",
      2,
      `  packs: [{ pack: "autonomous", from: "2026-01-01" }],\n  options: [{ option: "mailbox", from: "2026-05-02" }, { option: "database", from: "2026-02-01" }],\n`,
    );
    expect((await cassiopea(["issue"])).out.trim().split("\n")).toEqual([
      "F2026-00003  bob  4,58\u00a0€",
      "NC2026-00001  bob  3,34\u00a0€",
    ]);
    expect(await cassiopea(["verify"])).toMatchObject({ code: 0 });
    const { out } = await cassiopea(["explain", "bob/mailbox/2026"]);
    expect(out).toContain("members/bob.ts:10 (options[0])");
    expect(out).toContain("5,00\u00a0€ × 244 / 365 = 3,342465 → 3,34\u00a0€");
    expect(out).toContain("NC2026-00001 : \u22123,34\u00a0€");
  });

  it("the report marks what falls into days that were billed before", async () => {
    await cassiopea(["issue"]);
    const register = ["--format", "html", "--register", join(folder, "register.jsonl")];
    const before = (await cassiopea(register)).out;
    expect(before).not.toContain('<span class="mark">');
    expect(before).toContain("<dt>Déjà émis</dt><dd>180,16\u00a0€</dd>");
    write(
      "bob",
      2,
      `  packs: [{ pack: "autonomous", from: "2026-01-01" }],\n  options: [{ option: "mailbox", quantity: 3, from: "2026-05-02" }],\n`,
    );
    const after = (await cassiopea(register)).out;
    expect(after.split('<span class="mark">rétroactif</span>')).toHaveLength(2);
    expect(after).toContain("dû 10,03\u00a0€, déjà émis 6,68\u00a0€");
    writeFileSync(join(folder, "register.jsonl"), "{}\n");
    expect(await cassiopea(register)).toMatchObject({ out: "", code: 1 });
  });

  it("verify a stack: where deployed and declared differ", async () => {
    const state = stackExport(declaredFacts(members));
    const surroundings = { today: "2026-11-25", exportStack: async (): Promise<unknown> => Promise.resolve(state) };
    expect(await cassiopea(["verify", "--stack", "lab"], surroundings)).toMatchObject({ code: 0 });
    write("bob", 2, `  packs: [{ pack: "sympa", from: "2026-01-01" }],\n`);
    expect(await cassiopea(["verify", "--stack", "lab"], surroundings)).toMatchObject({
      code: 1,
      out: "bob : déployé autrement que déclaré (packs, options).\n",
    });
  });

  it("refuse that an issued entry vanishes from its file (R12)", async () => {
    await cassiopea(["issue"]);
    write("bob", 2, `  packs: [{ pack: "autonomous", from: "2026-01-01" }],\n`);
    const { error, code } = await cassiopea(["plan"]);
    expect(code).toBe(1);
    expect(error).toMatch(/bob\/mailbox\/2026.*void/);
  });

  it("refuse to issue to somebody whose address is not known", async () => {
    rmSync(join(folder, "private", "parties", "bob.json"));
    const { error, code } = await cassiopea(["issue"]);
    expect(code).toBe(1);
    expect(error).toContain("bob.json");
    expect((await cassiopea(["verify"])).out).toContain("0 document");
  });

  describe("diff by git", () => {
    const git = (...args: string[]): string =>
      execFileSync("git", ["-C", folder, "-c", "user.name=Test", "-c", "user.email=test@example.org", ...args], {
        encoding: "utf8",
      });
    const diff = async (reference: string, ...more: string[]): Promise<Ran> =>
      cassiopea(["diff", reference, ...more], { today: "2026-11-25", atReference });

    beforeEach(() => {
      git("init", "-q", "-b", "main");
      git("add", "members");
      git("commit", "-q", "-m", "Members");
    });

    it("says nothing when nothing changes, and leaves git's own state alone", async () => {
      expect(await diff("main")).toEqual({ out: "", error: "", code: 0 });
      expect(git("status", "--porcelain", "members")).toBe("");
    });

    it("says in euros what a change costs this year and per full year, per member and in all", async () => {
      write(
        "alice",
        1,
        `  packs: [{ pack: "assisted", from: "2026-05-02" }],\n  options: [{ option: "mailbox", from: "2026-12-01" }],\n`,
      );
      write("carol", 3, `  packs: [{ pack: "sympa", from: "2027-01-01" }],\n`);
      rmSync(join(members, "bob.ts"));
      rmSync(join(members, "registry", "2"));
      expect((await diff("HEAD")).out.split("\n")).toEqual([
        "| Membre | Année 2026 | Année entière (2027) |",
        "| --- | ---: | ---: |",
        "| alice | +0,42\u00a0€ | +5,00\u00a0€ |",
        "| bob | \u221276,68\u00a0€ | \u221280,00\u00a0€ |",
        "| carol | +50,00\u00a0€ | +80,00\u00a0€ |",
        "| **Total** | \u221226,26\u00a0€ | +5,00\u00a0€ |",
        "",
      ]);
      expect((await diff("HEAD", "--member", "carol")).out).toContain("| **Total** | +50,00\u00a0€ | +80,00\u00a0€ |");
    });

    it.each([["nowhere"], ["HEAD~1"]])("names the unknown reference %s", async (reference) => {
      const { error, code } = await diff(reference);
      expect([code, error]).toEqual([1, expect.stringContaining(`« ${reference} »`)]);
      expect(() => atReference(members, `--${reference}`, String)).toThrow(`« --${reference} »`);
    });

    it("says that the folder is in no repository, or was not there", async () => {
      git("rm", "-q", "-r", "--cached", "members");
      git("commit", "-q", "-m", "Elsewhere");
      expect((await diff("main")).error).toContain("n'existe pas à « main »");
      rmSync(join(folder, ".git"), { recursive: true });
      expect((await diff("main")).error).toContain("dépôt git");
    });
  });
});
