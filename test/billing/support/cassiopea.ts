import { join } from "node:path";
import { Command } from "commander";
import { vi } from "vitest";
import { type BillSurroundings, registerBillCommands } from "../../../src/cli/bill.ts";

export interface Ran {
  out: string;
  error: string;
  code: number;
}

/** Runs `cassiopea bill` with its register, measures and private folder below `folder`; what it wrote and its exit code. */
export async function cassiopea(
  args: readonly string[],
  { folder, members }: { folder: string; members: string },
  surroundings: BillSurroundings = { today: "2026-11-25" },
): Promise<Ran> {
  const written = { out: "", error: "" };
  const out = vi.spyOn(process.stdout, "write").mockImplementation((text) => ((written.out += String(text)), true));
  const error = vi.spyOn(process.stderr, "write").mockImplementation((text) => ((written.error += String(text)), true));
  const before = process.exitCode;
  try {
    const program = new Command();
    registerBillCommands(program, surroundings);
    const usage = ["--usage", join(folder, "usage")];
    const stored = ["plan", "issue", "verify", "explain", "reminder"].includes(args[0] ?? "")
      ? ["--register", join(folder, "register.jsonl"), "--private", join(folder, "private")]
      : [];
    const declared = args[0] === "reminder" ? [] : ["--members", members, ...usage];
    await program.parseAsync(["node", "cassiopea", "bill", ...args, ...declared, ...stored]);
    return { ...written, code: Number(process.exitCode ?? 0) };
  } finally {
    process.exitCode = before;
    out.mockRestore();
    error.mockRestore();
  }
}
