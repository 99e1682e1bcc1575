import { describe, expect, it } from "vitest";
import { checkPlaces } from "../../src/plan/place.ts";
import { inOrder, plan, planAll } from "../../src/plan/plan.ts";
import { quotedText } from "../../src/plan/records.ts";
import type { Host } from "../../src/plan/types.ts";
import type { DeclarationInput } from "../../src/schema.ts";
import { fileText, loadedWith, memberOf } from "../checks/support.ts";
import { hosts } from "../golden/support/hosts.ts";

const [one] = hosts as [Host];
const two: Host[] = [
  { ...one, host: "web1", roles: ["web", "database"] },
  { ...one, host: "web2", roles: ["web", "database"], ipv4: "192.0.2.12" },
  { ...one, host: "mail1", roles: ["mail"] },
];
const from = "2026-01-01";
const lac = (said: Partial<DeclarationInput> = {}, id = "lac") =>
  memberOf(
    id,
    fileText({
      number: id === "lac" ? 5 : 6,
      name: "Le lac",
      kind: "association",
      membership: { since: from },
      packs: [{ pack: "autonomous", from }],
      domains: [{ name: "lac.example", from }],
      databases: [{ name: "site" }],
      ...said,
    }),
  );

describe("a member's place", () => {
  const rules = (member: ReturnType<typeof lac>, on: Host[], standard?: string) =>
    checkPlaces(loadedWith([member]), on, standard).map(({ rule, path }) => `${rule} ${path}`.trim());

  it("is the only host with the role, the named one, or the stack's default", () => {
    expect(plan(lac(), hosts).documents.map(({ host }) => host)).toEqual(["web1"]);
    expect(plan(lac({ host: { web: "web2" } }), two).databases).toEqual([{ host: "web2", name: "lac_site" }]);
    expect(plan(lac(), two, { defaultHost: "web2" }).documents.map(({ host }) => host)).toEqual(["web2"]);
  });

  it("is a problem when it is open, unknown or without the role", () => {
    expect(rules(lac(), hosts)).toEqual([]);
    expect(rules(lac(), two)).toEqual(["host/several", "host/several"]);
    expect(rules(lac({ host: { web: "wbe2", database: "web1" } }), two)).toEqual(["host/unknown host.web"]);
    expect(rules(lac({ host: { web: "mail1", database: "web1" } }), two)).toEqual(["host/role host.web"]);
    expect(rules(lac(), [])).toEqual(["host/none", "host/none"]);
    expect(rules(lac({ packs: [{ pack: "mailboxes", from }], databases: [] }), [])).toEqual([]);
    expect(() => plan(lac(), [])).toThrow("lac: host/none web");
  });

  it("stays where its data are, whatever the stack's default becomes", () => {
    const placed = (places: object, said = lac()) => {
      const loaded = loadedWith([said]);
      for (const { entry } of loaded.registry) entry.places = places;
      return checkPlaces(loaded, two, "web2").map(String);
    };
    expect(placed({})).toEqual([]);
    expect(placed({ web: "web2", database: "web2" })).toEqual([]);
    expect(placed({ web: "web2", database: "web1" })).toEqual([
      'members/lac.ts:3:16: les données de ce membre (rôle database) sont sur « web1 », mais l\'hôte par défaut de la pile le mettrait sur « web2 » sans elles ; écrivez dans ce fichier : host: { database: "web1" }',
    ]);
    expect(placed({ web: "web1", database: "web1" }, lac({ host: { web: "web1" } }))).toEqual([]);
    expect(placed({ mail: "mail1" }, lac({ host: { mail: "mail2" } }))).toEqual([
      expect.stringContaining("l'hôte « mail2 » n'existe pas"),
    ]);
  });

  it("may be one host for the web and another for databases, with a document on each", () => {
    const { documents, databases } = plan(lac({ host: { web: "web2", database: "web1" } }), two);
    expect(documents.map(({ host, sites, databases: names }) => [host, sites?.length, names])).toEqual([
      ["web1", undefined, ["lac_site"]],
      ["web2", 1, undefined],
    ]);
    expect(databases).toEqual([{ host: "web1", name: "lac_site" }]);
  });
});

describe("dates", () => {
  const changing = lac({
    packs: [{ pack: "autonomous", from, to: "2026-06-30" }],
    domains: [{ name: "lac.example", from, to: "2026-05-31" }],
    databases: [{ name: "site", to: "2026-05-31" }],
  });
  const on = (today?: string) => {
    const made = plan(changing, hosts, { today });
    return [
      made.domains[0]?.records.length,
      made.documents[0]?.sites?.length,
      made.documents[0]?.databases,
      made.databases.length,
    ];
  };

  it("start and end what follows; a zone and a database stay registered for ever", () => {
    expect(on("2025-12-31")).toEqual([0, undefined, ["lac_site"], 1]);
    expect(on("2026-05-31")).toEqual([9, 1, ["lac_site"], 1]);
    expect(on("2026-06-01")).toEqual([0, undefined, undefined, 1]);
    expect(on("2026-07-01")).toEqual([0, undefined, undefined, 1]);
    expect(on()).toEqual([0, undefined, undefined, 1]);
  });

  const before = lac({ domains: [{ name: "bio.example", from, to: "2026-03-31" }] });
  const after = lac({ domains: [{ name: "bio.example", from: "2026-04-01" }] }, "velo");

  it("hand a domain from one member to another without planning it twice, nor losing it between", () => {
    const holder = (today: string, members = [before, after]) =>
      planAll(members, hosts, { today }).flatMap(({ member, domains }) =>
        domains.map(({ records }) => [member, records.length]),
      );
    expect(holder("2026-03-31")).toEqual([["lac", 9]]);
    expect(holder("2026-04-01")).toEqual([["velo", 9]]);
    expect(holder("2026-04-01", [after, before])).toEqual([["velo", 9]]);
    expect(holder("2026-04-01", [before])).toEqual([["lac", 0]]);
  });

  it("apply a domain's former holder first, whatever the order of the files", () => {
    const plans = planAll([after, before], hosts, { today: "2026-04-01" });
    expect(plans.map(({ member, after: former }) => [member, former])).toEqual([
      ["velo", ["lac"]],
      ["lac", undefined],
    ]);
    expect(inOrder(plans).map(({ member }) => member)).toEqual(["lac", "velo"]);
  });

  it("keep members that exchange domains in their own order", () => {
    const plans = planAll([after, before], hosts, { today: "2026-04-01" });
    const ring = plans.map((one) => ({ ...one, after: [one.member === "lac" ? "velo" : "lac"] }));
    expect(inOrder(ring).map(({ member }) => member)).toEqual(["lac", "velo"]);
  });
});

describe("a status", () => {
  it("is in the document as it concerns a server", () => {
    const status = (said: DeclarationInput["status"]) => plan(lac({ status: said }), hosts).documents[0]?.status;
    expect(status({ state: "suspended", since: from, reason: "x", level: "web" })).toBe("suspended");
    expect(status({ state: "suspended", since: from, reason: "x", level: "full" })).toBe("suspended");
    expect(status({ state: "suspended", since: from, reason: "x", level: "warn" })).toBeUndefined();
    expect(status({ state: "leaving", on: "2026-12-31" })).toBeUndefined();
    expect(status({ state: "left", on: "2026-12-31" })).toBe("left");
  });
});

describe("a text record", () => {
  it("is quoted in pieces of at most 255 bytes", () => {
    expect(quotedText('a "b" \\c')).toBe('"a \\"b\\" \\\\c"');
    expect(quotedText("x".repeat(255))).toBe(`"${"x".repeat(255)}"`);
    expect(quotedText("x".repeat(256))).toBe(`"${"x".repeat(255)}" "x"`);
  });
});
