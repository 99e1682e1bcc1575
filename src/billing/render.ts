import canonicalize from "canonicalize";
import type { BillDocument } from "./document.ts";
import { documentHtml } from "./render/html.ts";
import { documentPdf } from "./render/pdf.ts";
import { ubl } from "./render/ubl.ts";

/** The files of a document by name; the same document always gives the same bytes. */
export async function renderings(document: BillDocument, peppol: boolean): Promise<Map<string, Uint8Array | string>> {
  const name = document.number;
  const files = new Map<string, Uint8Array | string>([
    [`${name}.json`, `${canonicalize(document) ?? ""}\n`],
    [`${name}.html`, documentHtml(document)],
    [`${name}.pdf`, await documentPdf(document)],
  ]);
  if (peppol) files.set(`${name}.xml`, ubl(document));
  return files;
}
