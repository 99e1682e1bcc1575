import type { Properties } from "../../../lab/plugins/wire.ts";
import type { Plugin } from "./plugin.ts";

/** Where a transcript is replayed, and what is not written in it. */
export interface Stage {
  placeholders: ReadonlyMap<string, string>;
  definitions: Properties;
  /** bundled plugins by name */
  plugins: Readonly<Record<string, string>>;
  environment: NodeJS.ProcessEnv;
  /** inputs of a provider for a run whose own configuration the transcript leaves out */
  configuration(scenario: string, run: Run, plugin: string): Properties;
  /** does or looks at what a `# outside` step says */
  outside(scenario: string, request: string): Promise<string[] | undefined>;
  /** how long an RPC that the original never answered is waited for */
  silenceMs: number;
}

/** One run of the engine in a scenario. */
export interface Run {
  method: string;
  what: string | undefined;
  /** runs of this scenario so far */
  index: number;
}

/** What a replay found. */
export interface Report {
  /** one text for each answer that is not the original's */
  differences: string[];
  /** how many answers were compared */
  compared: number;
  /** what the plugins logged through the engine */
  logs: Plugin["logs"];
}
