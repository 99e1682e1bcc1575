import { deepStrictEqual } from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { isObject, type Properties, secret, unwrapSecrets } from "../../../lab/plugins/wire.ts";
import { codes, expectedResponse, madeUp, sorted, textOf, unordered } from "./compare.ts";
import { type Outcome, Plugin } from "./plugin.ts";
import type { Report, Run, Stage } from "./stage.ts";
import { expander, pattern, type Scenario, type Step } from "./transcript.ts";

/** What is known of a resource. */
interface Known {
  /** inputs in the state */
  inputs?: Properties;
  /** properties last answered */
  last?: Properties;
  /** outputs in the state, where a failure has put others than the last answered */
  failed?: Properties;
  /** why */
  reasons?: unknown;
  /** inputs of the program as last seen */
  news?: Properties;
}

/** Replays one scenario to its end. */
export async function replay(scenario: Scenario, stage: Stage): Promise<Report> {
  const player = new Player(scenario, stage);
  try {
    for (const index of scenario.steps.keys()) await player.step(index);
    await player.endRun();
  } finally {
    await player.stop();
  }
  return player.report;
}

class Player {
  readonly report: Report = { differences: [], compared: 0, logs: [] };
  readonly #scenario: Scenario;
  readonly #stage: Stage;
  readonly #expand: (value: unknown) => unknown;
  readonly #running = new Map<string, Plugin>();
  readonly #resources = new Map<string, Known>();
  readonly #configured = new Set<Plugin>();
  readonly #renamed = new Map<string, string>();
  readonly #refreshed = new Map<string, Properties>();
  #run: Run = { method: "", what: undefined, index: -1 };
  #opening: Step | undefined;

  constructor(scenario: Scenario, stage: Stage) {
    this.#scenario = scenario;
    this.#stage = stage;
    this.#expand = expander(stage.definitions, stage.placeholders);
  }

  async stop(): Promise<void> {
    for (const plugin of this.#running.values()) {
      this.report.logs.push(...plugin.logs);
      await plugin.stop();
    }
    this.#running.clear();
  }

  /** The end of a run: `Cancel`, and what was said beside the resources. */
  async endRun(): Promise<void> {
    for (const plugin of this.#running.values()) this.#same("Cancel", (await plugin.call("Cancel", {})).response, {});
    const unset = (lines: readonly string[]) =>
      [...new Set(lines.flatMap((line) => /Unable to set '\w+'/.exec(line) ?? []))].sort();
    const said = [...this.#running.values()].flatMap(({ logs }) => logs.map(({ message }) => message));
    if (this.#opening !== undefined) {
      this.#same(`${this.#where(this.#opening)} log`, unset(said), unset(this.#opening.output ?? []));
    }
    for (const [urn, inputs] of this.#refreshed) this.#resources.set(urn, { ...this.#resources.get(urn), inputs });
    this.#refreshed.clear();
    await this.stop();
  }

  async step(index: number): Promise<void> {
    const step = this.#scenario.steps[index];
    if (step === undefined) return;
    if (step.method === "# state") {
      this.#compareState(step);
    } else if (step.method.startsWith("$ ")) {
      await this.endRun();
      this.#run = { method: step.method, what: step.what, index: this.#run.index + 1 };
      this.#opening = step;
    } else if (step.method === "# outside") {
      const lines = await this.#stage.outside(this.#scenario.name, textOf(step.request));
      if (lines !== undefined) this.#same(this.#where(step), lines, this.#rename(this.#expand(step.response)));
    } else {
      await this.#rpc(step, index);
    }
  }

  #same(where: string, actual: unknown, expected: unknown): void {
    this.report.compared += 1;
    try {
      deepStrictEqual(actual, expected);
    } catch (error) {
      this.report.differences.push(`${where}\n${(error as Error).message.slice(0, 4000)}`);
    }
  }

  #where(step: Step): string {
    return `${this.#scenario.name}: ${this.#run.method} (${this.#run.what ?? ""}) ${step.method}`;
  }

  #rename(value: unknown): unknown {
    let text = JSON.stringify(value);
    for (const [recorded, actual] of this.#renamed)
      text = text.replaceAll(JSON.stringify(recorded), JSON.stringify(actual));
    return JSON.parse(text) as unknown;
  }

  /** The request as the engine sent it: with the fields that the transcript leaves out. */
  #request(step: Step, index: number): Properties {
    const recorded = this.#rename(this.#expand(step.request)) as Properties;
    const urn = this.#fullUrn(recorded);
    const known = this.#resources.get(urn) ?? {};
    const request: Properties = Object.fromEntries(
      Object.entries(recorded).map(([key, value]) => [key, value === "$last" ? (known.last ?? {}) : value]),
    );
    if (urn !== "") request["urn"] = urn;
    delete request["randomSeed"];
    if (step.method === "Check") request["olds"] ??= known.inputs ?? {};
    if (step.method === "Check") request["randomSeed"] = Buffer.alloc(32, this.#scenario.name.length);
    if (step.method === "Read" && request["properties"] !== undefined) request["inputs"] ??= known.inputs ?? {};
    if (step.method === "Diff") {
      request["olds"] ??= known.failed ?? known.last ?? {};
      request["news"] ??= this.#newsOfDiff(step, index, urn) ?? {};
      request["oldInputs"] ??= known.inputs ?? {};
    }
    return request;
  }

  /** `Diff` compares with what the same run then creates or updates with; without that, with the inputs in the state. */
  #newsOfDiff(step: Step, index: number, urn: string): Properties | undefined {
    const known = this.#resources.get(urn);
    for (const later of this.#scenario.steps.slice(index + 1)) {
      if (later.method.startsWith("$ ")) break;
      const request = isObject(later.request) ? later.request : {};
      if (this.#fullUrn(request) !== urn) continue;
      const news =
        later.method === "Update" ? request["news"] : later.method === "Create" ? request["properties"] : undefined;
      if (news !== undefined) return this.#rename(this.#expand(news)) as Properties;
    }
    const none = isObject(step.response) && step.response["changes"] === "DIFF_NONE";
    if (none && this.#run.method.includes("import")) return known?.inputs;
    return none || this.#run.method.includes("refresh") ? (known?.inputs ?? known?.news) : known?.news;
  }

  #fullUrn(request: Properties): string {
    return textOf(request["urn"]).replace("…", `urn:pulumi:dev::${this.#scenario.name}`);
  }

  async #plugin(step: Step, urn: string): Promise<Plugin> {
    const name = urn.includes("command:")
      ? "command"
      : urn.includes("mysql:")
        ? "mysql"
        : Object.keys(this.#stage.plugins)[0];
    const target = name ?? "";
    const running = this.#running.get(target);
    const plugin = running ?? (await Plugin.start(this.#stage.plugins[target] ?? "", this.#stage.environment));
    this.#running.set(target, plugin);
    const configuring = step.method === "Configure";
    const asked = ["Handshake", "GetPluginInfo", "CheckConfig", "DiffConfig"].includes(step.method);
    if (!configuring && !asked && !this.#configured.has(plugin)) {
      const args = this.#expand(this.#stage.configuration(this.#scenario.name, this.#run, target)) as Properties;
      const outcome = await plugin.call("Configure", { args, acceptSecrets: true });
      this.#same(`${this.#where(step)}: Configure before it`, outcome.error, undefined);
    }
    if (!asked) this.#configured.add(plugin);
    return plugin;
  }

  /** The state is the engine's; that it kept the plugin's outputs and failures shows that they were told apart. */
  #compareState(step: Step): void {
    const { resources = [] } = step.response as {
      resources?: { urn: string; outputs?: unknown; initErrors?: string[] }[];
    };
    for (const { urn, outputs, initErrors } of resources) {
      const known = this.#resources.get(urn);
      if (known === undefined || urn.includes("::pulumi:providers:")) continue;
      this.#same(`${this.#where(step)} ${urn} initErrors`, known.reasons ?? [], initErrors ?? []);
      const plain = outputs !== undefined && !JSON.stringify(outputs).includes("ciphertext");
      const expected = this.#rename(this.#expand(outputs));
      if (plain) this.#same(`${this.#where(step)} ${urn} outputs`, known.failed ?? known.last, expected);
    }
  }

  async #rpc(step: Step, index: number): Promise<void> {
    const request = this.#request(step, index);
    const plugin = await this.#plugin(step, textOf(request["urn"]));
    if (step.method === "Create") await this.#impliedCheck(plugin, request, step, index);
    const pending = plugin.call(step.method, request);
    const interrupted = this.#run.what?.startsWith("SIGINT") === true || this.#scenario.name.startsWith("interrupt");
    if (interrupted && step.method !== "Cancel") {
      await sleep(1000);
      this.#same("Cancel beside a running operation", (await plugin.call("Cancel", {})).response, {});
    }
    if (typeof step.response === "string") {
      const first = await Promise.race([pending, sleep(this.#stage.silenceMs, "silent")]);
      this.#same(this.#where(step), first, "silent");
      await this.stop();
      return;
    }
    const outcome = await pending;
    if (step.error === undefined) this.#compare(step, request, outcome);
    else this.#compareError(step, outcome);
    this.#learn(step, request, outcome);
  }

  /** Transcripts leave out a `Check` that changes nothing but secrets: it must be so. */
  async #impliedCheck(plugin: Plugin, request: Properties, step: Step, index: number): Promise<void> {
    const steps = this.#scenario.steps.slice(0, index);
    const opened = steps.findLastIndex(({ method }) => method.startsWith("$ "));
    const checked = steps.slice(opened + 1).some((earlier) => earlier.method === "Check");
    const properties = request["properties"] as Properties;
    const { __defaults: defaults, ...news } = properties;
    if (checked || (Array.isArray(defaults) && defaults.length > 0) || isObject(news["source"])) return;
    if (isObject(news["connection"])) news["connection"] = secret(unwrapSecrets(news["connection"]));
    const olds = this.#resources.get(textOf(request["urn"]))?.inputs ?? {};
    const { response } = await plugin.call("Check", { urn: request["urn"], olds, news });
    this.#same(`${this.#where(step)}: Check before it`, response, { inputs: properties });
  }

  #compareError(step: Step, { error }: Outcome): void {
    const message = String(this.#expand(step.error?.message));
    const where = `${this.#where(step)}: ${error?.message ?? ""}`;
    this.#same(where, error?.code, codes[step.error?.code ?? ""]);
    const expected = pattern(message);
    const matches = typeof expected !== "string" && expected.test(error?.message ?? "");
    if (typeof expected === "string") this.#same(where, unordered(error?.message ?? ""), unordered(expected));
    else this.#same(where, matches ? expected.source : error?.message, expected.source);
  }

  #compare(step: Step, request: Properties, { response, error }: Outcome): void {
    this.#same(this.#where(step), error, undefined);
    const known = this.#resources.get(textOf(request["urn"])) ?? {};
    const recorded = this.#expand(step.response) as Properties;
    for (const [before, now] of madeUp(recorded, response ?? {})) this.#renamed.set(before, now);
    const expected = expectedResponse(this.#rename(recorded) as Properties, known.last);
    this.#same(this.#where(step), sorted(response ?? {}), expected);
  }

  /** What the engine would now hold of the resource. */
  #learn(step: Step, request: Properties, { response, partial }: Outcome): void {
    const urn = textOf(request["urn"]);
    const known = this.#resources.get(urn) ?? {};
    const news = (step.method === "Create" ? request["properties"] : request["news"]) as Properties | undefined;
    if (["Create", "Update"].includes(step.method) && news !== undefined) known.news = news;
    const kept = request["preview"] !== true && !this.#run.method.includes("preview");
    const properties = response?.["properties"] as Properties | undefined;
    if (properties !== undefined && kept) {
      delete known.failed;
      delete known.reasons;
    }
    if (step.method === "Read" && properties !== undefined) {
      known.last = properties;
      const inputs = response?.["inputs"] as Properties;
      // A refresh compares with the inputs that the state had before it.
      if (kept && this.#run.method.includes("refresh")) this.#refreshed.set(urn, inputs);
      else if (kept) known.inputs = inputs;
      if (request["properties"] === undefined) known.news = inputs;
    } else if (["Create", "Update"].includes(step.method) && kept && properties !== undefined) {
      known.last = properties;
      if (news !== undefined) known.inputs = news;
    } else if (step.method === "Delete" && response !== undefined) {
      delete known.inputs;
    } else if (partial !== undefined) {
      known.failed = partial["properties"] as Properties;
      known.reasons = partial["reasons"];
    }
    if (urn !== "") this.#resources.set(urn, known);
  }
}
