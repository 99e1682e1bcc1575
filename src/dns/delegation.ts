import * as z from "zod";
import { type Answer, nameValue, type Question, type Unanswered } from "./value.ts";

/** What the registrar is to be given for a domain, as the DNS service assigned it. */
export interface Delegation {
  /** Lower case, no final dot, sorted. */
  nameServers: string[];
  /** Data of the DS record, as `16953 13 2 48E9…` (RFC 4034, 5.3); left out until the zone is signed. */
  ds?: string;
}

/** What is to be done at the registrar, beside what the parent zone says now. */
export interface Step {
  what: "NS" | "DS";
  expected: string[];
  /** `pending`: nothing is there; `different`: something else is. Left out when nobody asked. */
  state?: "done" | "pending" | "different" | "unanswered";
  read: string[];
  why?: Unanswered;
}

const ZONE_TYPE = "cloudflare:index/zone:Zone";
const DNSSEC_TYPE = "cloudflare:index/zoneDnssec:ZoneDnssec";

const Resource = z.looseObject({
  type: z.string(),
  id: z.string().optional(),
  delete: z.boolean().optional(),
  outputs: z.looseObject({}).optional(),
});
const StackExport = z.looseObject({ deployment: z.looseObject({ resources: z.array(Resource).optional() }) });
const ZoneOutputs = z.looseObject({ name: z.string(), nameServers: z.array(z.string()).min(1) });
const number = z.coerce.number().int();
const DnssecOutputs = z.looseObject({
  zoneId: z.string(),
  keyTag: number,
  algorithm: number,
  digestType: number,
  digest: z.string().regex(/^[0-9a-fA-F]+$/),
});

/** What the registrar is to be given for each zone of a stack, by domain, from the value of `pulumi stack export`. */
export function delegations(stackExport: unknown): Map<string, Delegation> {
  const resources = (StackExport.safeParse(stackExport).data?.deployment.resources ?? []).filter(
    (one) => one.delete !== true,
  );
  const signed = new Map(
    resources
      .filter(({ type }) => type === DNSSEC_TYPE)
      .flatMap(({ outputs }) => {
        const { data } = DnssecOutputs.safeParse(outputs);
        return data === undefined ? [] : [[data.zoneId, dsValue(data)] as const];
      }),
  );
  return new Map(
    resources
      .filter(({ type }) => type === ZONE_TYPE)
      .flatMap(({ id = "", outputs }) => {
        const { data } = ZoneOutputs.safeParse(outputs);
        if (data === undefined) return [];
        const ds = signed.get(id);
        const nameServers = data.nameServers.map(nameValue).sort();
        return [[data.name, { nameServers, ...(ds === undefined ? {} : { ds }) }] as const];
      }),
  );
}

/** Data of a DS record as one text. */
export function dsValue(data: { keyTag: number; algorithm: number; digestType: number; digest: string }): string {
  return `${data.keyTag} ${data.algorithm} ${data.digestType} ${data.digest.toUpperCase()}`;
}

/** What to ask to know whether the registrar has been given all. */
export function delegationQuestions(domain: string): [Question, Question] {
  return [
    { name: domain, type: "NS" },
    { name: domain, type: "DS" },
  ];
}

/** What is to be done for a domain; with the answers to `delegationQuestions`, what is done already. */
export function delegationSteps({ nameServers, ds }: Delegation, answers?: readonly Answer[]): Step[] {
  const [ns, dsAnswer] = answers ?? [];
  return [
    // All of ours and no other: a server of somebody else would go on answering its own.
    step("NS", nameServers, ns, (read) => read.length === nameServers.length && nameServers.every(isIn(read))),
    // Another DS beside ours, as while keys change, breaks nothing (RFC 4035, 5).
    ...(ds === undefined ? [] : [step("DS", [ds], dsAnswer, (read) => read.includes(ds))]),
  ];
}

const isIn = (values: readonly string[]) => (value: string) => values.includes(value);

function step(
  what: Step["what"],
  expected: string[],
  answer: Answer | undefined,
  isDone: (read: readonly string[]) => boolean,
): Step {
  if (answer === undefined) return { what, expected, read: [] };
  if ("failed" in answer) return { what, expected, read: [], state: "unanswered", why: answer.failed };
  const read = answer.values.toSorted();
  return { what, expected, read, state: isDone(read) ? "done" : read.length === 0 ? "pending" : "different" };
}
