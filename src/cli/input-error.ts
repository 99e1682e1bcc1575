/** What people wrote can't be billed as it stands; one French sentence a line. */
export class InputError extends Error {
  constructor(lines: readonly string[], options?: ErrorOptions) {
    super(lines.join("\n"), options);
    this.name = "InputError";
  }
}
