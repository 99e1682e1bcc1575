import { describe, expect, it } from "vitest";
import { member } from "../../src/member.ts";

// The compiler checks this file: an error that no longer comes is an unused `@ts-expect-error`, which is an error itself.
const who = { number: 1, name: "Essai", kind: "association", membership: { since: "2026-01-01" } } as const;
const from = "2026-01-01";

describe("what the editor marks", () => {
  it("nothing in a sound declaration of several packs", () => {
    const declared = member({
      ...who,
      packs: [
        { pack: "autonomous", from },
        { pack: "sympa", from },
      ],
      options: [
        { option: "mailbox", quantity: 2, from },
        { option: "assistance", level: 1, from },
      ],
      blocks: [{ kind: "disk", id: "d1", on: from }],
      domains: [{ name: "essai.example", from, registeredBy: "us" }],
      databases: [{ name: "site" }],
      robot: { domain: "lists.essai.example", listmasters: ["contact:marie"] },
    });
    expect(declared.packs).toHaveLength(2);
  });

  it("nothing in a member without a pack", () => {
    expect(
      member({ ...who, services: [{ service: "analysis", id: "a1", on: from, halfDays: 1 }] }).services,
    ).toHaveLength(1);
  });

  it("unknown words and wrong combinations", () => {
    const declared = [
      // @ts-expect-error unknown pack
      member({ ...who, packs: [{ pack: "autonomus", from }] }),
      // @ts-expect-error unknown key
      member({ ...who, domans: [] }),
      // @ts-expect-error unknown key of a pack
      member({ ...who, packs: [{ pack: "autonomous", from, since: from }] }),
      // @ts-expect-error unknown option
      member({ ...who, packs: [{ pack: "autonomous", from }], options: [{ option: "mailbx", from }] }),
      // @ts-expect-error an option of web packs with the pack of mailboxes
      member({ ...who, packs: [{ pack: "mailboxes", from }], options: [{ option: "certificate", from }] }),
      // @ts-expect-error an option of web packs with the pack of lists
      member({ ...who, packs: [{ pack: "sympa", from }], options: [{ option: "database", from }] }),
      // @ts-expect-error an option without any pack
      member({ ...who, options: [{ option: "mailbox", from }] }),
      // @ts-expect-error a level that does not exist
      member({ ...who, packs: [{ pack: "assisted", from }], options: [{ option: "assistance", level: 4, from }] }),
      // @ts-expect-error a level where there is none
      member({ ...who, packs: [{ pack: "assisted", from }], options: [{ option: "mailbox", level: 1, from }] }),
      // @ts-expect-error a database without a site's pack
      member({ ...who, packs: [{ pack: "mailboxes", from }], databases: [{ name: "site" }] }),
      // @ts-expect-error a disk block without a quota to extend
      member({ ...who, packs: [{ pack: "mailboxes", from }], blocks: [{ kind: "disk", id: "d1", on: from }] }),
      member({
        ...who,
        packs: [{ pack: "autonomous", from }],
        // @ts-expect-error a robot without the pack of lists
        robot: { domain: "l.example", listmasters: ["contact:x"] },
      }),
      // @ts-expect-error a number as text
      member({ ...who, number: "1" }),
      // @ts-expect-error hours where half-days are sold
      member({ ...who, services: [{ service: "analysis", id: "a1", on: from, time: "2 h" }] }),
    ];
    expect(declared).toHaveLength(14);
  });
});
