import canonicalize from "canonicalize";
import type { BillDocument } from "./document.ts";
import { documentHtml } from "./render/html.ts";

/** The files of a document by name; the same document always gives the same bytes. */
export async function renderings(document: BillDocument): Promise<Map<string, Uint8Array | string>> {
  const name = document.number;
  return Promise.resolve(
    new Map<string, Uint8Array | string>([
      [`${name}.json`, `${canonicalize(document) ?? ""}\n`],
      [`${name}.html`, documentHtml(document)],
    ]),
  );
}
