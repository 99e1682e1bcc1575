import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Cloudflare, { APIError } from "cloudflare";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../lab/cloudflare/server.ts";

export const token = "emulator-test-token-0123456789_0123456789abc";
export const account = { id: "0123456789abcdef0123456789abcdef", name: "Cassiopea" };

export interface Bench {
  emulator: Emulator;
  client: Cloudflare;
  state: string;
  end(): Promise<void>;
}

/** An emulator on a free port with its state in a folder of its own, and the service's own client for it. */
export async function bench(options: Partial<EmulatorOptions> = {}): Promise<Bench> {
  const state = options.state ?? mkdtempSync(join(tmpdir(), "cassiopea-emulator-"));
  const emulator = await startEmulator({ state, port: 0, tokens: new Map([[token, "edit"]]), ...options });
  return {
    emulator,
    client: new Cloudflare({ apiToken: token, baseURL: emulator.url, maxRetries: 0 }),
    state,
    end: async () => {
      await emulator.close();
      rmSync(state, { recursive: true, force: true });
    },
  };
}

/** Status and error codes of a refused call. */
export async function refusal(call: PromiseLike<unknown>): Promise<[number | undefined, number[]]> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    return [error.status as number | undefined, error.errors.map(({ code }) => code ?? 0)];
  }
  throw new Error("the call was not refused");
}
