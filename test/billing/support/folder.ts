import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { BillSurroundings } from "../../../src/cli/bill.ts";
import { registryText } from "../../../src/registry.ts";
import { type Ran, cassiopea as run } from "./cassiopea.ts";

const address = { street: "Rue 1", postcode: "1000", city: "Bruxelles", country: "BE" };
const identity = { legalForm: "ASBL", court: "Bruxelles", iban: "BE68 5390 0754 7034", paymentDays: 30 };

/** A folder of an association of two members, alice and bob, made anew for each test of a file and removed afterwards. */
export const association = {
  folder: "",
  get members(): string {
    return join(this.folder, "members");
  },

  /** A member in the way that people write it. */
  write(id: string, number: number, body: string): void {
    writeFileSync(
      join(this.members, `${id}.ts`),
      `import { member } from "../src/member.ts";\n\nexport default member({\n  number: ${number},\n  name: "${id}",\n  kind: "association",\n  contacts: [{ role: "billing", reference: "contact:${id}" }],\n  membership: { since: "2009-01-01" },\n${body}});\n`,
    );
    const entry = { id, databases: [], logins: [id], robots: [], lists: [] };
    writeFileSync(join(this.members, "registry", String(number)), registryText(entry));
  },

  /** Who issues and to whom, in the private folder. */
  writeParties(): void {
    mkdirSync(join(this.folder, "private", "parties"), { recursive: true });
    const issuer = { name: "Cassiopea ASBL", ...address, ...identity, mentions: {} };
    writeFileSync(join(this.folder, "private", "issuer.json"), JSON.stringify(issuer));
    for (const id of ["alice", "bob"]) {
      writeFileSync(join(this.folder, "private", "parties", `${id}.json`), JSON.stringify({ name: id, ...address }));
    }
  },
};

/** Runs the command on the folder. */
export const cassiopea = async (args: readonly string[], surroundings?: BillSurroundings): Promise<Ran> =>
  run(args, association, surroundings);

/** To be called once by a test file. */
export function useFolder(): typeof association {
  beforeEach(() => {
    association.folder = mkdtempSync(join(tmpdir(), "bill-"));
    mkdirSync(join(association.members, "registry"), { recursive: true });
    association.write("alice", 1, `  packs: [{ pack: "assisted", from: "2026-05-02" }],\n`);
    association.write(
      "bob",
      2,
      `  packs: [{ pack: "autonomous", from: "2026-01-01" }],\n  options: [{ option: "mailbox", quantity: 2, from: "2026-05-02" }],\n`,
    );
  });
  afterEach(() => rmSync(association.folder, { recursive: true }));
  return association;
}
