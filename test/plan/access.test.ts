import { describe, expect, it } from "vitest";
import { accountsOf, databaseUsersOf } from "../../src/plan/access.ts";
import type { DeclarationInput } from "../../src/schema.ts";
import { lacWith } from "../checks/support.ts";

const from = "2026-01-01";
const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJx0T0wvA2bq9dV8mS4u8jv3";
const said: Partial<DeclarationInput> = {
  packs: [{ pack: "autonomous", from }],
  databases: [
    {
      name: "site",
      users: [
        { name: "stats", access: "read" },
        { name: "app", access: "write", from: "2026-07-01" },
      ],
    },
    { name: "old", to: "2026-03-31", users: [{ name: "olduser", access: "read" }] },
  ],
  accounts: [
    { name: "photos", kind: "ftps", folder: "lac.example/photos", to: "2026-06-30" },
    { kind: "sftp", keys: [key] },
  ],
};
const logins = (parts: Partial<DeclarationInput>, today = "2026-06-01") =>
  accountsOf(lacWith({ ...said, ...parts }), today).map(({ login }) => login);

describe("accounts of a member", () => {
  it("are those in service on the day, by login", () => {
    expect(accountsOf(lacWith(said), "2026-06-30")).toEqual([
      { login: "lac", kind: "sftp", keys: [key] },
      { login: "lac_photos", kind: "ftps", folder: "lac.example/photos" },
    ]);
    expect(logins({}, "2026-07-01")).toEqual(["lac"]);
  });

  it("stay while the web alone is suspended, or a notice given; are closed by a suspension in full, by leaving, and with the pack", () => {
    const suspended = (level: "warn" | "web" | "full") =>
      logins({ status: { state: "suspended", since: from, reason: "facture", level } });
    expect([suspended("warn"), suspended("web"), suspended("full")]).toEqual([
      ["lac", "lac_photos"],
      ["lac", "lac_photos"],
      [],
    ]);
    expect(logins({ status: { state: "left", on: "2026-05-01" } })).toEqual([]);
    expect(logins({ status: { state: "leaving", on: "2026-08-01" } })).toEqual(["lac", "lac_photos"]);
    expect(logins({ packs: [{ pack: "autonomous", from, to: "2026-05-31" }] })).toEqual([]);
  });
});

describe("users of a member's databases", () => {
  it("are those in service on the day, of databases in service", () => {
    const names = (today: string) => databaseUsersOf(lacWith(said), today).map(({ name }) => name);
    expect(names("2026-03-31")).toEqual(["lac_olduser", "lac_stats"]);
    expect(names("2026-04-01")).toEqual(["lac_stats"]);
    expect(databaseUsersOf(lacWith(said), "2026-07-01")).toEqual([
      { name: "lac_app", database: "lac_site", access: "write" },
      { name: "lac_stats", database: "lac_site", access: "read" },
    ]);
  });
});
