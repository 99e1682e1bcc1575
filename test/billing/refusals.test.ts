import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { seenByGit } from "../../components/seen-by-git.ts";
import { mustFollow, readRegister } from "../../src/billing/register.ts";
import { Ledgers } from "../../src/cli/bill-files.ts";
import { cassiopea, useFolder } from "./support/folder.ts";

const own = useFolder();
const register = (): string => join(own.folder, "register.jsonl");
const documents = (): string => join(own.folder, "private", "documents");

beforeEach(() => own.writeParties());

/** What a command says that is refused, exits with 1, prints nothing else and leaves every file as it was. */
async function refusal(args: string[], surroundings?: Parameters<typeof cassiopea>[1]): Promise<string> {
  const state = (): unknown => [
    existsSync(register()) ? readFileSync(register(), "utf8") : undefined,
    existsSync(documents()) ? readdirSync(documents()) : [],
    readdirSync(own.folder).filter((name) => name.includes(".lock")),
  ];
  const before = state();
  const { out, error, code } = await cassiopea(args, surroundings);
  expect([code, out, state()]).toEqual([1, "", before]);
  return error;
}

describe("a register that is not what was written", () => {
  const damages: [string, (text: string) => string, string][] = [
    ["with CRLF", (text) => text.replaceAll("\n", "\r\n"), "CRLF"],
    ["empty, beside documents", () => "", "2026-00001 existe, mais ce registre ne le connaît pas"],
    ["cut in its last line", (text) => text.slice(0, -20), "la dernière ligne (COT2026-00002) n'est pas complète"],
    ["without its last line", (text) => `${text.trimEnd().split("\n").slice(0, -1).join("\n")}\n`, "COT2026-00002"],
    ["with a line twice", (text) => text + (text.trimEnd().split("\n").at(-1) ?? "") + "\n", "la chaîne est rompue"],
    [
      "with two lines changed about",
      (text) => text.split("\n").toSorted().join("\n").trimStart() + "\n",
      "Registre, ligne",
    ],
  ];

  it.each(damages)("%s is refused by plan and issue", async (_, damage, words) => {
    await cassiopea(["issue"]);
    writeFileSync(register(), damage(readFileSync(register(), "utf8")));
    expect(await refusal(["plan"])).toContain(words);
    expect(await refusal(["issue"])).toContain(words);
    expect((await cassiopea(["verify"])).code).toBe(1);
  });

  it("is empty before the first document, and that is right", async () => {
    writeFileSync(register(), "");
    expect((await cassiopea(["issue"])).out).toContain("F2026-00001");
  });
});

describe("a measure that is wrong", () => {
  const bob = { diskByteSum: 1, diskSamples: 1, daysInService: 30, trafficBytes: 1 };
  const measured = { h1: "2026-03-31T23:55:00Z" };
  const month = (members: object, more: object = {}): string =>
    JSON.stringify({ schema: 1, month: "2026-03", measured, members, ...more });

  it.each([
    ["of another month", month({}, { month: "2026-04" }), "le contenu est celui de « 2026-04 »"],
    ["below zero", month({ bob: { ...bob, trafficBytes: -1 } }), "(members.bob.trafficBytes)"],
    ["of 1e300 bytes", month({ bob: { ...bob, diskByteSum: 1e300 } }), "(members.bob.diskByteSum)"],
    ["with a key too many", month({ bob: { ...bob, cents: 3 } }), "(members.bob.cents)"],
    ["of nobody", month({ bbo: bob }), "« bbo » est mesuré, mais aucun membre de ce nom n'est déclaré"],
    ["that is no JSON", "{", "2026-03.json"],
    ["that is empty", "", "2026-03.json"],
  ])("%s is refused, and its file named", async (_, text, words) => {
    mkdirSync(join(own.folder, "usage"));
    writeFileSync(join(own.folder, "usage", "2026-03.json"), text);
    for (const args of [["plan"], ["issue"], ["statement", "bob"], ["--year", "2026"]]) {
      expect(await refusal(args)).toContain(words);
      expect(await refusal(args)).toContain(join("usage", "2026-03.json"));
    }
  });

  it("in a folder that can't be read is not the same as none", async () => {
    writeFileSync(join(own.folder, "usage"), "");
    expect(await refusal(["plan"])).toContain("un fichier est à la place d'un dossier");
  });
});

describe("issue", () => {
  it("refuses a private folder that git would take", async () => {
    const git = (...args: string[]): string => execFileSync("git", ["-C", own.folder, ...args], { encoding: "utf8" });
    expect(seenByGit(join(own.folder, "private"))).toBe(false);
    git("init", "-q");
    const surroundings = { today: "2026-11-25", seenByGit };
    expect(await refusal(["issue"], surroundings)).toContain(
      "est dans un dépôt git qui prendrait les documents et les adresses",
    );
    expect(seenByGit(join(own.folder, "not", "yet", "there"))).toBe(true);
    writeFileSync(join(own.folder, ".gitignore"), "private/\n");
    expect((await cassiopea(["issue"], surroundings)).out).toContain("F2026-00001");
    // What git has already it keeps, ignored or not.
    git("add", "-f", "private/issuer.json");
    expect(await refusal(["issue"], surroundings)).toContain("dépôt git");
  });

  it("refuses to date a document before the last one (B58)", async () => {
    await cassiopea(["issue"]);
    own.write(
      "bob",
      2,
      `  packs: [{ pack: "sympa", from: "2026-01-01" }, { pack: "autonomous", from: "2026-01-01" }],\n  options: [{ option: "mailbox", quantity: 2, from: "2026-05-02" }],\n`,
    );
    const words = "Nous serions le 24/11/2026, mais le dernier document est du 25/11/2026";
    expect(await refusal(["issue"], { today: "2026-11-24" })).toContain(words);
    expect((await cassiopea(["issue"])).out).toContain("F2026-00003  bob  30,00");
  });

  it("refuses more documents than a series has numbers, before the first one", () => {
    const tail = { ...readRegister("").tail, counts: new Map([["F2026", 99_998]]) };
    expect(() => mustFollow(tail, ["F", "COT", "F"], "2026-11-25")).toThrow(
      "La série F2026 n'a plus assez de numéros pour 2 document(s) : elle va jusqu'à 99999.",
    );
    expect(mustFollow(tail, ["F", "COT", "COT"], "2026-11-25")).toBeUndefined();
    expect(mustFollow(tail, ["F", "F"], "2027-01-01")).toBeUndefined();
  });

  it("waits for nobody while another run issues", async () => {
    const other = Ledgers.open(register(), documents());
    const { out, error, code } = await cassiopea(["issue"]);
    other.close();
    expect([out, error, code]).toEqual(["", `Une autre émission est en cours (${process.pid}).\n`, 1]);
    expect((await cassiopea(["issue"])).out).toContain("COT2026-00002");
  });

  it("says which folder can't be written to", async () => {
    rmSync(documents(), { recursive: true, force: true });
    appendFileSync(documents(), "");
    const { out, error, code } = await cassiopea(["issue"]);
    expect([out, code]).toEqual(["", 1]);
    expect(error).toContain(`${documents()} : un fichier est à la place d'un dossier.`);
    expect(existsSync(register())).toBe(false);
  });
});
