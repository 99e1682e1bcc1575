import { stripVTControlCharacters } from "node:util";
import { ownName } from "../../src/plan/own-zone.ts";
import type { EngineEvent, EngineRun } from "./engine.ts";
import { count, explained, texts, thing, thingByName } from "./texts.ts";
import type { Wanted } from "./wanted.ts";

export type Change = "create" | "update" | "adopt" | "delete";

/** What happened, or would, to one member or host. */
export interface Line {
  kind: "member" | "host";
  name: string;
  result: "created" | "changed" | "unchanged" | "failed" | "left out";
  /** `what` in the reader's words. */
  changes: { change: Change; what: string }[];
  errors: string[];
  /** What is still to be done. */
  pending: string[];
}

export interface Summary {
  lines: Line[];
  /** Errors that belong to no member and no host. */
  errors: string[];
  /** Nothing is to change, and nothing failed. */
  unchanged: boolean;
}

const changes: Record<string, Change> = {
  create: "create",
  "create-replacement": "create",
  replace: "update",
  update: "update",
  import: "adopt",
  "import-replacement": "adopt",
  delete: "delete",
  "delete-replaced": "delete",
};
export interface SummaryInput {
  events: readonly EngineEvent[];
  wanted: readonly Wanted[];
  /** URNs in the state before the run. */
  held: ReadonlySet<string>;
  /** URNs that the run had to leave alone although something is to be done to them. */
  leftOut: ReadonlySet<string>;
  /** Only preview: nothing was done. */
  planned: boolean;
  /** URNs that the run was about; all when left out. */
  only?: ReadonlySet<string>;
}

/** Tells the engine's events by member and host. */
export function summarize({ events, wanted, held, leftOut, planned, only }: SummaryInput): Summary {
  const known = new Map(wanted.map((one) => [one.urn, one]));
  const owners = new Map(wanted.flatMap((one) => ("domain" in one ? [[one.domain, one.member] as const] : [])));
  const lines = new Map<string, Line>();
  const lineOf = (kind: Line["kind"], name: string): Line => {
    const line: Line = lines.get(`${kind} ${name}`) ?? {
      kind,
      name,
      result: "unchanged",
      changes: [],
      errors: [],
      pending: [],
    };
    lines.set(`${kind} ${name}`, line);
    return line;
  };
  const lineOfUrn = (urn: string): Line | undefined => {
    const one = known.get(urn);
    // The association's own zone is no member's.
    if (one !== undefined && "domain" in one && one.member === ownName) return lineOf("host", one.domain);
    if (one !== undefined) return "member" in one ? lineOf("member", one.member) : lineOf("host", one.host);
    const name = nameOf(urn);
    const domain = /^domain\/([^/]+)/.exec(name)?.[1];
    if (domain !== undefined) return lineOf("member", owners.get(domain) ?? domain);
    const host = /^host\/([^/]+)/.exec(name)?.[1];
    if (host !== undefined) return lineOf("host", host);
    return name.includes("/") ? lineOf("member", name.split("/")[0] ?? name) : undefined;
  };
  const inRun = wanted.filter((one) => only === undefined || only.has(one.urn));
  for (const one of inRun) lineOfUrn(one.urn);

  const order = new Map(wanted.map((one, index) => [one.urn, index]));
  const done = [...doneByUrn(events, planned)].sort(
    ([a], [b]) => (order.get(a) ?? order.size) - (order.get(b) ?? order.size),
  );
  const failed = failures(events);
  for (const [urn, change] of done) {
    if (failed.has(urn)) continue;
    const one = known.get(urn);
    // Components and providers have nothing of their own to tell.
    if (one === undefined && !/\$(command|mysql|cloudflare):/.test(urn)) continue;
    const what = one === undefined ? thingByName(nameOf(urn)) : thing(one);
    lineOfUrn(urn)?.changes.push({ change, what });
  }
  const errors: string[] = [];
  for (const [urn, message] of failed) {
    const line = urn === "" ? undefined : lineOfUrn(urn);
    const one = known.get(urn);
    if (line === undefined) errors.push(message);
    else line.errors.push(`${one === undefined ? thingByName(nameOf(urn)) : thing(one)} : ${message}`);
  }
  const settled = new Set(events.flatMap((event) => event.resOutputsEvent?.metadata.urn ?? []));
  for (const one of planned ? [] : inRun) {
    const undone = leftOut.has(one.urn) || (!settled.has(one.urn) && !held.has(one.urn));
    if (undone && !failed.has(one.urn)) lineOfUrn(one.urn)?.pending.push(thing(one));
  }
  // A component alone, which a failed run left, is nothing that anybody has.
  const existing = new Set(inRun.filter((one) => held.has(one.urn)).map((one) => lineOfUrn(one.urn)));
  for (const line of lines.values()) line.result = resultOf(line, existing.has(line));
  const all = [...lines.values()].sort((a, b) => (`${a.kind} ${a.name}` < `${b.kind} ${b.name}` ? -1 : 1));
  return { lines: all, errors, unchanged: errors.length === 0 && all.every((line) => line.result === "unchanged") };
}

function resultOf(line: Line, existed: boolean): Line["result"] {
  if (line.errors.length > 0) return "failed";
  if (line.pending.length > 0) return "left out";
  if (line.changes.length === 0) return "unchanged";
  return existed ? "changed" : "created";
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function doneByUrn(events: readonly EngineEvent[], planned: boolean): Map<string, Change> {
  const done = new Map<string, Change>();
  for (const event of events) {
    const metadata = (planned ? event.resourcePreEvent : event.resOutputsEvent)?.metadata;
    const change = metadata === undefined ? undefined : changes[metadata.op];
    if (metadata !== undefined && change !== undefined && !done.has(metadata.urn)) done.set(metadata.urn, change);
  }
  return done;
}

/** Error texts by URN; the empty URN for those of the whole run. */
function failures(events: readonly EngineEvent[]): Map<string, string> {
  const failed = new Map<string, string>();
  for (const { resOpFailedEvent: failure, diagnosticEvent: diagnostic } of events) {
    if (failure !== undefined && !failed.has(failure.metadata.urn)) failed.set(failure.metadata.urn, "échec");
    if (diagnostic?.severity !== "error") continue;
    const urn = diagnostic.urn ?? "";
    const text = explained(readable(diagnostic.message));
    // The stack itself only says that something in it failed.
    if (
      /^update failed$|resources? failed|preview failed|failed to register/.test(text) &&
      (urn === "" || urn.includes("pulumi:pulumi:Stack"))
    )
      continue;
    if (failed.get(urn) === undefined || failed.get(urn) === "échec") failed.set(urn, text);
  }
  return failed;
}

/** The words of a failure that its reader can use: the agent's own, where there are some. */
export function readable(message: string): string {
  const plain = stripVTControlCharacters(message).replace(/<\{%[^%]*%\}>/g, "");
  const agent = plain.split("\n").find((line) => line.startsWith("{") && line.includes('"error"'));
  if (agent !== undefined) {
    try {
      const { error } = JSON.parse(agent) as { error?: string };
      if (error !== undefined) return error;
    } catch {
      // Not the agent's: the whole text is shown.
    }
  }
  // The plugin quotes the whole command, with its newlines escaped or not, before what it printed.
  const ran = /^([\s\S]*?): running "[\s\S]*":\n([\s\S]*)$/.exec(plain);
  const status = /Process exited with status (\d+)/.exec(ran?.[1] ?? "")?.[1];
  const why = status === undefined ? (ran?.[1] ?? "") : `(code ${status})`;
  const said = ran === null ? plain : `${why} ${ran[2] ?? ""}`;
  return said.trim().split("\n").slice(0, 12).join("\n    ");
}

/** As in a diff, so that no participle has to agree; `=` exists already and is taken over. */
const signs: Record<Change, string> = { create: "+", update: "~", adopt: "=", delete: "-" };
const marks: Record<Line["result"], string> = {
  created: "✔",
  changed: "✔",
  unchanged: "=",
  failed: "✘",
  "left out": "✘",
};
const results: Record<Line["result"], string> = {
  created: "créé",
  changed: "modifié",
  unchanged: "inchangé",
  failed: "en échec",
  "left out": "laissé de côté",
};

const plurals: Record<Line["result"], string> = {
  created: "créés",
  changed: "modifiés",
  unchanged: "inchangés",
  failed: "en échec",
  "left out": "laissés de côté",
};

/** The summary as text: one paragraph for each member or host that is not unchanged, then one line for all. */
export function summaryText({ lines, errors, unchanged }: Summary, planned: boolean): string {
  const members = lines.filter((line) => line.kind === "member");
  const hosts = lines.filter((line) => line.kind === "host");
  if (unchanged) return texts.unchanged(members.length, hosts.length);
  const told = lines.filter((line) => line.result !== "unchanged").flatMap(lineText(planned));
  const counts = (Object.keys(results) as Line["result"][]).flatMap((result) => {
    const n = members.filter((line) => line.result === result).length;
    return n === 0 ? [] : [`${n} ${n === 1 || planned ? resultWord(result, planned) : plurals[result]}`];
  });
  return [...errors, ...told, `${count(members.length, "membre")} : ${counts.join(", ")}`].join("\n");
}

function resultWord(result: Line["result"], planned: boolean): string {
  if (planned && result === "created") return "à créer";
  return planned && result === "changed" ? "à modifier" : results[result];
}

function lineText(planned: boolean) {
  return (line: Line): string[] => [
    `${planned ? "•" : marks[line.result]} ${line.name} : ${resultWord(line.result, planned)}`,
    ...line.changes.map(({ change, what }) => `    ${signs[change]} ${what}`),
    ...line.errors.map((error) => `    ${error}`),
    ...(line.pending.length === 0 ? [] : [`    ${texts.pending(line.pending.join(", "))}`]),
  ];
}

/** Adds the engine's own words where a run failed as a whole: no member's and no host's error tells it. */
export function tellRunError(summary: Summary, { code, stdout, stderr }: EngineRun): void {
  if (code === 0 || summary.errors.length > 0 || summary.lines.some((line) => line.errors.length > 0)) return;
  const said = stderr.trim();
  if (code === 124) summary.errors.push(texts.late);
  else if (stderr.includes("currently locked")) summary.errors.push(texts.locked(said));
  else summary.errors.push(texts.engineFailed((said || stdout.trim()).slice(-3000)));
  summary.unchanged = false;
}
