import { fileURLToPath } from "node:url";
import { type Font, openSync } from "fontkit";
import Paper from "pdfkit";

/** A4 in points: where text stands and where a page is full. */
export const LEFT = 54;
export const RIGHT = 541;
const TOP = 54;
const BOTTOM = 770;
const FOOT = 796;

export const INK = "#1a1a1a";
export const GREY = "#595959";
const RULE = "#c4c4c4";

const SIZE = 9.5;

type Weight = "text" | "bold";
type Element = PDFKit.PDFStructureElement;

export interface Column {
  at: number;
  width: number;
  right?: boolean;
}

/** How text looks and where it stands; what is left out is plain text over the whole width. */
interface Style extends Partial<Column> {
  weight?: Weight;
  size?: number;
  colour?: string;
}

/** One cell: a line of text and, in grey below it, what explains it. */
export interface Cell {
  text: string;
  note?: string | undefined;
}

/** A font is read once for all documents: reading it takes longer than a page. */
const fonts = new Map<Weight, Font>();
const FILES: Record<Weight, string> = {
  text: import.meta.resolve("dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf"),
  bold: import.meta.resolve("dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf"),
};

function fontOf(weight: Weight): Font {
  const known = fonts.get(weight);
  if (known !== undefined) return known;
  const font = openSync(fileURLToPath(FILES[weight])) as Font;
  fonts.set(weight, font);
  return font;
}

/** A4 sheets as PDF/A-3a: fonts embedded, structure tagged, French, no date but the one given: equal calls give equal bytes. */
export class Sheets {
  readonly pdf: PDFKit.PDFDocument;
  readonly #root: Element;
  readonly #chunks: Buffer[] = [];
  readonly #done: Promise<void>;
  /** Where the next thing stands. */
  y = TOP;

  constructor({ title, author, date }: { title: string; author: string; date: Date }) {
    this.pdf = new Paper({
      size: "A4",
      // Breaks are made here, not in the middle of a cell.
      margins: { top: 0, bottom: 0, left: LEFT, right: 0 },
      bufferPages: true,
      pdfVersion: "1.7",
      subset: "PDF/A-3a",
      tagged: true,
      displayTitle: true,
      lang: "fr-BE",
      // None until the fonts are registered: the built-in ones can't be embedded.
      font: "",
      info: { Title: title, Author: author, CreationDate: date, ModDate: date },
    });
    // A font that is read already is taken too; the types know only files.
    for (const weight of ["text", "bold"] as const) this.pdf.registerFont(weight, fontOf(weight) as never);
    this.#done = new Promise((resolve, reject) => {
      this.pdf.on("data", (chunk: Buffer) => this.#chunks.push(chunk));
      this.pdf.on("end", resolve);
      this.pdf.on("error", reject);
    });
    this.#root = this.pdf.struct("Document");
    this.pdf.addStructure(this.#root);
  }

  /** Starts a page when less than this height is left. */
  need(height: number): boolean {
    if (this.y + height <= BOTTOM) return false;
    this.pdf.addPage();
    this.y = TOP;
    return true;
  }

  /** A paragraph or heading from `y` on, which moves below it. */
  write(text: string, { tag = "P", ...style }: Style & { tag?: "P" | "H1" | "H2" } = {}): void {
    this.need(this.#height(text, style));
    const draw = (): void => {
      this.y = this.#place(text, { ...style, top: this.y });
    };
    this.#said(this.#root, tag, draw);
  }

  /** Rows under a head that comes again on each page; a row is never cut. */
  table(columns: readonly Column[], head: readonly string[], rows: readonly (readonly Cell[])[]): void {
    const table = this.#add(this.#root, "Table");
    this.need(60);
    const first = this.#add(table, "TR");
    this.#head(columns, head, (draw) => this.#said(first, "TH", draw, { scope: "Column" }));
    for (const cells of rows) {
      const height = Math.max(...cells.map((cell, n) => this.#cellHeight(cell, columns[n]?.width ?? 0)));
      // Said once: the head on later pages is a repetition.
      if (this.need(height + 9)) this.#head(columns, head, (draw) => this.artifact(draw));
      const row = this.#add(table, "TR");
      const top = this.y + 5;
      cells.forEach((cell, n) => {
        const column = columns[n];
        if (column !== undefined) this.#said(row, "TD", () => this.#cell(cell, column, top));
      });
      this.y = top + height + 4;
      this.#line(RULE);
    }
  }

  /** Rows of a name and an amount, together on one page; the last one stands out. */
  sums(columns: readonly [Column, Column], rows: readonly (readonly [name: string, amount: string])[]): void {
    this.need(rows.length * 22 + 10);
    const table = this.#add(this.#root, "Table");
    rows.forEach(([name, amount], n) => {
      const last = n === rows.length - 1;
      const style = { weight: last ? ("bold" as const) : ("text" as const), size: last ? 12 : 9.5, top: this.y + 7 };
      const row = this.#add(table, "TR");
      const [left, right] = columns;
      this.#said(row, "TH", () => this.#place(name, { ...style, ...left }), { scope: "Row" });
      this.#said(row, "TD", () => (this.y = this.#place(amount, { ...style, ...right })));
    });
  }

  /** A picture made of squares, with the words that stand for it. */
  squares(modules: readonly (readonly boolean[])[], at: number, size: number, alt: string): void {
    const top = this.y;
    const side = size / modules.length;
    const bbox: [number, number, number, number] = [at, top, at + size, top + size];
    const draw = (): void => {
      this.pdf.fillColor("#000000");
      modules.forEach((line, y) => {
        line.forEach((dark, x) => {
          // A hair more than the side: no white lines between neighbours.
          if (dark) this.pdf.rect(at + x * side, top + y * side, side + 0.02, side + 0.02);
        });
      });
      this.pdf.fill();
    };
    this.#said(this.#root, "Figure", draw, { alt, bbox });
  }

  /** What is drawn and not said: lines, repeated heads, feet. */
  artifact(draw: () => void): void {
    this.pdf.markContent("Artifact", { type: "Layout" });
    draw();
    this.pdf.endMarkedContent();
  }

  /** Puts another form of the same document inside. */
  attach(name: string, text: string, description: string): void {
    const { CreationDate: date = new Date(0) } = this.pdf.info;
    const dates = { creationDate: date, modifiedDate: date };
    const options = { name, type: "text/xml", relationship: "Alternative", description, ...dates };
    this.pdf.file(Buffer.from(text), options);
  }

  /** Writes the foot of each page, with its number, and gives the bytes. */
  async end(foot: string, numbered: (page: number, pages: number) => string): Promise<Uint8Array> {
    const { start, count } = this.pdf.bufferedPageRange();
    for (let page = start; page < start + count; page += 1) {
      this.pdf.switchToPage(page);
      this.artifact(() => {
        const style = { size: 7.5, colour: GREY, top: FOOT };
        this.#place(foot, { ...style, width: 360 });
        this.#place(numbered(page - start + 1, count), { ...style, at: RIGHT - 120, width: 120, right: true });
      });
    }
    this.pdf.end();
    await this.#done;
    return Buffer.concat(this.#chunks);
  }

  #add(parent: Element, tag: string): Element {
    const child = this.pdf.struct(tag);
    parent.add(child);
    return child;
  }

  /** Content of a structure element, drawn at once. */
  #said(
    parent: Element,
    tag: string,
    draw: () => void,
    options: { scope?: string; alt?: string; bbox?: [number, number, number, number] } = {},
  ): void {
    const child = this.pdf.struct(tag, options);
    parent.add(child);
    child.add(draw);
  }

  #head(columns: readonly Column[], names: readonly string[], add: (draw: () => void) => void): void {
    const { y: top } = this;
    names.forEach((name, n) => {
      const column = columns[n];
      if (column === undefined) return;
      add(() => {
        this.y = Math.max(this.y, this.#place(name, { weight: "bold", size: 8, colour: GREY, ...column, top }));
      });
    });
    this.y += 4;
    this.#line(INK);
  }

  #line(colour: string): void {
    this.artifact(() => {
      this.pdf.moveTo(LEFT, this.y).lineTo(RIGHT, this.y).lineWidth(0.6).strokeColor(colour).stroke();
    });
  }

  #cell({ text, note }: Cell, column: Column, top: number): void {
    const below = this.#place(text, { size: 9, ...column, top });
    if (note !== undefined) this.#place(note, { size: 8, colour: GREY, ...column, top: below + 1 });
  }

  #cellHeight({ text, note }: Cell, width: number): number {
    return (
      this.#height(text, { size: 9, width }) + (note === undefined ? 0 : 1 + this.#height(note, { size: 8, width }))
    );
  }

  #height(text: string, { weight = "text", size = SIZE, width = RIGHT - LEFT }: Style): number {
    return this.pdf.font(weight).fontSize(size).heightOfString(text, { width });
  }

  /** Draws text and gives where it ends. */
  #place(text: string, style: Style & { top: number }): number {
    const { top, weight = "text", size = SIZE, colour = INK, at = LEFT, width = RIGHT - LEFT, right = false } = style;
    if (text === "") return top;
    const options = { width, align: right ? ("right" as const) : ("left" as const) };
    this.pdf.font(weight).fontSize(size).fillColor(colour).text(text, at, top, options);
    return this.pdf.y;
  }
}
