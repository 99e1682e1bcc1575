import { createHash } from "node:crypto";
import { remote, type Provider as SshProvider } from "@pulumi/command";
import * as mysql from "@pulumi/mysql";
import * as pulumi from "@pulumi/pulumi";
import { canonical } from "../src/document.ts";
import type { MemberPlan } from "../src/plan/types.ts";
import { lines } from "./commands.ts";
import { constantCommand } from "./connection.ts";
import type { Host } from "./host.ts";
import { componentTypes, names } from "./names.ts";
import { type Adopted, keep } from "./options.ts";

/** What a member's component carries in the state for the bill; plain, no prices, no secret. */
export interface MemberOutputs {
  billingFacts: MemberPlan["facts"];
  /** SHA-256 (hex) of the document's text by host: the member counts as deployed where its command stands with that stdin. */
  documents: Record<string, string>;
}

/** One member: its databases, then its document on each of its hosts. */
export class Member extends pulumi.ComponentResource {
  /** The commands that apply the documents; DNS waits for them. */
  readonly applied: remote.Command[];

  /** @param after what stands before the documents: those of former holders of the member's domains */
  constructor(
    plan: MemberPlan,
    hosts: ReadonlyMap<string, Host>,
    ssh: SshProvider,
    adopted: Adopted,
    after: pulumi.Resource[],
  ) {
    super(componentTypes.member, names.member(plan.member));
    const on = (name: string): Host => {
      const host = hosts.get(name);
      if (host === undefined) throw new Error(`${plan.member}: host ${name} is not in the stack's configuration`);
      return host;
    };
    const databases = plan.databases.map(({ host, name }) => {
      const logical = names.database(plan.member, host, name);
      const { sql: provider, setUp } = on(host);
      // Character set and collation: both given, else every run differs from what MariaDB answers.
      const args = { name, defaultCharacterSet: "utf8mb4", defaultCollation: "utf8mb4_unicode_ci" };
      const options = keep({ parent: this, provider, dependsOn: [setUp], ...adopted(logical) });
      return { host, database: new mysql.Database(logical, args, options) };
    });
    const texts = plan.documents.map((document) => ({ host: document.host, text: canonical(document) }));
    this.applied = texts.map(
      ({ host, text }) =>
        new remote.Command(
          names.memberOnHost(plan.member, host),
          { ...constantCommand(on(host).facts, lines.apply), stdin: text },
          {
            parent: this,
            provider: ssh,
            dependsOn: [
              on(host).setUp,
              ...databases.filter((one) => one.host === host).map((one) => one.database),
              ...after,
            ],
          },
        ),
    );
    const outputs: MemberOutputs = {
      billingFacts: plan.facts,
      documents: Object.fromEntries(
        texts.map(({ host, text }) => [host, createHash("sha256").update(text).digest("hex")]),
      ),
    };
    this.registerOutputs(outputs);
  }
}
