import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answer } from "dns-packet";
import { afterAll, afterEach, beforeEach, expect, vi } from "vitest";
import { askDns } from "../../../components/dns-check.ts";
import { InputError } from "../../../src/cli/input-error.ts";
import { pureProgram } from "../../../src/cli/program.ts";
import { lacState } from "../../dns/support.ts";
import { hosts } from "../../golden/support/hosts.ts";
import { type DnsServer, startDnsServer } from "../../support/dns-server.ts";

export const project = join(import.meta.dirname, "..", "..", "..");
export const today = "2026-11-26";

/** For each test a copy of the sample members, a DNS server, and the command line in this process between them. */
export function bench() {
  const scratch = mkdtempSync(join(tmpdir(), "cassiopea-dns-"));
  afterAll(() => rmSync(scratch, { recursive: true }));
  let folder = "";
  let server: DnsServer | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(scratch, "members-"));
    cpSync(join(project, "members"), folder, { recursive: true });
  });
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  /** Runs a command with a stack `prod` whose state has the zone of `lac.example`. */
  async function cassiopea(...args: string[]): Promise<{ code: unknown; out: string; err: string }> {
    const said = { out: "", err: "" };
    const spies = (["out", "err"] as const).map((to) =>
      vi.spyOn(process[`std${to}`], "write").mockImplementation((text) => {
        said[to] += String(text);
        return true;
      }),
    );
    process.exitCode = 0;
    try {
      const program = pureProgram({
        today,
        stackHosts: async (stack) =>
          stack === "prod" ? { hosts, defaultHost: undefined } : `Pulumi.${stack}.yaml manque`,
        exportStack: async (stack) => {
          if (stack !== "prod") throw new InputError([`La pile ${stack} n'existe pas encore`]);
          return lacState;
        },
        askDns: async (questions, resolver) => askDns(questions, resolver ?? server?.address),
      });
      await program.parseAsync([...args, "--members", folder], { from: "user" });
      return { code: process.exitCode, ...said };
    } finally {
      process.exitCode = 0;
      for (const spy of spies) spy.mockRestore();
    }
  }

  const file = (id: string): string => readFileSync(join(folder, `${id}.ts`), "utf8");
  const edit = (id: string, from: string, to: string): void => {
    expect(file(id)).toContain(from);
    writeFileSync(join(folder, `${id}.ts`), file(id).replace(from, to));
  };
  return {
    cassiopea,
    /** Text of a member file. */
    file,
    edit,
    /** Has the DNS of `lac.example` elsewhere, with mail. */
    elsewhere: () => edit("lac", 'name: "lac.example"', 'name: "lac.example", dns: "elsewhere", mail: true'),
    /** Has `lac.example` in service in another span. */
    span: (text: string) => edit("lac", 'from: "2025-09-15" }],\n  databases', `${text} }],\n  databases`),
    /** Has the DNS serve these records alone; gives its address. */
    served: async (...answers: Answer[]): Promise<string> => {
      await server?.close();
      server = await startDnsServer(answers);
      return server.address;
    },
    folder: () => folder,
  };
}
