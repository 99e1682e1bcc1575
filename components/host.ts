import { join, relative } from "node:path";
import { remote, type Provider as SshProvider } from "@pulumi/command";
import * as mysql from "@pulumi/mysql";
import * as pulumi from "@pulumi/pulumi";
import { association } from "../src/association.ts";
import { canonical, HostDocument, SCHEMA } from "../src/document.ts";
import type { Host as HostFacts } from "../src/plan/types.ts";
import type { AgentBundle } from "./agent-bundle.ts";
import { hostCertificate } from "./certificate.ts";
import { lines } from "./commands.ts";
import { connection, constantCommand } from "./connection.ts";
import { componentTypes, names } from "./names.ts";
import { sqlVerifier } from "./sql-verifier.ts";

const project = join(import.meta.dirname, "..");

export interface HostArgs {
  facts: HostFacts;
  /** Addresses that deploy. */
  deployers: readonly string[];
  agent: AgentBundle;
  /** Text of the constant set-up script. */
  bootstrap: string;
  acme: HostDocument["acme"];
  caCertificate: string;
  caKey: pulumi.Output<string>;
  sqlPassword: pulumi.Output<string>;
  ssh: SshProvider;
}

/** A bare Debian 13 made a working server: the agent delivered, the host's document applied, its SQL server reachable. */
export class Host extends pulumi.ComponentResource {
  readonly facts: HostFacts;
  /** Proves by its success that the host is ready for members. */
  readonly setUp: remote.Command;
  readonly sql: mysql.Provider;

  constructor(args: HostArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { facts } = args;
    super(componentTypes.host, names.host(facts.host), {}, options);
    this.facts = facts;
    const parent = { parent: this };
    const onHost = { parent: this, provider: args.ssh };

    const agent = new remote.CopyToRemote(
      names.agent(facts.host),
      {
        connection: connection(facts),
        // Relative to the project, where the engine runs, so that two clones of the repository have the same state.
        source: new pulumi.asset.FileAsset(relative(project, args.agent.file)),
        remotePath: args.agent.remotePath,
      },
      onHost,
    );
    const identity = new remote.Command(names.identity(facts.host), constantCommand(facts, lines.identity), onHost);
    this.setUp = new remote.Command(
      names.setUp(facts.host),
      { ...constantCommand(facts, args.bootstrap), stdin: hostDocument(args, identity.stdout) },
      { ...onHost, dependsOn: [agent] },
    );
    this.sql = new mysql.Provider(
      names.sql(facts.host),
      {
        endpoint: `${facts.address}:3306`,
        username: "pulumi",
        password: args.sqlPassword,
        tls: "true",
        // The provider opens a pool per operation and closes none.
        maxConnLifetimeSec: 5,
        maxOpenConns: 1,
      },
      parent,
    );
    this.registerOutputs({});
  }
}

/** Canonical text of the host's document. What is taken from secrets in it is public: a certificate and a verifier. */
function hostDocument(args: HostArgs, publicKey: pulumi.Output<string | undefined>): pulumi.Output<string> {
  const { facts } = args;
  const addresses = [facts.ipv4, ...(facts.ipv6 === undefined ? [] : [facts.ipv6])];
  const names = [...new Set([facts.name, facts.address, ...addresses])];
  const text = pulumi.all([publicKey, args.caKey, args.sqlPassword]).apply(([key, caKey, password]) => {
    // A host that a run leaves out before its first set-up has no key yet, and its set-up is left out as well.
    if (key === undefined) return "";
    const document: HostDocument = {
      schema: SCHEMA,
      kind: "host",
      host: facts.host,
      name: facts.name,
      agent: args.agent.hash,
      roles: facts.roles,
      addresses,
      deployers: [...args.deployers],
      acme: args.acme,
      contact: association.contact,
      certificate: hostCertificate(key, names, { certificate: args.caCertificate, key: caKey }),
      sqlVerifier: sqlVerifier(password),
    };
    return canonical(HostDocument.parse(document));
  });
  return pulumi.unsecret(text);
}
