// The Pulumi program. Everything is checked before anything is registered: what is not registered would count as removed.
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { declaredPlans } from "./declarations.ts";
import { hostList } from "./host-settings.ts";
import { registerStack } from "./program.ts";
import { ownZone, readSettings } from "./settings.ts";
import { today } from "./today.ts";

const config = new pulumi.Config();
const settings = readSettings((key) =>
  key === "defaultHost" || key === "caCertificate" ? config.get(key) : config.getObject(key),
);
const hosts = hostList(settings.hosts);
const folder = process.env["CASSIOPEA_MEMBERS"] ?? join(import.meta.dirname, "..", "members");
const declared = declaredPlans(folder, hosts, { defaultHost: settings.defaultHost, today: today() });
if (declared.problems.length > 0) throw new pulumi.RunError(declared.problems.join("\n"));
registerStack({ settings, hosts, plans: declared.plans, own: ownZone(settings, hosts), adopted: {} });
