// The Pulumi program. Everything is checked before anything is registered: what is not registered would count as removed.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { agentBundle, bootstrapScript } from "./agent-bundle.ts";
import { declaredPlans } from "./declarations.ts";
import { hostList } from "./host-settings.ts";
import { registerAll } from "./program.ts";
import { readSettings } from "./settings.ts";
import { today } from "./today.ts";

const config = new pulumi.Config();
const settings = readSettings((key) =>
  key === "defaultHost" || key === "caCertificate" ? config.get(key) : config.getObject(key),
);
const hosts = hostList(settings.hosts);
const folder = process.env["CASSIOPEA_MEMBERS"] ?? join(import.meta.dirname, "..", "members");
const declared = declaredPlans(folder, hosts, { defaultHost: settings.defaultHost, today: today() });
if (declared.problems.length > 0) throw new pulumi.RunError(declared.problems.join("\n"));

const adoptedFile = process.env["CASSIOPEA_ADOPTED"];
registerAll({
  settings,
  hosts,
  plans: declared.plans,
  agent: agentBundle(),
  bootstrap: bootstrapScript(),
  secrets: {
    dnsToken: config.requireSecret("dnsToken"),
    sqlPassword: config.requireSecret("sqlPassword"),
    caKey: config.requireSecret("caKey"),
  },
  adopted: adoptedFile === undefined ? {} : (JSON.parse(readFileSync(adoptedFile, "utf8")) as Record<string, string>),
});
