import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { chainsAreUsable } from "../../src/checks/certificates.ts";
import { checkMembers } from "../../src/checks.ts";
import { loadMembers } from "../../src/load.ts";
import { chainsOf } from "../../src/member/chain.ts";
import { plan } from "../../src/plan/plan.ts";
import { hosts } from "../golden/support/hosts.ts";
import { authority } from "../support/authority.ts";
import { lacWith, loadedWith } from "./support.ts";

const shop = authority("Boutique");
const other = authority("Autre boutique");
afterAll(() => {
  shop.end();
  other.end();
});

const member = lacWith({
  options: [{ option: "certificate", from: "2026-01-01" }],
  sites: [{ name: "lac.example", aliases: ["www.lac.example"], certificate: "bought" }],
});
const leaf = shop.sign(shop.request(["lac.example", "www.lac.example"]));
const chain = `${leaf}${shop.certificate}`;

function told(handed: string, site = "lac.example"): string[] {
  const file = `members/certificates/${site}.pem`;
  const loaded = { ...loadedWith([member]), certificates: [{ site, file, text: handed }] };
  return chainsAreUsable(loaded).map((problem) => problem.message("fr"));
}

describe("a chain that is handed in", () => {
  it("is taken when it is whole, covers all names and holds nothing else", () => {
    expect(told(chain)).toEqual([]);
    expect(told(`Bag Attributes\n${chain}`)).toEqual([]);
    expect(told(shop.sign(shop.request(["*.lac.example", "lac.example"])) + shop.certificate)).toEqual([]);
  });

  it.each([
    [
      "a private key in it",
      () => `${chain}-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n`,
      /clé privée .* perdue/,
    ],
    ["a request in its place", () => shop.request(["lac.example"]), /pas une chaîne de certificats PEM/],
    ["a damaged block", () => chain.replace("MII", "AAA"), /pas une chaîne de certificats PEM/],
    ["nothing in it", () => "", /pas une chaîne de certificats PEM/],
    ["the site's certificate alone", () => leaf, /ajoutez à sa suite ceux de l'autorité/],
    [
      "another authority's certificate",
      () => leaf + other.certificate,
      /suit « lac.example » .* il faut ensuite « Boutique »/,
    ],
    ["the wrong order", () => shop.certificate + leaf, /suit « Boutique »/],
    [
      "a name missing",
      () => shop.sign(shop.request(["lac.example"])) + shop.certificate,
      /ne couvre pas www.lac.example/,
    ],
  ])("is refused with %s, in words that say what to do", (_, handed, words) => {
    const [said, ...more] = told(handed());
    expect(said).toMatch(words);
    expect(more).toEqual([]);
    expect(said).not.toContain("AAAA");
  });

  it("belongs to a site whose certificate is bought", () => {
    expect(told(chain, "lca.example")).toEqual([
      `« lca.example.pem » ne porte pas le nom d'un site dont le certificat est acheté (certificate: "bought") ; déclarés : lac.example`,
    ]);
  });
});

describe("the folder of chains", () => {
  it("is read as data, and its chains get into the documents", () => {
    const folder = join(mkdtempSync(join(tmpdir(), "cassiopea-members-")), "members");
    mkdirSync(join(folder, "certificates"), { recursive: true });
    mkdirSync(join(folder, "registry"));
    writeFileSync(join(folder, "lac.ts"), member.text);
    writeFileSync(join(folder, "registry", "5"), JSON.stringify(loadedWith([member]).registry[0]?.entry));
    writeFileSync(join(folder, "certificates", "lac.example.pem"), `Bag Attributes\n${chain}`);
    const loaded = loadMembers(folder);
    expect(checkMembers(loaded).map(String)).toEqual([]);
    const chains = chainsOf(loaded);
    expect(plan(member, hosts, { chains }).documents[0]?.sites).toEqual([
      { name: "lac.example", aliases: ["www.lac.example"], bought: { chain } },
    ]);
    expect(plan(member, hosts).documents[0]?.sites?.[0]?.bought).toEqual({});
    writeFileSync(join(folder, "certificates", "key.txt"), "");
    mkdirSync(join(folder, "certificates", "lac.pem"));
    expect(loadMembers(folder).problems.map(({ file, rule }) => [file, rule])).toEqual([
      ["members/certificates/key.txt", "certificate/file"],
      ["members/certificates/lac.pem", "file/special"],
    ]);
  });
});
