import type { BillingFacts } from "../billing/facts.ts";
import type { Member } from "../load.ts";

/** What the bill depends on, of one member: the commercial part of the declaration, without prices, names or addresses. */
export function facts({ id, declaration: said }: Pick<Member, "id" | "declaration">): BillingFacts {
  return defined({
    schema: 1,
    member: id,
    number: said.number,
    kind: said.kind,
    vat: said.vat,
    membership: said.membership,
    packs: said.packs ?? [],
    options: (said.options ?? []).map(({ quantity = 1, ...option }) => ({
      ...option,
      ...("quotation" in option && option.quotation !== undefined ? { quotation: priced(option.quotation) } : {}),
      quantity,
    })),
    blocks: said.blocks ?? [],
    recover: said.recover ?? [],
    domains: (said.domains ?? []).map((domain) => ({
      name: domain.name,
      from: domain.from,
      to: domain.to,
      registeredBy: domain.registeredBy ?? "member",
      refund: domain.refund,
      void: domain.void,
    })),
    services: (said.services ?? []).map((service) => ({
      id: service.id,
      service: service.service,
      on: service.on,
      halfDays: "halfDays" in service ? service.halfDays : undefined,
      minutes: "time" in service ? service.time : undefined,
      travelMinutes: "travel" in service ? service.travel : undefined,
      quotation: "quotation" in service ? service.quotation : undefined,
      void: service.void,
    })),
    quotations: said.quotations,
    costs: (said.costs ?? []).map(({ amount, ...cost }) => ({ ...cost, cents: amount })),
    overage: said.overage ?? "alert",
    leavesOn: said.status?.state === "leaving" || said.status?.state === "left" ? said.status.on : undefined,
  }) as BillingFacts;
}

function priced({ amount, ...quotation }: { reference: string; date: string; amount: number; validUntil: string }) {
  return { ...quotation, cents: amount };
}

/** The same value without keys whose value is undefined, so that equal declarations give equal facts. */
function defined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(defined);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => [key, defined(inner)]),
  );
}
