import { homedir } from "node:os";
import { join } from "node:path";

/** The project's root folder. */
export const project = join(import.meta.dirname, "..");

/** Everything that is built or kept outside the repository; `CASSIOPEA_CACHE` moves it. */
export const cache = process.env["CASSIOPEA_CACHE"] ?? join(homedir(), ".cache", "cassiopea");

/** The lab's own state: keys, process ids, emulator's data, stack state. One lab a machine. */
export const labFolder = join(cache, "lab");

/** The lab's network: a bridge that leads nowhere else. */
export const network = { bridge: "cas0", address: "10.77.0.1", prefix: 24, subnet: "10.77.0.0/24" };

/** Hosts that can be started; the first is the default. */
export const hosts = [
  { host: "web1", address: "10.77.0.11", name: "web1.cassiopea.test" },
  { host: "web2", address: "10.77.0.12", name: "web2.cassiopea.test" },
] as const;
export type LabHost = (typeof hosts)[number];

/** Where the lab's services listen. */
export const ports = { dnsApi: 8788, aptCache: 3142, dns: 53, acme: 14000, acmeRoots: 15000 };

/** Account and token that the emulator of the DNS API knows; not secrets, but treated as such. */
export const dnsAccount = "0123456789abcdef0123456789abcdef";

/** Versions that set-up looks for. */
export const versions = {
  pulumi: "3.259.0",
  languageHost: "3.57.1",
  command: "1.2.1",
  mysql: "3.3.2",
  cloudflare: "6.17.0",
};
