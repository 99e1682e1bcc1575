import type { BillingFacts } from "./facts.ts";
import { texts } from "./texts.ts";
import type { BillNote, BillProblem, DueLine, VatRegime } from "./types.ts";

/** A line that stands in an issued document. */
export interface IssuedLine {
  /** Number of its document, for example `F2026-00001`. */
  document: string;
  member: string;
  key: string;
  /** Negative on a credit note. */
  cents: bigint;
  vat: VatRegime;
  /** On a credit note: the line that it takes from. */
  against?: { document: string; key: string };
}

export interface PlannedLine {
  key: string;
  /** Positive on invoices and calls, negative on credit notes. */
  cents: bigint;
  vat: VatRegime;
  against?: { document: string; key: string };
  /** What the key is due in whole; left out when nothing of it is due any more. */
  due?: DueLine;
  /** What was issued of the key before. */
  issuedBefore: bigint;
  /** The line falls in days that were billed already (B11). */
  retroactive?: true;
}

/** A document to be issued: positive differences in one invoice, the fee in one call, one credit note per original (B56). */
export interface PlannedDocument {
  member: string;
  series: "F" | "NC" | "COT";
  /** The document that a credit note corrects. */
  refersTo?: string;
  lines: PlannedLine[];
}

export interface Plan {
  documents: PlannedDocument[];
  problems: BillProblem[];
  /** What waits, and for what; the rest can be issued. */
  notes: BillNote[];
}

/**
 * What is left to issue: per key, due less issued. `issued` is in the order of the register. Nothing is netted and no
 * document of 0 is made (B55, B56). An issued key of which nothing is declared any more is a problem, not a credit.
 * `measured`: months (`yyyy-mm`) with a usage file; a block bought by itself in another month is not withdrawn.
 */
export function plan(
  due: readonly DueLine[],
  issued: readonly IssuedLine[],
  facts: readonly BillingFacts[],
  measured: ReadonlySet<string> = new Set(),
): Plan {
  const problems: BillProblem[] = [];
  const notes: BillNote[] = [];
  const byKey = Map.groupBy(issued, ({ key }) => key);
  const dueByKey = new Map(due.map((line) => [line.key, line]));
  const factsOf = new Map(facts.map((one) => [one.member, one]));
  const left = remainders(issued);
  const documents = new Map<string, PlannedDocument>();
  const put = (member: string, series: PlannedDocument["series"], line: PlannedLine): void => {
    const refersTo = line.against?.document;
    const id = `${member} ${series} ${refersTo ?? ""}`;
    const document = documents.get(id) ?? {
      member,
      series,
      ...(refersTo === undefined ? {} : { refersTo }),
      lines: [],
    };
    document.lines.push(line);
    documents.set(id, document);
  };
  const keys = [...new Set([...dueByKey.keys(), ...byKey.keys()])].sort();
  for (const key of keys) {
    const line = dueByKey.get(key);
    const before = byKey.get(key) ?? [];
    const member = line?.member ?? before[0]?.member ?? "";
    if (line === undefined && !isDeclared(factsOf.get(member), key, measured)) {
      const message = /\/(?:disk|traffic)\/[^/]+\/recovered$/.test(key)
        ? texts.recoveryVanished(key)
        : texts.vanished(key);
      problems.push({ member, rule: "B7", message, sources: [] });
      continue;
    }
    const issuedBefore = before.reduce((sum, { cents }) => sum + cents, 0n);
    const difference = (line?.cents ?? 0n) - issuedBefore;
    const vat = before[0]?.vat ?? line?.vat;
    if (difference === 0n || vat === undefined) continue;
    const planned = { key, ...(line === undefined ? {} : { due: line }), issuedBefore };
    if (difference > 0n) {
      const series = line?.offer === "membership" ? "COT" : "F";
      put(member, series, { ...planned, cents: difference, vat });
      continue;
    }
    // The key's own lines, the newest first (B57); a recovered block then takes from the line that bought it.
    const block = /^[^/]+\/(?:disk|traffic)\/[^/]+(?=\/recovered$)/.exec(key)?.[0];
    let open = -difference;
    for (const original of [...(byKey.get(block ?? "") ?? []), ...before].toReversed()) {
      const room = left.get(original) ?? 0n;
      const part = room < open ? room : open;
      if (part <= 0n) continue;
      open -= part;
      left.set(original, room - part);
      put(member, "NC", {
        ...planned,
        cents: -part,
        vat: original.vat,
        against: { document: original.document, key: original.key },
      });
    }
    const sources = line?.sources ?? [];
    if (open > 0n && block === undefined)
      problems.push({ member, rule: "B57", message: texts.creditTooLarge(key), sources });
    else if (open > 0n) notes.push({ member, rule: "B42", message: texts.notIssuedYet(key), sources });
  }
  const order = { F: 0, COT: 1, NC: 2 };
  return {
    documents: [...documents.values()].sort((a, b) =>
      a.member === b.member
        ? order[a.series] - order[b.series] || ((a.refersTo ?? "") < (b.refersTo ?? "") ? -1 : 1)
        : a.member < b.member
          ? -1
          : 1,
    ),
    problems,
    notes,
  };
}

/** What each invoice line still has after the credits against it. */
function remainders(issued: readonly IssuedLine[]): Map<IssuedLine, bigint> {
  const lines = new Map(
    issued.filter(({ against }) => against === undefined).map((line) => [`${line.document} ${line.key}`, line]),
  );
  const left = new Map([...lines.values()].map((line) => [line, line.cents]));
  for (const { against, cents } of issued) {
    if (against === undefined) continue;
    const line = lines.get(`${against.document} ${against.key}`);
    if (line !== undefined) left.set(line, (left.get(line) ?? 0n) + cents);
  }
  return left;
}

/** Whether an entry of the facts still stands behind a key, voided or ended entries included. */
function isDeclared(facts: BillingFacts | undefined, key: string, measured: ReadonlySet<string>): boolean {
  if (facts === undefined) return false;
  const parts = key.split("/");
  const [, kind = "", name] = parts;
  // A reference may hold slashes.
  const reference = parts.slice(2).join("/");
  // A pack without a label has its year in that place.
  const packLabel = parts.length > 4 ? parts[3] : undefined;
  switch (kind) {
    case "pack":
      return facts.packs.some(({ pack, label }) => pack === name && label === packLabel);
    case "registration":
      return facts.domains.some((domain) => domain.registeredBy === "us" && domain.name === name);
    case "domainManagement":
      return facts.domains.length > 0;
    case "disk":
    case "traffic":
      // A recovery is never taken back by taking away its entry: it was paid.
      if (parts[3] === "recovered" && facts.leavesOn === undefined && !facts.recover.some((one) => one.block === name))
        return false;
      return facts.blocks.some(({ id }) => id === name) || measured.has(/^auto-(.{7})-/.exec(name ?? "")?.[1] ?? "");
    case "cost":
      return facts.costs.some((cost) => cost.reference === reference);
    case "membership":
      return true;
    case "onsiteSupport":
      return facts.services.some(({ service, on }) => service === kind && on.startsWith(reference));
    case "assistance-3":
      return facts.options.some(({ quotation }) => quotation?.reference === reference.slice(0, -"/yyyy".length));
    case "assistance-1":
    case "assistance-2":
      return facts.options.some(({ option, level }) => option === "assistance" && kind.endsWith(String(level ?? 1)));
    default:
      return (
        facts.services.some(({ service, id }) => service === kind && id === reference) ||
        facts.options.some(({ option }) => option === kind)
      );
  }
}
