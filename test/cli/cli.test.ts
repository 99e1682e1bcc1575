import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { priceMarkdown } from "../../src/catalogue/page.ts";
import { list2009 } from "../../src/catalogue/prices/2009.ts";
import { checkMembers } from "../../src/checks.ts";
import { memberJsonSchema, usageJsonSchema } from "../../src/cli/schema.ts";
import { Declaration } from "../../src/schema.ts";
import { loadedWith, memberOf } from "../checks/support.ts";

// Each command is a process of its own, and the machine may be busy.
vi.setConfig({ testTimeout: 60_000 });

const project = join(import.meta.dirname, "..", "..");
const scratch = mkdtempSync(join(tmpdir(), "cassiopea-cli-"));
afterAll(() => rmSync(scratch, { recursive: true }));

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(scratch, "members-"));
  cpSync(join(project, "members"), folder, { recursive: true });
});

/** Runs the command line as a person does. */
function cassiopea(args: readonly string[], input = "") {
  const run = spawnSync(process.execPath, [join(project, "components", "cassiopea.js"), ...args], {
    encoding: "utf8",
    input,
    env: { ...process.env, CASSIOPEA_MEMBERS: folder },
  });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

/** Changes a member file of the test's folder. */
function edit(id: string, from: string, to: string): void {
  const path = join(folder, `${id}.ts`);
  const text = readFileSync(path, "utf8");
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
}

const Report = z.strictObject({
  members: z.int(),
  problems: z.array(
    z.strictObject({
      file: z.string(),
      line: z.int(),
      column: z.int(),
      path: z.string(),
      rule: z.string(),
      message: z.string(),
    }),
  ),
});

describe("check", () => {
  it("accepts the sample members, without colours in a pipe", () => {
    expect(cassiopea(["check"])).toEqual({ code: 0, out: "✓ 3 membres, aucun problème.\n", err: "" });
    expect(cassiopea(["check", "--lang", "en"]).out).toBe("✓ 3 members, no problem.\n");
  });

  it("says every problem of every file, for people and for machines, with exit code 1", () => {
    edit("lac", '"association"', '"assocation"');
    edit("velo", "packs: [", "pakcs: [");
    const { code, out } = cassiopea(["check"]);
    expect(code).toBe(1);
    expect(out).toContain('lac.ts:6:9  kind : "assocation" n\'est pas permis');
    expect(out).toContain("vouliez-vous écrire « association » ?");
    expect(out).toContain("vouliez-vous écrire « packs » ?");
    expect(out).toContain("✗ 2 problèmes dans 2 fichiers");
    const machine = cassiopea(["check", "--json", "--lang", "en"]);
    const report = Report.parse(JSON.parse(machine.out));
    expect([machine.code, report.members, report.problems.map(({ rule }) => rule)]).toEqual([
      1,
      3,
      ["shape/value", "shape/unknown"],
    ]);
    expect(report.problems[0]?.message).toContain('did you mean "association"?');
  });

  it("takes a lost file as an error", () => {
    rmSync(join(folder, "lac.ts"));
    const { code, out } = cassiopea(["check"]);
    expect([code, out.includes("son fichier lac.ts manque")]).toEqual([1, true]);
  });

  it("--stack compares the places of data with a stack's hosts, and --update --stack writes them down", () => {
    expect(cassiopea(["check", "--stack", "prod"]).code).toBe(0);
    expect(cassiopea(["check", "--stack", "nowhere"])).toMatchObject({
      code: 1,
      err: "Pulumi.nowhere.yaml manque : chaque pile a sa configuration.\n",
    });
    expect(cassiopea(["check", "--update", "--stack", "prod"]).code).toBe(0);
    const entry = join(folder, "registry", "4286");
    expect(JSON.parse(readFileSync(entry, "utf8"))).toMatchObject({ places: { web: "web1", database: "web1" } });
    writeFileSync(entry, readFileSync(entry, "utf8").replaceAll("web1", "web9"));
    expect(cassiopea(["check"]).code).toBe(0);
    const moved = cassiopea(["check", "--update", "--stack", "prod"]);
    expect([moved.code, moved.out.includes('écrivez dans ce fichier : host: { web: "web9" }')]).toEqual([1, true]);
  });

  it("--update writes into the registry what is new, and takes nothing out", () => {
    edit("lac", '[{ name: "site" }]', '[{ name: "blog" }]');
    const { code, out } = cassiopea(["check", "--update"]);
    expect([code, out.includes("lac_site"), out.includes("registry/4286")]).toEqual([1, true, true]);
    expect(readFileSync(join(folder, "registry", "4286"), "utf8")).toContain('"lac_blog",\n    "lac_site"');
    edit("lac", '[{ name: "blog" }]', '[{ name: "blog" }, { name: "site", to: "2026-01-31" }]');
    edit("lac", "  domains", '  options: [{ option: "database", from: "2025-09-15" }],\n  domains');
    expect(cassiopea(["check"]).out).toBe("✓ 3 membres, aucun problème.\n");
  });
});

describe("new", () => {
  it("asks, asks again after a wrong answer, writes the file and its registry entry, and they pass the checks", () => {
    const { code, out, err } = cassiopea(
      ["new"],
      "root\nradio\nRadio libre\nassociation\nassisté\nassisted\nradio.example\n2026-04-01\n",
    );
    expect([code, err.includes("cet identifiant est déjà pris"), err.includes("écrivez autonomous, assisted")]).toEqual(
      [0, true, true],
    );
    expect(out).toContain("radio.ts");
    expect(readdirSync(join(folder, "registry"))).toHaveLength(4);
    expect(cassiopea(["check"]).out).toBe("✓ 4 membres, aucun problème.\n");
  });

  it("writes nothing when the answers end, or one given as option is wrong", () => {
    expect(cassiopea(["new"], "radio\nRadio libre\n").code).toBe(1);
    expect(cassiopea(["new", "--id", "lac"]).code).toBe(1);
    expect(cassiopea(["new", "--since", "2026-02-31"]).err).toContain("une date qui existe");
    expect(existsSync(join(folder, "radio.ts"))).toBe(false);
  });
});

describe("looking at a member", () => {
  it("show says what they have in their words", () => {
    const { out } = cassiopea(["show", "velo"]);
    expect(out).toContain("Hébergement autonome depuis le 02/05/2026");
    expect(out).toContain("velo.example, www.velo.example");
    expect(cassiopea(["show", "velo", "--json"]).out).toContain('"number": 39291');
  });

  it("plan lists records, databases and accounts", () => {
    const { out } = cassiopea(["plan", "jardins"]);
    for (const line of ["jardins.example  A  ", "www.jardins.example  AAAA  ", "jardins_site", "uid 25824"])
      expect(out).toContain(line);
    const plan = z
      .object({ domains: z.array(z.object({ records: z.array(z.unknown()) })) })
      .parse(JSON.parse(cassiopea(["plan", "jardins", "--json"]).out));
    expect(plan.domains[0]?.records).toHaveLength(9);
  });

  it("explain leads from a thing to its line and rule", () => {
    const { out } = cassiopea(["explain", "lac", "www.lac.example/A/web"]);
    expect(out).toContain("lac.ts:9:13  domains[0]");
    expect(out).toContain("chaque nom d'un site mène à son serveur");
  });

  it("says the nearest name when there is none such", () => {
    const member = cassiopea(["show", "jardin"]);
    expect([member.code, member.err]).toEqual([
      1,
      "aucun membre ne se nomme « jardin » — vouliez-vous écrire « jardins » ?\n",
    ]);
    const thing = cassiopea(["explain", "lac", "lac_sit"]);
    expect([thing.code, thing.err.includes("lac_site")]).toEqual([1, true]);
  });
});

describe("what others read", () => {
  it("catalogue prints the prices, and the README has its table", () => {
    expect(cassiopea(["catalogue"]).out).toContain("Intervention à distance");
    expect(readFileSync(join(project, "README.md"), "utf8")).toContain(priceMarkdown(list2009, "fr").trim());
  });

  it("the README's member files are sound, and its table has every key", () => {
    const text = readFileSync(join(project, "README.md"), "utf8");
    const files = [...text.matchAll(/^```ts\n(import \{ member \}.*?)^```$/gms)].map(([, file]) => file ?? "");
    expect(files).toHaveLength(2);
    const members = files.map((file, index) => memberOf(index === 0 ? "jardins" : "ferme", file));
    expect(checkMembers(loadedWith(members)).map(String)).toEqual([]);
    const table = text.split("\n").filter((line) => line.startsWith("| `"));
    const keys = table.flatMap((line) => [...(line.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map(([, key]) => key));
    expect(keys).toEqual(expect.arrayContaining(Object.keys(Declaration.shape)));
  });

  it("the JSON Schema takes what the schema takes", () => {
    expect(JSON.parse(cassiopea(["schema"]).out)).toEqual(JSON.parse(JSON.stringify(memberJsonSchema())));
    expect(JSON.parse(cassiopea(["schema", "mesures"]).out)).toEqual(JSON.parse(JSON.stringify(usageJsonSchema())));
    const schema = z.fromJSONSchema(memberJsonSchema() as z.core.JSONSchema.JSONSchema);
    const sound = {
      number: 1,
      name: "Le lac",
      kind: "association",
      membership: { since: "2026-01-01" },
      mailboxes: [{ address: "a@b.example", size: "2 GB" }],
    };
    const wrong = [
      { ...sound, number: 0 },
      { ...sound, extra: 1 },
      { ...sound, membership: {} },
      { ...sound, kind: "x" },
      { ...sound, mailboxes: [{ address: "a@b.example", size: "2" }] },
    ];
    expect([schema.safeParse(sound).success, Declaration.safeParse(sound).success]).toEqual([true, true]);
    expect(wrong.map((said) => schema.safeParse(said).success)).toEqual(wrong.map(() => false));
  });

  it("errors of the command line are in French, with the nearest word", () => {
    expect(cassiopea(["chek"])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^commande inconnue : « chek »\nVouliez-vous écrire check \?/) as string,
    });
    expect(cassiopea(["check", "--membrs", "x"]).err).toContain("option inconnue : « --membrs »");
    expect(cassiopea(["show"]).err).toContain("il manque <membre>");
    expect(cassiopea(["check", "--lang", "de"]).err).toContain("« de » n'est pas permis ; permis : fr, en");
    expect(cassiopea(["check", "--help"]).out).toMatch(/^Emploi : cassiopea check \[options\]$/m);
  });

  it("help names every command", () => {
    const { out } = cassiopea(["--help"]);
    for (const command of [
      "check",
      "catalogue",
      "show",
      "plan",
      "explain",
      "domains",
      "dns",
      "new",
      "schema",
      "bill",
      "preview",
      "up",
      "usage",
    ])
      expect(out).toMatch(new RegExp(`^  ${command} `, "m"));
  });
});
