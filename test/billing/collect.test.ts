import { describe, expect, it } from "vitest";
import { collected, type Expected, isGap } from "../../src/billing/collect.ts";
import { draw, includedIn, quotas } from "../../src/billing/draw.ts";
import type { HostUsage } from "../../src/billing/host-usage.ts";
import { deliveredPacks } from "../../src/billing/packs.ts";
import { usageText, usageTexts } from "../../src/billing/texts-usage.ts";
import { Usage } from "../../src/billing/usage.ts";
import { facts } from "./support/facts.ts";

const month = "2026-11";
const days = Array.from({ length: 30 }, (_, index) => `${month}-${String(index + 1).padStart(2, "0")}`);
const ferme: Expected = {
  facts: facts({ member: "ferme", packs: [{ pack: "autonomous", from: "2026-01-01" }] }),
  hosts: ["web1"],
};

/** What a host measured: the same sample each of these days. */
function answer(host: string, members: Record<string, [string[], number, number, number]>): HostUsage {
  const list = Object.entries(members).map(([id, [sampled, files, databases, trafficBytes]]) => {
    const samples = Object.fromEntries(sampled.map((day) => [day, { files, databases }]));
    return [id, { days: samples, trafficBytes }] as const;
  });
  return { schema: 1, host, month, measured: "2026-11-30T02:30:00.000Z", members: Object.fromEntries(list) };
}

const none = new Set<string>();
const whole = answer("web1", { ferme: [days, 900_000_000, 300_000_000, 7_250_000_000] });

describe("a month's usage", () => {
  it("has the published form, and draws what was measured beyond the included", () => {
    const { usage, notes } = collected(month, [ferme], [whole], none);
    expect(notes).toEqual([]);
    expect(Usage.parse(usage)).toEqual({
      schema: 1,
      month,
      measured: { web1: "2026-11-30T02:30:00.000Z" },
      members: {
        ferme: { diskByteSum: 36_000_000_000, diskSamples: 30, daysInService: 30, trafficBytes: 7_250_000_000 },
      },
    });
    const figures = usage.members["ferme"];
    const packs = deliveredPacks(ferme);
    const drawn = (kind: "disk" | "traffic") => figures && draw(kind, figures, includedIn(quotas(kind, packs), month));
    expect([drawn("disk"), drawn("traffic")]).toEqual([200, 2250]);
  });

  it("is the same when it is collected again", () => {
    const { usage } = collected(month, [ferme], [whole], none);
    expect(collected(month, [ferme], [whole], none, usage)).toEqual({ usage, notes: [] });
  });

  it("adds files and databases of several hosts on days that all of them sampled, and says the others", () => {
    const two = { ...ferme, hosts: ["web1", "db1"] };
    const files = answer("web1", { ferme: [days.slice(0, 20), 500, 0, 70] });
    const databases = answer("db1", { ferme: [days.slice(1), 0, 30, 0] });
    const { usage, notes } = collected(month, [two], [files, databases], none);
    expect(usage.members["ferme"]).toEqual({
      diskByteSum: 19 * 530,
      diskSamples: 19,
      daysInService: 30,
      trafficBytes: 70,
    });
    expect(notes).toEqual([{ what: "missingDays", member: "ferme", days: [days[0], ...days.slice(20)], samples: 19 }]);
    expect(notes.map(usageTexts.note)).toEqual([
      "ferme : 19 jours avec mesure, sans mesure : 01/11/2026, 21/11/2026, 22/11/2026, 23/11/2026, 24/11/2026 et 6 autres.",
    ]);
  });

  it("leaves out who could not be measured, and counts the others", () => {
    const lac: Expected = { facts: facts({ member: "lac", packs: ferme.facts.packs }), hosts: ["web2"] };
    const neuf: Expected = { facts: facts({ member: "neuf", packs: ferme.facts.packs }), hosts: ["web1"] };
    const { usage, notes } = collected(month, [ferme, lac, neuf], [whole], new Set(["web2"]));
    expect(Object.keys(usage.members)).toEqual(["ferme"]);
    expect(notes).toEqual([
      { what: "down", member: "lac", hosts: ["web2"] },
      { what: "unmeasured", member: "neuf", hosts: ["web1"] },
    ]);
    expect(notes.every(isGap)).toBe(true);
  });

  it("never loses what a more complete collection wrote, nor what people confirmed", () => {
    const { usage: before } = collected(month, [ferme], [whole], none);
    const less = answer("web1", { ferme: [days.slice(3), 900_000_000, 300_000_000, 7_250_000_000] });
    const again = collected(month, [ferme], [less], none, before);
    expect(again.usage.members).toEqual(before.members);
    expect(again.notes).toContainEqual({ what: "kept", member: "ferme" });
    expect(collected(month, [ferme], [], new Set(["web1"]), before).usage).toEqual(before);
    const { ferme: own } = collected(month, [ferme], [less], none).usage.members;
    const confirmed: Usage = { ...before, members: own === undefined ? {} : { ferme: { ...own, confirmed: true } } };
    expect(collected(month, [ferme], [whole], none, confirmed).usage.members["ferme"]).toEqual({
      ...before.members["ferme"],
      confirmed: true,
    });
  });

  it("counts days of service only, and no member without a quota", () => {
    const late = { ...ferme, facts: facts({ member: "ferme", packs: [{ pack: "autonomous", from: "2026-11-16" }] }) };
    const { usage } = collected(month, [late], [whole], none);
    expect(usage.members["ferme"]).toMatchObject({ diskSamples: 15, daysInService: 15 });
    const mail = { ...ferme, facts: facts({ member: "ferme", packs: [{ pack: "mailboxes", from: "2026-01-01" }] }) };
    expect(collected(month, [mail], [whole], none).usage.members).toEqual({});
  });

  it("takes a month without any sample as not measured, its traffic too", () => {
    const { usage, notes } = collected(month, [ferme], [answer("web1", { ferme: [[], 0, 0, 0] })], none);
    expect(usage.members).toEqual({});
    expect(notes).toEqual([{ what: "unmeasured", member: "ferme", hosts: ["web1"] }]);
  });

  it("leaves a member that nobody declares aside, and says so", () => {
    const { usage, notes } = collected(month, [], [whole], none);
    expect(usage.members).toEqual({});
    expect(notes).toEqual([{ what: "unknown", member: "ferme", host: "web1" }]);
  });
});

describe("the figures shown", () => {
  it("are means and sums, with a warning from 80 % on", () => {
    const { usage } = collected(
      month,
      [ferme],
      [answer("web1", { ferme: [days, 830_000_000, 0, 1_000_000_000] })],
      none,
    );
    expect(usageText(usage, new Map([["ferme", { disk: 1_000_000_000, traffic: 5_000_000_000 }]]))).toBe(
      `ferme : disque 0,83 Go en moyenne (30 jours), trafic 1 Go
  ! ferme : espace disque à 80 % ou plus (0,83 Go sur 1 Go)
`,
    );
    expect(usageText({ ...usage, members: {} }, new Map())).toBe("2026-11 : aucune mesure.\n");
  });
});
