import { createHash } from "node:crypto";
import type { BillingFacts } from "../../../src/billing/facts.ts";
import { canonical } from "../../../src/document.ts";

/** Text of the document of a member on a host, as the agent gets it. */
export function documentText(member: string, host: string): string {
  return canonical({ schema: 1, kind: "member", host, member, uid: 20001 });
}

interface Stack {
  version: number;
  deployment: { manifest: object; resources: Record<string, unknown>[] };
}

/** A stack's export as the engine writes it, with the given members deployed on one host. */
export function stackExport(members: readonly BillingFacts[], host = "h1"): Stack {
  const stack = "urn:pulumi:lab::cassiopea::";
  const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
  return {
    version: 3,
    deployment: {
      manifest: { time: "2026-11-24T10:00:00Z", magic: "00", version: "v3.259.0" },
      resources: [
        { urn: `${stack}pulumi:pulumi:Stack::cassiopea-lab`, custom: false, type: "pulumi:pulumi:Stack" },
        {
          urn: `${stack}cassiopea:hosting:Host$command:remote:Command::host/${host}/apply`,
          custom: true,
          type: "command:remote:Command",
          inputs: { stdin: "{}\n" },
        },
        ...members.flatMap((billingFacts) => {
          const text = documentText(billingFacts.member, host);
          const parent = `${stack}cassiopea:hosting:Member::${billingFacts.member}`;
          return [
            {
              urn: parent,
              custom: false,
              type: "cassiopea:hosting:Member",
              outputs: { billingFacts: structuredClone(billingFacts), documents: { [host]: hash(text) } },
            },
            {
              urn: `${stack}cassiopea:hosting:Member$command:remote:Command::${billingFacts.member}/host/${host}`,
              custom: true,
              id: billingFacts.member,
              type: "command:remote:Command",
              parent,
              inputs: { create: "hosting-agent apply", stdin: text },
              outputs: { stdout: "{}" },
            },
          ];
        }),
      ],
    },
  };
}
