import { pureProgram } from "../src/cli/program.ts";
import { today } from "./today.ts";

const day = today();

const exportStack = async (stack: string) => (await import("./runner/commands.ts")).exportStack(stack);
const program = pureProgram({
  today: day,
  stackHosts: async (stack) => (await import("./runner/session.ts")).stackHosts(stack),
  exportStack,
  askDns: async (questions, resolver) => (await import("./dns-check.ts")).askDns(questions, resolver),
});
// The bill's documents and the engine's SDK take time and memory to load: each only for its own commands, and both for
// the help that names them all.
const [name = ""] = process.argv.slice(2);
const isPure = program.commands.some((command) => command.name() === name);
if (!isPure && !["preview", "up", "certificate", "adopt", "doctor", "usage"].includes(name)) {
  const { registerBillCommands } = await import("../src/cli/bill.ts");
  registerBillCommands(program, {
    today: day,
    atReference: (await import("./at-reference.ts")).atReference,
    seenByGit: (await import("./seen-by-git.ts")).seenByGit,
    exportStack,
  });
}
if (!isPure && name !== "bill") {
  const { registerRunnerCommands } = await import("./runner/commands.ts");
  registerRunnerCommands(program);
}
await program.parseAsync();
