import { texts } from "../texts.ts";

/** Text for HTML. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** French signs as they are printed: spaces that don't break before `: ; ? !` and inside `« »`, curved apostrophes. */
export function typographic(text: string): string {
  return text
    .replaceAll(/ (?=[:;?!»])/g, "\u00a0")
    .replaceAll("« ", "«\u00a0")
    .replaceAll(/(?<=\p{L})'(?=\p{L})/gu, "’");
}

/** A whole page that needs nothing from elsewhere and runs no script. `body` is HTML, `title` text. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

/** What explains a thing, in grey on a line of its own below it. */
export function noteHtml(text: string): string {
  return `<span class="note">${escapeHtml(text)}</span>`;
}

/** The figures that count most, the first one first of all. */
export function factsHtml(facts: readonly (readonly [name: string, value: string])[]): string {
  const items = facts.map(
    ([name, value], n) =>
      `<div${n === 0 ? ' class="first"' : ""}><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  );
  return `<dl class="facts">${items.join("")}</dl>`;
}

/** A list under a title that must not be missed; nothing without items. `items` are HTML. */
export function boxHtml(title: string, items: readonly string[], urgent = false): string {
  if (items.length === 0) return "";
  const list = items.map((item) => `<li>${item}</li>`);
  return `<section class="box${urgent ? " urgent" : ""}"><h2>${escapeHtml(title)}</h2><ul>${list.join("")}</ul></section>`;
}

/** A column of a table; amounts stand flush right. */
export interface Head {
  name: string;
  amount?: boolean;
}

/** Columns of amounts after a first one of words. */
export function amountHeads(first: string, amounts: readonly string[]): Head[] {
  return [{ name: first }, ...amounts.map((name) => ({ name, amount: true }))];
}

/** Columns of the lines of a bill or document: what, how much at which price, amount. */
export const LINE_HEADS: readonly Head[] = texts.page.lineColumns.map((name, n) => ({ name, amount: n === 2 }));

/**
 * A table with its heads marked for readers. The first cell of a row is its head when `rowHeads` is set.
 * Cells are HTML; the names of the columns and the caption are text.
 */
export function htmlTable({
  caption,
  heads,
  rows,
  foot = [],
  rowHeads = false,
}: {
  caption: string;
  heads: readonly Head[];
  rows: readonly (readonly string[])[];
  foot?: readonly (readonly [name: string, amount: string])[];
  rowHeads?: boolean;
}): string {
  const numeric = (column: number): string => (heads[column]?.amount === true ? ' class="amount"' : "");
  const cell = (html: string, column: number): string =>
    rowHeads && column === 0 ? `<th scope="row">${html}</th>` : `<td${numeric(column)}>${html}</td>`;
  const head = heads.map(({ name }, column) => `<th scope="col"${numeric(column)}>${escapeHtml(name)}</th>`);
  const sums = foot.map(
    ([name, amount]) =>
      `<tr><th scope="row" colspan="${heads.length - 1}">${escapeHtml(name)}</th><td class="amount">${escapeHtml(amount)}</td></tr>`,
  );
  return `<table><caption>${escapeHtml(caption)}</caption>
<thead><tr>${head.join("")}</tr></thead>
<tbody>
${rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("\n")}
</tbody>${sums.length === 0 ? "" : `\n<tfoot>${sums.join("")}</tfoot>`}</table>`;
}

const STYLE = `
:root{color-scheme:light dark;--ink:#1b1b19;--soft:#5a5a55;--rule:#d8d6cf;--ground:#fff;--panel:#f5f4ef;--accent:#0b5d4b;--credit:#9a3412}
@media (prefers-color-scheme:dark){:root{--ink:#ecebe6;--soft:#b3b1a9;--rule:#403f3a;--ground:#161614;--panel:#21211e;--accent:#7dcbb4;--credit:#f0a37c}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0 auto;padding:1.5rem 1rem 3rem;max-width:60rem;font:1rem/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;color:var(--ink);background:var(--ground);overflow-wrap:break-word;hyphens:auto}
h1{margin:0 0 .25rem;font-size:1.75rem;line-height:1.2;letter-spacing:-.01em;text-wrap:balance}
h2{margin:2.75rem 0 .75rem;font-size:1.25rem;line-height:1.3}
h3{margin:2rem 0 .25rem;font-size:1.05rem;line-height:1.3}
p{margin:.25rem 0}
a{color:var(--accent)}
.soft,.note{color:var(--soft)}
.note{display:block;font-size:.85rem;font-weight:400}
address{font-style:normal}
address .note{margin-bottom:.15rem}
.parties{display:flex;flex-wrap:wrap;gap:1.25rem 3rem;margin:2rem 0}
.parties>*{flex:1 1 14rem}
table{width:100%;border-collapse:collapse;font-size:.9375rem;line-height:1.4}
caption{padding:0 0 .4rem;text-align:left;font-size:.85rem;color:var(--soft)}
th,td{padding:.5rem .75rem .5rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule);overflow-wrap:anywhere;min-width:3.5rem}
th:last-child,td:last-child{padding-right:0}
th{font-weight:600}
tbody th{font-weight:400}
thead th{vertical-align:bottom;font-size:.8rem;color:var(--soft);border-bottom:1px solid var(--ink);overflow-wrap:break-word;hyphens:manual}
.amount{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums;overflow-wrap:normal;hyphens:manual}
thead .amount{white-space:normal}
tfoot th{text-align:right}
tfoot tr:last-child>*{font-weight:700;border-bottom:0}
tfoot tr:not(:last-child)>*{font-weight:400}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));margin:1.5rem 0 0;padding:0;background:var(--panel);border:1px solid var(--rule);border-radius:.5rem;overflow:hidden}
.facts>div{padding:.75rem 1rem;box-shadow:0 0 0 .5px var(--rule)}
.facts dt{font-size:.85rem;color:var(--soft)}
.facts dd{margin:0;font-size:1.3rem;font-weight:600;line-height:1.3;white-space:nowrap;font-variant-numeric:tabular-nums}
.facts>.first dd{color:var(--accent)}
.box{margin:1.5rem 0 0;padding:.9rem 1rem;background:var(--panel);border-left:.25rem solid var(--accent);border-radius:.25rem}
.box.urgent{border-color:var(--credit)}
.box h2{margin:0 0 .25rem;font-size:1rem}
.box ul{margin:0;padding-left:1.1rem}
.mark{display:inline-block;padding:0 .45rem;border:1px solid currentColor;border-radius:1rem;font-size:.75rem;line-height:1.4;color:var(--credit);white-space:nowrap;hyphens:manual}
.pair{display:grid;grid-template-columns:minmax(0,1fr);gap:1rem 2.5rem}
@media (min-width:52rem){.pair{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}}
figure{margin:0}
.chart svg{display:block;width:100%;max-width:30rem;height:auto}
.chart text{font:13px system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--ink);font-variant-numeric:tabular-nums}
.chart .scale{fill:var(--soft);font-size:12px}
.chart line{stroke:var(--rule)}
.chart .bar{fill:var(--accent)}
.chart .credit{fill:var(--credit)}
.pay{display:flex;flex-wrap:wrap;gap:1rem 2rem;align-items:center;justify-content:space-between;padding:1rem;background:var(--panel);border-radius:.5rem;break-inside:avoid}
.pay dl{display:grid;grid-template-columns:auto 1fr;gap:.15rem 1rem;margin:0}
.pay dt{color:var(--soft)}
.pay dd{margin:0;font-weight:600;font-variant-numeric:tabular-nums;hyphens:manual}
.pay svg{display:block;width:10rem;height:10rem;background:#fff;border-radius:.25rem}
.legal{margin-top:2.5rem;font-size:.85rem;color:var(--soft)}
@media (max-width:30rem){h1{font-size:1.45rem}table{font-size:.875rem}th,td{padding-right:.5rem}.pay dl{grid-template-columns:1fr}.pay dd{margin-bottom:.35rem}}
@page{size:A4;margin:16mm 15mm}
@media print{:root{color-scheme:light;--ink:#000;--soft:#4a4a46;--rule:#c4c4c0;--ground:#fff;--panel:#fff;--accent:#0b5d4b;--credit:#9a3412}
body{max-width:none;padding:0;font-size:10pt}
a{color:inherit;text-decoration:none}
thead{display:table-header-group}tfoot{display:table-row-group}
tr,figure,.facts,.box,.pay{break-inside:avoid}
h1,h2,h3,caption,thead{break-after:avoid}
.chart,.facts{print-color-adjust:exact}}
`;
