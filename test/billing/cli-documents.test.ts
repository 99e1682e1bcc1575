import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { atReference } from "../../components/at-reference.ts";
import { declaredFacts } from "../../src/cli/bill-input.ts";
import type { Ran } from "./support/cassiopea.ts";
import { cassiopea, useFolder } from "./support/folder.ts";
import { stackExport } from "./support/state.ts";

const own = useFolder();

describe("plan, issue, verify, explain, diff", () => {
  beforeEach(() => own.writeParties());

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
    own.write(
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
    const register = ["--format", "html", "--register", join(own.folder, "register.jsonl")];
    const before = (await cassiopea(register)).out;
    expect(before).not.toContain('<span class="mark">');
    expect(before).toContain("<dt>Déjà émis</dt><dd>180,16\u00a0€</dd>");
    own.write(
      "bob",
      2,
      `  packs: [{ pack: "autonomous", from: "2026-01-01" }],\n  options: [{ option: "mailbox", quantity: 3, from: "2026-05-02" }],\n`,
    );
    const after = (await cassiopea(register)).out;
    expect(after.split('<span class="mark">rétroactif</span>')).toHaveLength(2);
    expect(after).toContain("dû 10,03\u00a0€, déjà émis 6,68\u00a0€");
    const planned = (await cassiopea(["plan"])).out;
    expect(planned).toContain("(dû 10,03\u00a0€, déjà émis 6,68\u00a0€) — rétroactif  [bob/mailbox/2026]");
    const [document] = JSON.parse((await cassiopea(["plan", "--json"])).out) as { lines: object[] }[];
    expect(document?.lines).toMatchObject([{ key: "bob/mailbox/2026", cents: 335, retroactive: true }]);
    // What begins after the days that were billed is late for nobody.
    const ahead = (await cassiopea(["plan", "--until", "2027-01-01"])).out;
    expect(ahead).toMatch(/Hébergement assisté {2}\[alice\/pack\/assisted\/2027\]/);
    writeFileSync(join(own.folder, "register.jsonl"), "{}\n");
    expect(await cassiopea(register)).toMatchObject({ out: "", code: 1 });
  });

  it("verify a stack: where deployed and declared differ", async () => {
    const state = stackExport(declaredFacts(own.members));
    const surroundings = { today: "2026-11-25", exportStack: async (): Promise<unknown> => Promise.resolve(state) };
    expect(await cassiopea(["verify", "--stack", "lab"], surroundings)).toMatchObject({ code: 0 });
    own.write("bob", 2, `  packs: [{ pack: "sympa", from: "2026-01-01" }],\n`);
    expect(await cassiopea(["verify", "--stack", "lab"], surroundings)).toMatchObject({
      code: 1,
      out: "bob : déployé autrement que déclaré (packs, options).\n",
    });
  });

  it("refuse that an issued entry vanishes from its file (R12)", async () => {
    await cassiopea(["issue"]);
    own.write("bob", 2, `  packs: [{ pack: "autonomous", from: "2026-01-01" }],\n`);
    const { error, code } = await cassiopea(["plan"]);
    expect(code).toBe(1);
    expect(error).toMatch(/bob\/mailbox\/2026.*void/);
  });

  it("refuse to issue to somebody whose address is not known", async () => {
    rmSync(join(own.folder, "private", "parties", "bob.json"));
    const { error, code } = await cassiopea(["issue"]);
    expect(code).toBe(1);
    expect(error).toContain("bob.json");
    expect((await cassiopea(["verify"])).out).toContain("0 document");
  });

  describe("diff by git", () => {
    const git = (...args: string[]): string =>
      execFileSync("git", ["-C", own.folder, "-c", "user.name=Test", "-c", "user.email=test@example.org", ...args], {
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
      own.write(
        "alice",
        1,
        `  packs: [{ pack: "assisted", from: "2026-05-02" }],\n  options: [{ option: "mailbox", from: "2026-12-01" }],\n`,
      );
      own.write("carol", 3, `  packs: [{ pack: "sympa", from: "2027-01-01" }],\n`);
      rmSync(join(own.members, "bob.ts"));
      rmSync(join(own.members, "registry", "2"));
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
      expect(() => atReference(own.members, `--${reference}`, String)).toThrow(`« --${reference} »`);
    });

    it("says that the folder is in no repository, or was not there", async () => {
      git("rm", "-q", "-r", "--cached", "members");
      git("commit", "-q", "-m", "Elsewhere");
      expect((await diff("main")).error).toContain("n'existe pas à « main »");
      rmSync(join(own.folder, ".git"), { recursive: true });
      expect((await diff("main")).error).toContain("dépôt git");
    });
  });
});
