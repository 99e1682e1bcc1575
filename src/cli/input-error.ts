/** What people wrote can't be done as it stands; one French sentence a line. */
export class InputError extends Error {
  constructor(lines: readonly string[], options?: ErrorOptions) {
    super(lines.join("\n"), options);
    this.name = "InputError";
  }
}

/** Runs a command's work: what people wrote wrong is printed for them, with exit code 1; any other error is a bug and stays one. */
export async function refusing(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
