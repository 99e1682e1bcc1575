import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { hostCertificate } from "../../components/certificate.ts";
import { daemonPid, startDaemon, stopDaemon, waitFor } from "../daemon.ts";
import { buildPrograms } from "../engine/build.ts";
import { type BuildRecipe, programsFolder, recipeKey } from "../engine/recipe.ts";
import { withLock } from "../hosts/lock.ts";
import { ensureKeys } from "../keys.ts";
import { labFolder, network, ports } from "../settings.ts";

const daemon = "acme";
const folder = join(labFolder, "acme");

/** Pebble, the authority of Let's Encrypt for tests: it asks the lab's DNS and fetches over HTTP as a public one does. */
const recipe: BuildRecipe = {
  program: "pebble",
  module: import.meta.dirname,
  mainPackage: "github.com/letsencrypt/pebble/v2/cmd/pebble",
  flags: ["-mod=readonly", "-trimpath", "-ldflags=-s -w"],
};

/** Where the running authority's root is kept, for clients that take a file. */
export const rootFile = join(folder, "root.pem");

/** Address of the authority's directory (RFC 8555, 7.1.1). */
export const acmeDirectory = `https://${network.address}:${ports.acme}/dir`;

/** Builds the authority once; kept in the cache. */
export async function ensureAuthority(): Promise<string> {
  return withLock("acme", async () => {
    const bin = programsFolder("acme", recipeKey([recipe]));
    if (!existsSync(join(bin, recipe.program))) await buildPrograms([recipe], bin);
    return join(bin, recipe.program);
  });
}

/** Starts the authority on the bridge. What it issued is forgotten when it stops, and its root is another each time. Idempotent. */
export async function startAuthority(): Promise<void> {
  const program = await ensureAuthority();
  if (daemonPid(daemon) !== undefined) return;
  const { ca } = await ensureKeys();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = (name: string) => join(folder, name);
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString();
  writeFileSync(file("server.key"), privateKey.export({ type: "sec1", format: "pem" }), { mode: 0o600 });
  writeFileSync(file("server.crt"), hostCertificate(publicKey, [network.address], ca));
  const pebble = {
    listenAddress: `${network.address}:${ports.acme}`,
    managementListenAddress: `${network.address}:${ports.acmeRoots}`,
    certificate: file("server.crt"),
    privateKey: file("server.key"),
    httpPort: 80,
    tlsPort: 443,
    ocspResponderURL: "",
    externalAccountBindingRequired: false,
  };
  writeFileSync(file("config.json"), JSON.stringify({ pebble }));
  startDaemon(daemon, program, ["-config", file("config.json"), "-dnsserver", `${network.address}:${ports.dns}`], {
    ...process.env,
    // Neither its waits nor its faults at random: the tests make their own.
    PEBBLE_VA_NOSLEEP: "1",
    PEBBLE_WFE_NONCEREJECT: "0",
  });
  await waitFor("the authority", async () => {
    if (daemonPid(daemon) === undefined) throw new Error(`pebble ended; see ${join(labFolder, "run", "acme.log")}`);
    const root = await fetchRoot().catch(() => "");
    if (root !== "") writeFileSync(rootFile, root);
    return root !== "";
  });
}

/** Stops the authority. Idempotent. */
export async function stopAuthority(): Promise<void> {
  await stopDaemon(daemon);
}

/** The root that the running authority's certificates lead to, PEM. */
export async function fetchRoot(): Promise<string> {
  const ca = readFileSync(join(labFolder, "keys", "ca.crt"));
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: network.address, port: ports.acmeRoots, path: "/roots/0", ca, timeout: 3000 },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => {
          text += part;
        });
        response.on("end", () => resolve(text));
      },
    );
    asked.on("error", reject).on("timeout", () => asked.destroy(new Error("no answer")));
    asked.end();
  });
}
