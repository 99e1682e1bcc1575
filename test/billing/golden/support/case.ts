import { join } from "node:path";
import type { BillingFacts } from "../../../../src/billing/facts.ts";
import type { IssuedLine } from "../../../../src/billing/plan.ts";
import type { BillSettings } from "../../../../src/billing/types.ts";
import { Usage } from "../../../../src/billing/usage.ts";
import { priceLists } from "../../../../src/catalogue/prices/index.ts";
import type { OfferId, PriceList } from "../../../../src/catalogue/prices/types.ts";
import { checkMembers } from "../../../../src/checks.ts";
import { updateRegistry } from "../../../../src/cli/update.ts";
import { loadMembers, type Member } from "../../../../src/load.ts";
import { facts } from "../../../../src/member/facts.ts";
import type { Problem } from "../../../../src/problem.ts";
import { readParts, writeParts } from "../../../support/parts.ts";
import { laterList, settings } from "../../support/facts.ts";

/** A case of the table of the bill. */
export interface Case {
  /** Rules of the bill that it is for. */
  rules: string[];
  /** Rules of declarations that it breaks. */
  broken: string[];
  members: Member[];
  problems: Problem[];
  facts: BillingFacts[];
  lists: PriceList[];
  settings: BillSettings;
  usage: Usage[];
  issued: IssuedLine[];
  /** Hand-written: a question and its answer. */
  figures: { question: string; answer: string }[];
}

/**
 * Reads `case.txt` of a folder. Head: `rules:` and, if declarations are to be refused, `broken:`. Files: members
 * (`alice.ts`), and where they matter `prices.json` (later lists), `settings.json`, `usage`, `issued`; last `figures`.
 * @param scratch where its member files are unpacked
 */
export function readCase(folder: string, scratch: string): Case {
  const { head, files } = readParts(join(folder, "case.txt"));
  const members = join(scratch, "members");
  writeParts(members, new Map([...files].filter(([name]) => name.endsWith(".ts"))));
  const hasMembers = [...files.keys()].some((name) => name.endsWith(".ts"));
  if (hasMembers) updateRegistry(members, loadMembers(members));
  const loaded = hasMembers
    ? loadMembers(members)
    : { members: [], registry: [], certificates: [], ids: [], problems: [] };
  const own = json(files.get("settings.json")) as Partial<BillSettings> | undefined;
  const all: BillSettings = { ...settings, ...own };
  const later = (json(files.get("prices.json")) ?? []) as {
    from: string;
    prices: Partial<Record<OfferId, number>>;
    membership?: PriceList["membership"];
  }[];
  return {
    rules: words(head, "rules"),
    broken: words(head, "broken"),
    members: loaded.members,
    problems: checkMembers(loaded),
    facts: loaded.members.map(facts),
    lists: [...priceLists, ...later.map(({ from, prices, membership }) => laterList(from, prices, membership))],
    settings: all,
    usage: usageOf(rows(files.get("usage"))),
    issued: rows(files.get("issued")).map((row) => issuedLine(row, all)),
    figures: rows(files.get("figures")).map((row) => {
      const [question = "", answer = ""] = row.split(" → ");
      return { question, answer };
    }),
  };
}

function words(head: string, name: string): string[] {
  const line = new RegExp(`^${name}: (.*)$`, "m").exec(head)?.[1];
  return line === undefined ? [] : line.split(" ");
}

function rows(text = ""): string[] {
  return text.split("\n").filter((line) => line !== "");
}

function json(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}

/** `2026-02..2026-06 alice disk=3.5 traffic=1 samples=28 confirmed`: GB (mean of the samples, or sent), else 0 and 30. */
function usageOf(lines: readonly string[]): Usage[] {
  const months = new Map<string, Usage>();
  for (const line of lines) {
    const [span = "", member = "", ...figures] = line.split(" ");
    const [first = "", last = first] = span.split("..");
    const given = new Map(figures.map((figure) => figure.split("=") as [string, string]));
    const samples = Number(given.get("samples") ?? 30);
    for (let month = first; month <= last; month = following(month)) {
      const of = months.get(month) ?? {
        schema: 1 as const,
        month,
        measured: { h1: `${month}-28T23:55:00Z` },
        members: {},
      };
      of.members[member] = {
        diskByteSum: bytes(given.get("disk")) * samples,
        diskSamples: samples,
        daysInService: 30,
        trafficBytes: bytes(given.get("traffic")),
        ...(given.has("confirmed") ? { confirmed: true } : {}),
      };
      months.set(month, of);
    }
  }
  return [...months.values()].map((of) => Usage.parse(of));
}

function bytes(gigabytes = "0"): number {
  const [whole = "", fraction = ""] = gigabytes.split(".");
  return Number(whole + fraction.padEnd(9, "0"));
}

function following(month: string): string {
  const [year = 0, of = 0] = month.split("-").map(Number);
  return of === 12 ? `${year + 1}-01` : `${year}-${String(of + 1).padStart(2, "0")}`;
}

/** `F2026-00001 alice/mailbox/2026 500`, and for a credit the document that it takes from behind, and its key if another. */
function issuedLine(row: string, { vatRegime }: BillSettings): IssuedLine {
  const [document = "", key = "", cents = "", against, from = key] = row.split(" ");
  return {
    document,
    member: key.split("/")[0] ?? "",
    key,
    cents: BigInt(cents),
    vat: vatRegime.at(-1)?.regime ?? "franchise",
    ...(against === undefined ? {} : { against: { document: against, key: from } }),
  };
}
