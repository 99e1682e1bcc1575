import { describe, expect, it } from "vitest";
import type { BillingFacts } from "../../src/billing/facts.ts";
import { type Outstanding, outstanding } from "../../src/billing/outstanding.ts";
import type { IssuedLine } from "../../src/billing/plan.ts";
import type { Usage } from "../../src/billing/usage.ts";
import { priceLists } from "../../src/catalogue/prices/index.ts";
import { facts, months, option, pack, settings, usage } from "./support/facts.ts";

function left(
  of: BillingFacts,
  issued: readonly (readonly [string, number])[],
  days: Parameters<typeof outstanding>[2],
  measured: readonly Usage[] = [],
): Outstanding {
  const lines = issued.map(
    ([key, cents]): IssuedLine => ({
      document: "F2026-00001",
      member: "alice",
      key: `alice/${key}`,
      cents: BigInt(cents),
      vat: "franchise",
    }),
  );
  return outstanding({ facts: [of], lists: priceLists, usage: measured, settings }, lines, days);
}

const amounts = ({ documents }: Outstanding): string[] =>
  documents.flatMap(({ series, lines }) => lines.map(({ key, cents }) => `${series} ${key} ${cents}`));

describe("what is left to issue", () => {
  const mailboxes = facts({ packs: [pack("mailboxes")], options: [option("mailbox")] });
  const paid = [
    ["membership/2026", 5000],
    ["pack/mailboxes/2026", 500],
    ["mailbox/2026", 500],
  ] as const;

  it("is not a credit of all that was issued before a later first day (B11)", () => {
    const found = left(mailboxes, paid, { asked: "2027-01-31", since: "2027-01-01" });
    expect(amounts(found)).toEqual([
      "F alice/mailbox/2027 500",
      "F alice/pack/mailboxes/2027 500",
      "COT alice/membership/2027 5000",
    ]);
  });

  it("credits only the difference when an issued thing is moved to later in the year (B59)", () => {
    const moved = facts({ packs: [pack("mailboxes")], options: [option("mailbox", 1, "2026-12-01")] });
    expect(amounts(left(moved, paid, { asked: "2026-11-25", since: "2026-01-01" }))).toEqual([
      "NC alice/mailbox/2026 -458",
    ]);
  });

  it("takes no block back while nothing is measured at all (B39)", () => {
    const given = facts({
      packs: [pack("autonomous")],
      blocks: [{ kind: "disk", id: "b1", on: "2026-02-10" }],
      recover: [{ block: "b1", on: "2027-01-01" }],
    });
    const days = { asked: "2027-01-01", since: "2026-01-01" };
    const found = left(given, [["disk/b1", 1500]], days);
    expect(found.problems.map(({ rule }) => rule)).toEqual(["B39"]);
    const measured = [...months(2026), "2027-01"].map((month) => usage(month, {}));
    expect(amounts(left(given, [["disk/b1", 1500]], days, measured))).toContain("NC alice/disk/b1/recovered -1500");
  });

  it("keeps a block that was bought by itself when its month is no longer there (B35)", () => {
    const given = facts({ packs: [pack("autonomous")], overage: "buy" });
    const issued = [["disk/auto-2026-05-1", 1500]] as const;
    const days = { asked: "2026-06-30", since: "2026-01-01" };
    expect(left(given, issued, days).problems.map(({ rule }) => rule)).toEqual(["B7"]);
    expect(amounts(left(given, issued, days, [usage("2026-05", { disk: 1 })]))).toContain(
      "NC alice/disk/auto-2026-05-1 -1500",
    );
    expect(amounts(left(given, issued, days, [usage("2026-05", { disk: 2 })])).join()).not.toContain("auto-2026-05-1");
  });
});
