import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judges } from "../../../lab/judges.ts";
import { association } from "../../../src/association.ts";
import { checkMembers } from "../../../src/checks.ts";
import { updateRegistry } from "../../../src/cli/update.ts";
import { dnsTexts } from "../../../src/dns/texts.ts";
import { zoneFile } from "../../../src/dns/zone-file.ts";
import { loadMembers } from "../../../src/load.ts";
import { mtaStsPolicy } from "../../../src/plan/mail-records.ts";
import { planDomain } from "../../../src/plan/plan.ts";
import { quotedText } from "../../../src/plan/records.ts";
import type { DnsRecord, Host } from "../../../src/plan/types.ts";
import { hosts } from "../../golden/support/hosts.ts";
import { startDnsServer } from "../../support/dns-server.ts";
import { readParts, writeParts } from "../../support/parts.ts";
import { asAnswer } from "../../support/planned-answers.ts";

const golden = join(import.meta.dirname, "../../golden");
const [host] = hosts as [Host];
const pair = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "der" },
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
});

/** What judges say of a domain. */
export interface Verdict {
  errors: string[];
  warnings: string[];
}

/** The records of all domains of one registry of members, wherever their DNS is. */
export interface Planned {
  title: string;
  records: DnsRecord[];
}

/** What is planned for the members of every golden case that breaks no rule. */
export function everyDomain(): Planned[] {
  const scratch = mkdtempSync(join(tmpdir(), "cassiopea-judges-"));
  try {
    return readdirSync(golden)
      .filter((name) => /^\d\d-/.test(name))
      .flatMap((title) => {
        const folder = join(scratch, title);
        const { files } = readParts(join(golden, title, "members.txt"));
        writeParts(folder, files);
        if (![...files.keys()].some((file) => file.startsWith("registry/")))
          updateRegistry(folder, loadMembers(folder));
        const loaded = loadMembers(folder);
        if (checkMembers(loaded).length > 0) return [];
        const records = loaded.members.flatMap((member) =>
          (member.declaration.domains ?? []).flatMap(
            ({ name }) => planDomain(member, name, hosts, { today: "2026-06-01" }).records,
          ),
        );
        return [{ title, records }];
      });
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** The association's own zone, as domains with mail refer to it. */
export function associationZone(): DnsRecord[] {
  const { zone, spf, dkimSelectors } = association.mail;
  const common = { key: "association", ttl: 300, proxied: false, comment: "" };
  const { ipv4, ipv6 = "" } = host;
  const text = (name: string, value: string): DnsRecord => ({
    ...common,
    name,
    type: "TXT",
    content: quotedText(value),
  });
  const key = pair.publicKey.toString("base64");
  return [
    { ...common, name: host.name, type: "A", content: ipv4 },
    { ...common, name: host.name, type: "AAAA", content: ipv6 },
    { ...common, name: zone, type: "MX", content: host.name, priority: 10 },
    text(spf, `v=spf1 ip4:${ipv4} ip6:${ipv6} -all`),
    // RFC 9990, 4: it takes the reports of all domains.
    text(`*._report._dmarc.${zone}`, "v=DMARC1"),
    ...dkimSelectors.map((selector) => text(`${selector}._domainkey.${zone}`, `v=DKIM1; k=rsa; p=${key}`)),
  ];
}

/** Serves each registry's records beside the association's zone, and has them judged; in their order, by domain. */
export async function judgeDns(
  planned: readonly Planned[],
  association_: readonly DnsRecord[] = associationZone(),
): Promise<Record<string, Verdict>[]> {
  const servers = await Promise.all(
    planned.map(async ({ records }) => startDnsServer([...records, ...association_].map(asAnswer))),
  );
  try {
    const cases = planned.map(({ records }, index) => ({
      port: servers[index]?.port,
      zone: `${zoneFile(["judged"], records, dnsTexts.fr)}\n`,
      policy: mtaStsPolicy(host, association.mail),
      key: pair.privateKey,
      selectors: association.mail.dkimSelectors,
      domains: mailDomains(records),
    }));
    return JSON.parse(await python(JSON.stringify(cases))) as Record<string, Verdict>[];
  } finally {
    await Promise.all(servers.map(async (server) => server.close()));
  }
}

/** Domains whose mail we plan, and what of it: all, as a robot's name delivery alone, or that there is none. */
export function mailDomains(records: readonly DnsRecord[]): { name: string; mail: "whole" | "delivery" | "none" }[] {
  const planned = new Map(
    records
      .filter(({ key, type }) => type === "MX" && (key === "mail" || key === "no-mail"))
      .map(({ name, key }) => [name, key]),
  );
  return [...planned].map(([name, key]) => {
    const whole = records.some((record) => record.name === `_mta-sts.${name}`);
    return { name, mail: key === "no-mail" ? "none" : whole ? "whole" : "delivery" };
  });
}

async function python(input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const script = join(import.meta.dirname, "judge_dns.py");
    const child = execFile(judges.python, [script], { maxBuffer: 1e8 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${script} ended with ${error.code}\n${stderr}`));
    });
    child.stdin?.end(input);
  });
}
