import { nextNumber } from "../../../src/billing/register.ts";
import { Ledgers } from "../../../src/cli/bill-files.ts";

/** Issues documents of alice until there are so many, and closes. */
export function issueUpTo(count: number, register: string, documents: string): void {
  const ledgers = Ledgers.open(register, documents);
  try {
    while (ledgers.records.length < count) {
      const number = nextNumber(ledgers.tail, "F", 2026);
      const cents = 1000 + ledgers.records.length;
      ledgers.issue(
        {
          number,
          date: "2026-11-25",
          until: "2026-11-25",
          member: "alice",
          lines: [{ key: `alice/mailbox/${2026 + ledgers.records.length}`, cents, vat: "franchise" }],
          net: cents,
          vat: 0,
          gross: cents,
          priceLists: {},
        },
        new Map([
          [`${number}.json`, `{"number":"${number}"}\n`],
          [`${number}.html`, "<!doctype html>\n"],
        ]),
      );
    }
  } finally {
    ledgers.close();
  }
}

const [register, documents] = process.argv.slice(2);
if (import.meta.main && register !== undefined && documents !== undefined) issueUpTo(1, register, documents);
