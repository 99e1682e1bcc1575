import { join } from "node:path";
import type { Command } from "commander";
import { association } from "../association.ts";
import { frozenLists } from "../billing/frozen.ts";
import { RegisterError } from "../billing/register.ts";
import { texts } from "../billing/texts.ts";
import { verifyDeployed, verifyLedgers, verifyRecords } from "../billing/verify.ts";
import { priceLists } from "../catalogue/prices/index.ts";
import type { BillSurroundings } from "./bill.ts";
import { Ledgers } from "./bill-files.ts";
import { declaredFacts, deployedFacts, guarded, readUsage } from "./bill-input.ts";
import type { IssueOptions } from "./bill-issue.ts";

type VerifyOptions = IssueOptions & { stack?: string };

/** Adds `verify` to the command `bill`. */
export function registerVerifyCommand(verify: Command, { exportStack, today = "2999-12-31" }: BillSurroundings): void {
  verify.option("-s, --stack <pile>", "dit aussi où ce qui est déployé diffère de ce qui est déclaré").action(
    guarded(async (options: VerifyOptions) => {
      const found = verifyStored(options.register, join(options.private, "documents"));
      const problems = [...found.problems];
      const facts = declaredFacts(options.members);
      const declared = { facts, lists: priceLists, usage: readUsage(options.usage, facts), settings: association };
      problems.push(...verifyLedgers(declared, found.ledgers?.records ?? [], today));
      if (options.stack !== undefined) {
        const deployed = await deployedFacts(options.stack, exportStack);
        problems.push(...deployed.problems, ...verifyDeployed(facts, deployed.facts));
      }
      if (options.json === true) process.stdout.write(`${JSON.stringify({ problems }, undefined, 2)}\n`);
      else if (problems.length > 0) process.stdout.write(`${problems.join("\n")}\n`);
      else process.stdout.write(`${texts.verified(found.ledgers?.records.length ?? 0)}\n`);
      return problems.length === 0 ? 0 : 1;
    }),
  );
}

/** Everything wrong with a register and its documents, in French; no ledgers when the register's chain is broken. */
export function verifyStored(register: string, documents: string): { ledgers?: Ledgers; problems: string[] } {
  try {
    const ledgers = Ledgers.read(register, documents);
    const problems = [
      ...ledgers.incomplete(),
      ...ledgers.verifyFiles(),
      ...verifyRecords(ledgers.records),
      ...frozenLists(ledgers.records, priceLists),
    ];
    return { ledgers, problems };
  } catch (error) {
    if (!(error instanceof RegisterError)) throw error;
    return { problems: [error.message] };
  }
}
