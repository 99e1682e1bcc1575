import { createHash } from "node:crypto";
import * as z from "zod";
import { BillingFacts } from "./facts.ts";
import { texts } from "./texts.ts";

/** What of `pulumi stack export` the bill reads; everything else is left alone. */
const Resource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  delete: z.boolean().optional(),
  inputs: z.looseObject({ stdin: z.unknown().optional() }).optional(),
  outputs: z.looseObject({ billingFacts: z.unknown().optional(), documents: z.unknown().optional() }).optional(),
});
const StackExport = z.looseObject({ deployment: z.looseObject({ resources: z.array(Resource).optional() }) });
const Documents = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/));

const MEMBER_TYPE = "cassiopea:hosting:Member";
const COMMAND_TYPE = "command:remote:Command";

/** A member of the state whose facts can't be billed, and why, in French. */
export interface StateProblem {
  member: string;
  message: string;
}

/**
 * Billing facts of the members that a stack really deployed, from the value of `pulumi stack export`.
 * A member counts when for each of its documents the command `<member>/host/<host>` stands in the state with that text:
 * outputs of a component are written before its commands succeed, so they alone prove nothing. In order of the id.
 */
export function factsFromState(stackExport: unknown): { facts: BillingFacts[]; problems: StateProblem[] } {
  const parsed = StackExport.safeParse(stackExport);
  if (!parsed.success) return { facts: [], problems: [{ member: "", message: texts.notExport }] };
  const resources = (parsed.data.deployment.resources ?? []).filter((one) => one.delete !== true);
  const applied = new Map(
    resources
      .filter(({ type }) => type === COMMAND_TYPE)
      .flatMap(({ urn, inputs }) =>
        typeof inputs?.stdin === "string" ? [[nameOf(urn), sha256(inputs.stdin)] as const] : [],
      ),
  );
  const facts: BillingFacts[] = [];
  const problems: StateProblem[] = [];
  for (const { urn, outputs } of resources.filter(({ type }) => type === MEMBER_TYPE)) {
    const member = nameOf(urn);
    const found = BillingFacts.safeParse(outputs?.billingFacts);
    const documents = Documents.safeParse(outputs?.documents);
    if (!found.success || !documents.success || found.data.member !== member) {
      problems.push({ member, message: texts.noFacts(member) });
      continue;
    }
    const missing = Object.entries(documents.data)
      .filter(([host, hash]) => applied.get(`${member}/host/${host}`) !== hash)
      .map(([host]) => ({ member, message: texts.notDeployed(member, host) }));
    if (missing.length > 0) problems.push(...missing);
    else facts.push(found.data);
  }
  return {
    facts: facts.sort((a, b) => (a.member < b.member ? -1 : 1)),
    problems: problems.sort((a, b) => (a.member < b.member ? -1 : 1)),
  };
}

/** Logical name of a resource: what follows the URN's type. Names may contain `::`, so they are not split from the end. */
function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
