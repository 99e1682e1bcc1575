declare module "sepa-payment-qr-code" {
  /** Text of a European payment QR code. */
  export default function payload(transfer: {
    name: string;
    iban: string;
    amount: number;
    structuredReference?: string;
  }): string;
}
