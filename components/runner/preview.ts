import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endOrphans } from "./orphans.ts";
import { openSession, Refusal, stackProgram } from "./session.ts";
import { summarize, tellRunError } from "./summary.ts";
import { texts } from "./texts.ts";
import { trustFile } from "./trust.ts";
import type { Outcome } from "./up.ts";

/** Says what `up` would change; contacts no server and writes nothing. @throws Refusal */
export async function preview(options: { stack: string; members?: string }): Promise<Outcome> {
  const session = openSession(options.stack, options.members);
  const folder = mkdtempSync(join(tmpdir(), "cassiopea-preview-"));
  try {
    const run = await session.engine.update(
      ["preview", "--parallel", "8"],
      stackProgram(session, {}),
      trustFile(session, folder),
    );
    if (/no stack named/.test(run.stderr)) throw new Refusal(texts.noStack(session.stack));
    const events = run.events;
    // What is in the state is what the preview calls anything else than created.
    const held = new Set(
      events.flatMap(({ resourcePreEvent }) =>
        resourcePreEvent === undefined || resourcePreEvent.metadata.op === "create"
          ? []
          : [resourcePreEvent.metadata.urn],
      ),
    );
    const summary = summarize({ events, wanted: session.wanted, held, leftOut: new Set(), planned: true });
    tellRunError(summary, run);
    return { summary, ok: run.code === 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await endOrphans("own too");
  }
}
