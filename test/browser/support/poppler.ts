import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs one of poppler's programs on a PDF; `FILE` in the arguments stands for it. Gives what it printed, or wrote to `OUT`. */
export function poppler(program: string, args: readonly string[], pdf: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), "cassiopea-pdf-"));
  try {
    const names: Record<string, string> = { FILE: join(folder, "document.pdf"), OUT: join(folder, "out") };
    writeFileSync(names["FILE"] ?? "", pdf);
    const printed = execFileSync(
      program,
      args.map((one) => names[one] ?? one),
      { encoding: "utf8" },
    );
    return args.includes("OUT") ? readFileSync(names["OUT"] ?? "", "utf8") : printed;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The text of each page, with every run of spaces and line ends, no-break ones too, as one space. */
export function pageTexts(pdf: Uint8Array): string[] {
  return poppler("pdftotext", ["-layout", "FILE", "-"], pdf).split("\f").slice(0, -1).map(plain);
}

export function plain(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
