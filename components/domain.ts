import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import type { DomainPlan } from "../src/plan/types.ts";
import { componentTypes, names } from "./names.ts";
import { type Adopted, keep } from "./options.ts";

export interface DomainArgs {
  plan: DomainPlan;
  accountId: string;
  provider: cloudflare.Provider;
  /** What has to stand before a name leads to it. */
  after: pulumi.Resource[];
  adopted: Adopted;
  /** Contents of records that a host makes, by the record's name. */
  contents?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** A domain's zone, signed (RFC 9364), and its records. It stands by itself in the stack, so that it can pass from one member to another. */
export class Domain extends pulumi.ComponentResource {
  constructor({ plan, accountId, provider, after, adopted, contents = {} }: DomainArgs) {
    super(componentTypes.domain, names.domain(plan.domain));
    const zoneName = names.zone(plan.domain);
    const zone = new cloudflare.Zone(
      zoneName,
      { account: { id: accountId }, name: plan.domain, type: "full" },
      keep({ parent: this, provider, ...adopted(zoneName) }),
    );
    // Never switched off: a DS at the registrar would make the whole domain unreachable. The booleans are given, or a refresh differs.
    new cloudflare.ZoneDnssec(
      names.dnssec(plan.domain),
      {
        zoneId: zone.id,
        status: "active",
        dnssecMultiSigner: false,
        dnssecPresigned: false,
        dnssecUseNsec3: false,
      },
      keep({ parent: this, provider }),
    );
    const settings = Object.entries(plan.settings ?? {}).map(([settingId, value]) => {
      const args = { zoneId: zone.id, settingId, value };
      return new cloudflare.ZoneSetting(names.setting(plan.domain, settingId), args, { parent: this, provider });
    });
    for (const { key, ...record } of plan.records) {
      const name = names.record(plan.domain, { ...record, key });
      const content = record.content ?? contents[record.name];
      const args = { zoneId: zone.id, ...record, ...(content === undefined ? {} : { content }) };
      // A name is proxied once the network knows how to treat its visitors.
      const dependsOn = record.proxied ? [...after, ...settings] : after;
      new cloudflare.DnsRecord(name, args, { parent: this, provider, dependsOn, ...adopted(name) });
    }
    this.registerOutputs({});
  }
}
