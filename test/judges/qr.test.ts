import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import payload from "sepa-payment-qr-code";
import { afterEach, beforeEach, expect, it } from "vitest";
import { epcPayload } from "../../src/billing/render/epc.ts";
import { documentPdf } from "../../src/billing/render/pdf.ts";
import { invoice } from "../billing/support/documents.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cassiopea-qr-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("the code of the invoice's picture is read by zbar as the transfer that sepa-payment-qr-code writes", async () => {
  const bill = invoice();
  const pdf = join(folder, "invoice.pdf");
  writeFileSync(pdf, await documentPdf(bill));
  execFileSync("pdftoppm", ["-r", "150", "-png", pdf, join(folder, "page")]);
  const read = execFileSync("zbarimg", ["--quiet", "--raw", join(folder, "page-1.png")], { encoding: "utf8" });
  const transfer = {
    name: bill.issuer.name,
    iban: "BE68539007547034",
    amount: 78.51,
    structuredReference: bill.communication ?? "",
  };
  expect(read.trimEnd()).toBe(payload(transfer).trimEnd());
  expect(
    epcPayload({ name: transfer.name, iban: bill.issuer.iban, cents: 7851n, structured: transfer.structuredReference }),
  ).toBe(payload(transfer).trimEnd());
});
