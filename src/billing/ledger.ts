import { share } from "../money.ts";
import { civilMonth, dateOf, nextMonth, yearOf } from "../period.ts";
import { type Context, priceOn } from "./context.ts";
import { once } from "./dated.ts";
import { BLOCK, draw, type Included, includedIn, quotas, samplesNeeded } from "./draw.ts";
import type { NumberedPack } from "./packs.ts";
import { texts } from "./texts.ts";
import type { BillNote, DueLine, LedgerStatement } from "./types.ts";
import type { Usage } from "./usage.ts";

type Kind = "disk" | "traffic";

/** Figures of the members by month, in order of month. */
export type Measured = ReadonlyMap<string, Usage["members"]>;

/** The usage files by month. */
export function byMonth(usage: readonly Usage[]): Measured {
  const sorted = usage.toSorted((a, b) => (a.month < b.month ? -1 : 1));
  return new Map(sorted.map(({ month, members }) => [month, members]));
}

interface Block {
  id: string;
  on: string;
  cents: bigint;
  list: string;
  consumed: number;
  recovered: number;
  source: string;
}

type Event =
  | { date: string; order: 0; block: Block }
  | { date: string; order: 1; month: string; included: Included }
  | { date: string; order: 2; recover: string; source: string }
  | { date: string; order: 3; asked: ReadonlySet<string> };

/**
 * Prepaid blocks of one kind: purchases, draws of the measured months first in first out, recoveries (B28–B43).
 * Months before the first usage file are before measuring began.
 */
export function ledger(
  context: Context,
  kind: Kind,
  packs: readonly NumberedPack[],
  measured: Measured,
): { lines: DueLine[]; statement: LedgerStatement } {
  const account = new Account(context, kind, measured.size > 0);
  for (const event of events(context, kind, packs, measured)) {
    if (event.order === 0) account.buy(event.block);
    else if (event.order === 2) account.recover(event.recover, event.date, event.source);
    else if (event.order === 3) account.leave(event.date, event.asked);
    else {
      const { included } = event;
      const figures = measured.get(event.month)?.[context.facts.member];
      const drawn = figures === undefined ? undefined : draw(kind, figures, included);
      if (drawn !== undefined) account.draw(drawn, event.date, event.month);
      else if (figures === undefined || figures.diskSamples === 0) account.unmeasured(event.month, event.date);
      else
        account.incomplete(
          texts.incomplete(event.month, figures.diskSamples, samplesNeeded(included.days)),
          event.date,
        );
    }
  }
  return { lines: account.lines, statement: account.statement() };
}

/** Purchases, then draws, then recoveries of a day, at last what leaving gives back, in order of time; draws only of months with a quota. */
function events(context: Context, kind: Kind, packs: readonly NumberedPack[], measured: Measured): Event[] {
  const { facts, until } = context;
  const found: Event[] = [];
  facts.blocks.forEach(({ id, kind: of, on, void: voided }, index) => {
    if (of !== kind || voided !== undefined || on > until) return;
    const source = `blocks[${index}]`;
    const price = priceOn(context, kind, on, [source]);
    if (price === undefined) return;
    const block = { id, on, cents: price.cents, list: price.list, consumed: 0, recovered: 0, source };
    found.push({ date: on, order: 0, block });
  });
  const spans = quotas(kind, packs);
  const [firstMonth] = measured.keys();
  const start = [firstMonth, packs[0]?.from.slice(0, 7)].reduce((a, b) =>
    a === undefined || b === undefined ? undefined : a > b ? a : b,
  );
  const { leavesOn } = facts;
  // A member that leaves within a month settles with what was measured of it, on the day that it leaves (B43).
  const settled = (month: string): string =>
    leavesOn?.slice(0, 7) === month ? leavesOn : dateOf(civilMonth(month).last);
  for (let month = start; month !== undefined; month = nextMonth(month)) {
    const date = settled(month);
    if (date > until) break;
    const included = includedIn(spans, month);
    if (included.days > 0) found.push({ date, order: 1, month, included });
  }
  const asked = new Set<string>();
  facts.recover.forEach(({ block, on }, index) => {
    if (!facts.blocks.some(({ id, kind: of }) => id === block && of === kind)) return;
    asked.add(block);
    if (on <= until) found.push({ date: on, order: 2, recover: block, source: `recover[${index}]` });
  });
  if (leavesOn !== undefined && leavesOn <= until) found.push({ date: leavesOn, order: 3, asked });
  const name = (event: Event): string =>
    event.order === 0 ? event.block.id : event.order === 1 ? event.month : event.order === 2 ? event.recover : "";
  return found.sort((a, b) => {
    if (a.date !== b.date) return a.date < b.date ? -1 : 1;
    return a.order - b.order || (name(a) < name(b) ? -1 : 1);
  });
}

/** The running account; bought = consumed + recovered + remaining for each block, always (B42). */
class Account {
  readonly lines: DueLine[] = [];
  readonly #context: Context;
  readonly #kind: Kind;
  readonly #blocks: Block[] = [];
  readonly #entries: LedgerStatement["entries"] = [];
  #debt = 0;
  #provisional: boolean;

  constructor(context: Context, kind: Kind, measured: boolean) {
    this.#context = context;
    this.#kind = kind;
    // Without any measure nobody knows what remains of a block: nothing is taken back (B39).
    this.#provisional = !measured;
  }

  buy(block: Block): void {
    const { member } = this.#context.facts;
    this.#blocks.push(block);
    // An overdraft is absorbed first by the next block (B35).
    const absorbed = Math.min(this.#debt, BLOCK);
    block.consumed = absorbed;
    this.#debt -= absorbed;
    this.#entries.push(this.#entry(block.on, "purchase", block.id, BLOCK, []));
    this.#line({
      ...once(this.#context, this.#kind, block.on, { cents: block.cents, list: block.list }),
      key: `${member}/${this.#kind}/${block.id}`,
      detail: block.id,
      rules: ["B37"],
      sources: [block.source],
    });
  }

  draw(amount: number, date: string, month: string): void {
    if (amount === 0) return;
    const { overage } = this.#context.facts;
    const missing = amount - this.#remaining();
    let counted = amount;
    if (missing > 0 && overage === "stop") {
      counted -= missing;
      this.#note(texts.held(this.#kind, month, missing), date);
    } else if (missing > 0 && overage === "buy") {
      const price = priceOn(this.#context, this.#kind, date, ["overage"]);
      if (price !== undefined) {
        const { cents, list } = price;
        for (let n = 1; n <= Math.ceil(missing / BLOCK); n += 1) {
          this.buy({ id: `auto-${month}-${n}`, on: date, cents, list, consumed: 0, recovered: 0, source: "overage" });
        }
      }
    }
    const parts: { block: string; amount: number }[] = [];
    let left = counted;
    for (const block of this.#blocks) {
      const part = Math.min(left, BLOCK - block.consumed - block.recovered);
      if (part === 0) continue;
      block.consumed += part;
      left -= part;
      parts.push({ block: block.id, amount: part });
    }
    this.#debt += left;
    if (counted > 0) this.#entries.push(this.#entry(date, "draw", month, -counted, parts));
    if (left > 0) this.#note(texts.overdraft(this.#kind, month, this.#balance()), date);
  }

  recover(id: string, date: string, source: string): void {
    const block = this.#blocks.find((one) => one.id === id);
    const { facts, problems } = this.#context;
    const problem = (rule: string, message: string): void => {
      problems.push({ member: facts.member, rule, message, sources: [source] });
    };
    if (block === undefined) return problem("B39", texts.noSuchBlock(id));
    const earliest = `${yearOf(block.on) + 1}-01-01`;
    const leaving = facts.leavesOn !== undefined && facts.leavesOn <= date;
    if (date < earliest && !leaving) return problem("B39", texts.recoverTooEarly(id, earliest));
    if (this.#provisional) return problem("B39", texts.recoverUnmeasured(id, date));
    const remaining = BLOCK - block.consumed - block.recovered;
    const credit = share(block.cents, remaining, BLOCK);
    // Nothing to credit: no document, the remainder stays (B40).
    if (credit === 0n) return undefined;
    block.recovered += remaining;
    this.#entries.push(this.#entry(date, "recovery", id, -remaining, [{ block: id, amount: remaining }]));
    this.#line({
      ...once(this.#context, this.#kind, date, { cents: block.cents, list: block.list }),
      key: `${facts.member}/${this.#kind}/${id}/recovered`,
      detail: id,
      quantity: { numerator: remaining, denominator: BLOCK, unit: "once" },
      cents: -credit,
      rules: leaving ? ["B40", "B43"] : ["B39", "B40"],
      sources: [block.source, source],
    });
    return undefined;
  }

  /** All blocks that were bought so far, those of `overage: "buy"` included, without waiting (B43). */
  leave(date: string, asked: ReadonlySet<string>): void {
    for (const { id } of this.#blocks) if (!asked.has(id)) this.recover(id, date, "leavesOn");
  }

  unmeasured(month: string, date: string): void {
    this.#provisional = true;
    const kind = this.#kind;
    this.#note(texts.unmeasured(kind, month), date, { rule: "B30", unmeasured: { kind, month } });
  }

  incomplete(message: string, date: string): void {
    this.#provisional = true;
    this.#note(message, date, { rule: "B30" });
  }

  statement(): LedgerStatement {
    return {
      member: this.#context.facts.member,
      kind: this.#kind,
      entries: this.#entries,
      blocks: this.#blocks.map(({ id, on, cents, consumed, recovered }) => ({
        id,
        on,
        cents,
        bought: BLOCK,
        consumed,
        recovered,
      })),
      balance: this.#balance(),
      provisional: this.#provisional,
    };
  }

  #remaining(): number {
    return this.#blocks.reduce((sum, { consumed, recovered }) => sum + BLOCK - consumed - recovered, 0);
  }

  #balance(): number {
    return this.#remaining() - this.#debt;
  }

  #entry(
    date: string,
    what: "purchase" | "draw" | "recovery",
    reference: string,
    amount: number,
    parts: { block: string; amount: number }[],
  ): LedgerStatement["entries"][number] {
    return { date, what, reference, amount, parts, balance: this.#balance() };
  }

  #line(line: DueLine): void {
    const { since, until } = this.#context;
    if (line.date >= since && line.date <= until) this.lines.push(line);
  }

  #note(message: string, date: string, more: Partial<BillNote> = {}): void {
    const { facts, notes, since } = this.#context;
    if (date >= since) notes.push({ member: facts.member, rule: "B35", message, sources: [], ...more });
  }
}
