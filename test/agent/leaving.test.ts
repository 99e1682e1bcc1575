import { describe, expect, it } from "vitest";
import { afterLook, declaredNames, type Leaving, newlyLeaving, served, withoutDeclared } from "../../agent/leaving.ts";
import { memberDocument } from "./documents.ts";

const before = memberDocument({
  sites: [
    { name: "asso42.test", aliases: ["www.asso42.test"] },
    { name: "old.test", aliases: ["www.old.test"] },
  ],
});
const after = memberDocument({ sites: [{ name: "asso42.test", aliases: ["www.asso42.test"] }] });
const leaving = (site: string, name: string, more: Partial<Leaving> = {}): Leaving => ({
  member: after.member,
  site,
  name,
  ttl: 300,
  ...more,
});
const both = [leaving("old.test", "old.test"), leaving("old.test", "www.old.test")];

describe("a name that leaves a document", () => {
  it("is noted once, with its site", () => {
    expect(newlyLeaving(after, before, [])).toEqual([
      { site: "old.test", name: "old.test" },
      { site: "old.test", name: "www.old.test" },
    ]);
    expect(newlyLeaving(after, before, both)).toEqual([]);
    expect(newlyLeaving(before, before, [])).toEqual([]);
    expect(newlyLeaving(after, undefined, [])).toEqual([]);
  });

  it("is served as before, whole sites and further names alike", () => {
    const old = { name: "old.test", aliases: ["www.old.test"], leaving: ["old.test", "www.old.test"] };
    expect(served(after, both).sites).toEqual([...(after.sites ?? []), old]);
    expect(served(after, [leaving("asso42.test", "shop.asso42.test")]).sites).toEqual([
      { name: "asso42.test", aliases: ["shop.asso42.test", "www.asso42.test"], leaving: ["shop.asso42.test"] },
    ]);
    expect(served(memberDocument({ sites: undefined }), both).sites).toEqual([old]);
    expect(served(after, [])).toBe(after);
  });

  it("is not asked of the certificate that its member buys", () => {
    const [site, old] = served(after, [leaving("asso42.test", "shop.asso42.test"), ...both]).sites ?? [];
    expect([site, old].map((one) => one && declaredNames(one))).toEqual([["asso42.test", "www.asso42.test"], []]);
  });

  it("goes on as it was declared: sent elsewhere, or kept from search engines", () => {
    const sites = [
      { name: "old.test", aliases: ["www.old.test"], redirect: "https://new.example/" },
      { name: "try.test", staging: true as const },
    ];
    const noted = newlyLeaving(memberDocument({ sites: undefined }), memberDocument({ sites }), []);
    expect(noted).toEqual([
      { site: "old.test", name: "old.test", as: { redirect: "https://new.example/" } },
      { site: "old.test", name: "www.old.test" },
      { site: "try.test", name: "try.test", as: { staging: true } },
    ]);
    const all = noted.map((one) => ({ member: "asso42", ttl: 300, ...one }));
    expect(served(memberDocument({ sites: undefined }), all).sites).toMatchObject(sites);
  });

  it("is no longer leaving when its member declares it again, or another one does", () => {
    expect(served(before, both)).toBe(before);
    const other = memberDocument({ member: "asso43", sites: [{ name: "www.old.test" }] });
    expect(withoutDeclared(both, [after, other])).toEqual([both[0]]);
  });

  it("only leads to its site: when another member has that, it ends", () => {
    const other = memberDocument({ member: "asso43", sites: [{ name: "old.test" }] });
    expect(withoutDeclared(both, [after, other])).toEqual([]);
  });

  it("follows its site when that becomes a further name of another", () => {
    const joined = memberDocument({ sites: [{ name: "asso42.test", aliases: ["old.test"] }] });
    expect(served(joined, both).sites).toEqual([
      { name: "asso42.test", aliases: ["old.test", "www.old.test"], leaving: ["www.old.test"] },
    ]);
  });
});

describe("a look at a name that is leaving", () => {
  const one = leaving("old.test", "old.test");

  it("keeps it while it leads here, or when no server tells", () => {
    expect(afterLook({ ...one, until: 5 }, true, 10)).toEqual(one);
    expect(afterLook({ ...one, until: 5 }, undefined, 10)).toEqual({ ...one, until: 5 });
  });

  it("ends it when it has led elsewhere for its time to live", () => {
    const waiting = afterLook(one, false, 1000);
    expect(waiting).toEqual({ ...one, until: 301_000 });
    expect(afterLook({ ...one, until: 301_000 }, false, 300_999)).toEqual(waiting);
    expect(afterLook({ ...one, until: 301_000 }, false, 301_000)).toBeUndefined();
  });
});
