import { pureProgram } from "../src/cli/program.ts";

/** Today where the association is: read once, here, and handed on. */
const today = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Brussels" }).format(new Date());

const program = pureProgram({
  today,
  exportStack: async (stack) => (await import("./runner/commands.ts")).exportStack(stack),
});
// The engine's SDK takes time to load: only for its own commands, and for the help that names them all.
const [name] = process.argv.slice(2);
if (!program.commands.some((command) => command.name() === name)) {
  const { registerRunnerCommands } = await import("./runner/commands.ts");
  registerRunnerCommands(program);
}
await program.parseAsync();
