import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { cassiopea, dig, documentOn, generated, lab, labHost, onHost, visit } from "./support.ts";

const web1 = labHost("web1");
let folder = "";
let ids: string[] = [];
let failing = "";

beforeAll(async () => {
  await lab(["reset", "--hosts", "1"]);
  folder = generated(12);
  ids = readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -3))
    .sort();
  failing = ids[5] ?? "";
});

/** The bill's members, read from the state. */
async function billed(): Promise<string[]> {
  const bill = await cassiopea(["bill", "--year", "2026", "--stack", "lab", "--members", folder, "--json"]);
  return [...new Set([...bill.stdout.matchAll(/"member":\s*"([a-z0-9]+)"/g)].map((match) => match[1] ?? ""))].sort();
}

describe("one of 12 members failing", () => {
  it("leaves the other 11 complete, on servers, in DNS and in the bill", async () => {
    // A foreign account already has the name: the agent must refuse to take it over.
    await onHost(web1, `useradd -u 5555 -M ${failing}`);
    const up = await cassiopea(["up", "--stack", "lab", "--members", folder]);
    expect(up.code).toBe(1);
    expect(up.text).toContain(failing);
    for (const id of ids.filter((candidate) => candidate !== failing)) {
      expect((await documentOn(web1, id)).member).toBe(id);
      expect((await visit(`${id}.example`)).status).toBe(200);
    }
    expect(await billed()).toEqual(ids.filter((id) => id !== failing));
  });

  it("is completed by the next run, once its cause is gone", async () => {
    await onHost(web1, `userdel ${failing}`);
    const up = await cassiopea(["up", "--stack", "lab", "--members", folder]);
    expect(up.code, up.text).toBe(0);
    expect(await billed()).toEqual(ids);
    expect(await dig(`${failing}.example`, "A")).toEqual([web1.address]);
  });
});
