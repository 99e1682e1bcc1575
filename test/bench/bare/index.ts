import { readFileSync } from "node:fs";
import * as cloudflare from "@pulumi/cloudflare";
import { remote } from "@pulumi/command";
import * as mysql from "@pulumi/mysql";
import * as pulumi from "@pulumi/pulumi";

// The input of the yardstick: plans as the product makes them, and the connections; written by the benchmark.
interface Input {
  connection: remote.CommandArgs["connection"] & { host: string };
  agent: string;
  sqlPassword: string;
  dns: { token: string; baseUrl: string; account: string };
  members: {
    member: string;
    document: string;
    database: string;
    domain: string;
    records: {
      name: string;
      type: string;
      key: string;
      content: string;
      ttl: number;
      proxied: boolean;
      comment: string;
    }[];
  }[];
}

const input = JSON.parse(readFileSync(process.env["BARE_INPUT"] ?? "", "utf8")) as Input;
const common = {
  connection: input.connection,
  create: "cat >/dev/null",
  update: "cat >/dev/null",
  delete: "cat >/dev/null",
  logging: remote.Logging.None,
  addPreviousOutputInEnv: false,
};

const host = new pulumi.ComponentResource("bare:index:Host", "host");
const copied = new remote.CopyToRemote(
  "agent",
  { connection: input.connection, source: new pulumi.asset.FileAsset(input.agent), remotePath: "/root/bare-agent.cjs" },
  { parent: host },
);
const identity = new remote.Command("identity", common, { parent: host });
const setUp = new remote.Command("set-up", { ...common, stdin: "{}" }, { parent: host, dependsOn: [copied, identity] });
const sql = new mysql.Provider(
  "sql",
  {
    endpoint: `${input.connection.host}:3306`,
    username: "pulumi",
    password: pulumi.secret(input.sqlPassword),
    tls: "true",
  },
  { parent: host },
);
const dns = new cloudflare.Provider("dns", { apiToken: pulumi.secret(input.dns.token), baseUrl: input.dns.baseUrl });

for (const member of input.members) {
  const parent = new pulumi.ComponentResource("bare:index:Member", member.member);
  const database = new mysql.Database(
    member.database,
    { name: member.database, defaultCharacterSet: "utf8mb4", defaultCollation: "utf8mb4_unicode_ci" },
    { parent, provider: sql, protect: true, retainOnDelete: true, dependsOn: [setUp] },
  );
  const applied = new remote.Command(
    `${member.member}-applied`,
    { ...common, stdin: member.document },
    { parent, dependsOn: [database] },
  );
  const domain = new pulumi.ComponentResource("bare:index:Domain", member.domain);
  const zone = new cloudflare.Zone(
    member.domain,
    { account: { id: input.dns.account }, name: member.domain, type: "full" },
    { parent: domain, provider: dns, protect: true, retainOnDelete: true },
  );
  new cloudflare.ZoneDnssec(
    `${member.domain}/dnssec`,
    {
      zoneId: zone.id,
      status: "active",
      dnssecMultiSigner: false,
      dnssecPresigned: false,
      dnssecUseNsec3: false,
    },
    { parent: domain, provider: dns, protect: true, retainOnDelete: true },
  );
  for (const { key, ...record } of member.records) {
    new cloudflare.DnsRecord(
      `${record.name}/${record.type}/${key}`,
      { ...record, zoneId: zone.id },
      { parent: domain, provider: dns, dependsOn: [applied] },
    );
  }
}
