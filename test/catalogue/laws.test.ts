import { describe, expect, it } from "vitest";
import { anyPack, quotaKinds } from "../../src/catalogue/define.ts";
import { blocks, domainOffers, options, packs, services } from "../../src/catalogue/index.ts";
import { priceMarkdown, pricePage, priceRows, priceText } from "../../src/catalogue/page.ts";
import { list2009 } from "../../src/catalogue/prices/2009.ts";
import { priceListOn, priceLists } from "../../src/catalogue/prices/index.ts";
import { offers } from "../../src/catalogue/prices/types.ts";
import { software } from "../../src/catalogue/software.ts";
import { checkMembers } from "../../src/checks.ts";
import { describe as inWords } from "../../src/member/describe.ts";
import { plan } from "../../src/plan/plan.ts";
import { fileText, loadedWith, memberOf } from "../checks/support.ts";
import { hosts } from "../golden/support/hosts.ts";

const rows = { ...packs, ...options, ...blocks, ...domainOffers, ...services };
const from = "2026-01-01";
const base = {
  number: 5,
  name: "Le lac",
  kind: "association",
  membership: { since: from },
  domains: [{ name: "lac.example", from }],
};

describe("the catalogue", () => {
  it.each(Object.entries(rows))("%s has its id, words in both languages and an offer with a price", (id, entry) => {
    expect(entry.id).toBe(id);
    for (const words of [entry.title, entry.detail, entry.price.unit, entry.servers, entry.bill]) {
      expect(words.fr.length).toBeGreaterThan(1);
      expect(words.en.length).toBeGreaterThan(1);
    }
    const sold = "offers" in entry ? entry.offers : [entry.offer];
    for (const offer of sold) expect(list2009.prices[offer]).toBeGreaterThan(0);
  });

  it("prices exactly the offers that exist", () => {
    const sold = Object.values(rows).flatMap((entry) => ("offers" in entry ? entry.offers : [entry.offer]));
    expect(sold.toSorted()).toEqual(offers.toSorted());
    expect(Object.keys(list2009.prices).toSorted()).toEqual(offers.toSorted());
  });

  it("has no two titles alike", () => {
    const titles = Object.values(rows).map(({ title }) => title.fr);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it("keeps the invariants of the published page", () => {
    const { prices } = list2009;
    expect((prices.autonomous ?? 0) + (prices["assistance-1"] ?? 0)).toBe(prices.assisted);
    expect(4 * (prices.remoteIntervention ?? 0)).toBe(prices.analysis);
  });

  it("includes only quotas that exist, and each option gives one", () => {
    for (const pack of Object.values(packs)) {
      for (const kind of Object.keys(pack.includes)) expect(quotaKinds).toContain(kind);
    }
    for (const option of Object.values(options)) {
      expect(option.gives.every((gives) => Object.keys(gives).length === 1)).toBe(true);
      expect(anyPack.filter((pack) => (option.needs as readonly string[]).includes(pack)).length).toBeGreaterThan(0);
    }
  });

  it("has lists of prices in order, each in force until the next", () => {
    expect(priceListOn("2008-12-31")).toBeUndefined();
    expect(priceListOn("2009-01-01")?.id).toBe("2009");
    const later = { ...list2009, id: "later", from: "2027-07-01" };
    expect(priceListOn("2027-06-30", [...priceLists, later])?.id).toBe("2009");
    expect(priceListOn("2027-07-01", [...priceLists, later])?.id).toBe("later");
  });

  it("prints every row, with its price and unit, in both languages", () => {
    for (const language of ["fr", "en"] as const) {
      const found = priceRows(list2009, language);
      expect(found).toHaveLength(22);
      const page = pricePage(list2009, language, (text) => text);
      const table = priceMarkdown(list2009, language);
      for (const row of found) {
        expect(page).toContain(row.title);
        expect(table).toContain(`| ${row.title} |`);
        expect(page).toContain(priceText(row, language));
      }
    }
    expect(
      priceRows(list2009, "fr")
        .filter(({ cents }) => cents === undefined)
        .map(({ level }) => level),
    ).toEqual([3]);
  });
});

describe("everything that is sold", () => {
  const sound = (said: object) => {
    const member = memberOf("lac", fileText({ ...base, ...said }));
    expect(checkMembers(loadedWith([member])).map(String)).toEqual([]);
    expect(inWords("lac", member.declaration, "fr").length).toBeGreaterThan(2);
    expect(plan(member, hosts)).toEqual(plan(member, hosts));
    return member.declaration;
  };

  it.each(Object.keys(packs))("pack %s can be declared, planned and described", (pack) => {
    expect(sound({ packs: [{ pack, from }] }).packs).toHaveLength(1);
  });

  it.each(Object.values(options).flatMap(({ id, needs }) => needs.map((pack) => [id, pack] as const)))(
    "option %s can be declared with the pack %s, and not without",
    (option, pack) => {
      const assistance = option === "assistance";
      const entry = assistance ? { option, level: 2, from } : { option, from };
      const software = assistance ? { software: [{ software: "phpbb", site: "lac.example" }] } : {};
      expect(sound({ packs: [{ pack, from }], options: [entry], ...software }).options).toHaveLength(1);
      const alone = memberOf("lac", fileText({ ...base, options: [entry] }));
      expect(checkMembers(loadedWith([alone])).map(({ rule }) => rule)).toContain("option/pack");
    },
  );

  it.each(Object.keys(blocks))("block %s can be declared", (kind) => {
    expect(sound({ packs: [{ pack: "sympa", from }], blocks: [{ kind, id: "b1", on: from }] }).blocks).toHaveLength(1);
  });

  it.each(Object.entries(services))("service %s can be declared", (service, { shape }) => {
    const work = "time" in shape ? { time: "1 h 5 min" } : "quotation" in shape ? { halfDays: 2 } : {};
    expect(sound({ services: [{ service, id: "s1", on: from, ...work }] }).services).toHaveLength(1);
  });

  it.each(Object.entries(software))("software %s is installed under its level", (name, { levels }) => {
    const level = levels[0].level;
    const pack = level === 1 ? "assisted" : "autonomous";
    const options = level === 1 ? [] : [{ option: "assistance", level, from }];
    const databases = [{ name: "site" }];
    const declared = sound({
      packs: [{ pack, from }],
      options,
      databases,
      software: [{ software: name, site: "lac.example" }],
    });
    expect(declared.software?.[0]?.software).toBe(name);
  });
});
