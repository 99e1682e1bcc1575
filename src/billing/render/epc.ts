import { encodeQR } from "qr";
import { decimal } from "../../money.ts";

export interface CreditTransfer {
  name: string;
  iban: string;
  bic?: string | undefined;
  cents: bigint;
  /** Structured remittance: the digits of the communication, at most 35 characters. */
  structured?: string;
  /** Free remittance, at most 140 characters; only one of the two. */
  unstructured?: string;
}

/** Text of a European Payments Council QR code (EPC069-12, version 002). RangeError with the reason when it can't be one. */
export function epcPayload({
  name,
  iban,
  bic = "",
  cents,
  structured = "",
  unstructured = "",
}: CreditTransfer): string {
  if (name === "" || name.length > 70) throw new RangeError("EPC: the name has 1 to 70 characters.");
  if (cents < 1n || cents > 99_999_999_999n) throw new RangeError("EPC: the amount is between 0.01 and 999999999.99.");
  if (structured !== "" && unstructured !== "") throw new RangeError("EPC: only one of the two remittance fields.");
  if (structured.length > 35) throw new RangeError("EPC: structured remittance has at most 35 characters.");
  if (unstructured.length > 140) throw new RangeError("EPC: unstructured remittance has at most 140 characters.");
  const lines = [
    "BCD",
    "002",
    "1",
    "SCT",
    bic,
    name,
    iban.replaceAll(" ", ""),
    `EUR${decimal(cents)}`,
    "",
    structured,
    unstructured,
  ];
  const text = lines.join("\n").replace(/\n+$/, "");
  if (Buffer.byteLength(text) > 331) throw new RangeError("EPC: at most 331 bytes.");
  return text;
}

/** The QR code as an SVG picture, error correction M as the EPC asks. */
export function epcSvg(transfer: CreditTransfer): string {
  return encodeQR(epcPayload(transfer), "svg", { ecc: "medium", border: 4 });
}

/** The QR code as rows of dark modules. */
export function epcModules(transfer: CreditTransfer): boolean[][] {
  return encodeQR(epcPayload(transfer), "raw", { ecc: "medium", border: 4 });
}
