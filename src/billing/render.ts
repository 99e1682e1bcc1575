import canonicalize from "canonicalize";
import type { BillDocument } from "./document.ts";
import { documentHtml } from "./render/html.ts";
import { documentPdf } from "./render/pdf.ts";
import { ubl } from "./render/ubl.ts";

/** The files of a document by name; the same document always gives the same bytes. */
export async function renderings(document: BillDocument, peppol: boolean): Promise<Map<string, Uint8Array | string>> {
  const name = document.number;
  const xml = peppol ? { name: `${name}.xml`, text: ubl(document) } : undefined;
  return new Map<string, Uint8Array | string>([
    [`${name}.json`, `${canonicalize(document) ?? ""}\n`],
    [`${name}.html`, documentHtml(document)],
    [`${name}.pdf`, await documentPdf(document, xml)],
    ...(xml === undefined ? [] : [[xml.name, xml.text] as const]),
  ]);
}
