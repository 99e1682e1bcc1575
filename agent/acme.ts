import { randomBytes } from "node:crypto";
import { existsSync, unlinkSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { isLoadable } from "./bought.ts";
import { isCovered } from "./certificates.ts";
import { writeAtomic } from "./files.ts";
import { paths } from "./paths.ts";
import { challengePath } from "./render/acme.ts";
import type { Result } from "./result.ts";
import { lastWords, tryRun } from "./shell.ts";

/** What one certificate is for. */
export interface Named {
  /** The certificate's own name. */
  name: string;
  /** All names, the own one first. */
  names: string[];
}

/** Runs something while a fresh token is served to whoever asks by any name. */
export async function withToken<T>(use: (token: string) => Promise<T>): Promise<T> {
  const token = randomBytes(16).toString("hex");
  const file = `${paths.acme}/challenge/${token}`;
  writeFileSync(file, token, { mode: 0o644 });
  try {
    return await use(token);
  } finally {
    unlinkSync(file);
  }
}

/** The sites to ask a certificate for, each with those of its names that lead here; tells those that don't. */
export async function requestable(sites: readonly Named[], result: Result): Promise<Named[]> {
  return withToken(async (token) => {
    const found: Named[] = [];
    for (const site of sites) {
      const answers = await Promise.all(site.names.map(async (name) => [name, await fetched(name, token)] as const));
      for (const [name, answer] of answers)
        if (answer !== token) result.warnings.push(`${name} ne mène pas encore ici (${answer})`);
      const here = answers.filter(([, answer]) => answer === token).map(([name]) => name);
      // A certificate bears its site's own name.
      if (here.includes(site.name) && !isCovered(site.name, here)) found.push({ ...site, names: here });
    }
    return found;
  });
}

/** What is fetched by a name over HTTP at the token's place: the token itself, or what went wrong. */
export function fetched(name: string, token: string): Promise<string> {
  return new Promise((resolve) => {
    const asked = get(`http://${name}${challengePath}/${token}`, { timeout: 5000, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        if (body.length < 200) body += text;
      });
      response.on("end", () => {
        resolve(response.statusCode === 200 && body === token ? token : `réponse ${response.statusCode ?? 0}`);
      });
    });
    asked.on("timeout", () => asked.destroy(new Error("pas de réponse")));
    asked.on("error", (error: NodeJS.ErrnoException) => {
      const unknown = error.code === "ENOTFOUND" || error.code === "EAI_AGAIN";
      resolve(unknown ? "le DNS n'en donne pas l'adresse" : error.message);
    });
  });
}

/** Has Debian's ACME client ask for certificates; one that is refused stops none of the others. */
export function request(sites: readonly Named[], result: Result): void {
  const client = (args: readonly string[]) => tryRun("dehydrated", ["--config", paths.acmeConfig, ...args]);
  const list = `${paths.acme}/domains.txt`;
  writeAtomic(list, sites.map(({ name, names }) => `${names.join(" ")} > ${name}\n`).join(""), 0o600);
  // Each time: it does nothing where this authority knows the account, and what is in the folder doesn't tell that.
  const registered = client(["--register", "--accept-terms"]);
  if (registered.code !== 0) {
    result.warnings.push(`l'autorité de certification refuse le compte : ${lastWords(registered)}`);
    return;
  }
  for (const { name } of sites) forgetDamaged(name);
  const asked = client(["--cron", "--keep-going", "--domains-txt", list]);
  const refused = sites.filter(({ name, names }) => !isCovered(name, names));
  if (refused.length === 0) return;
  const which = refused.map(({ name }) => name).join(", ");
  result.warnings.push(`certificat refusé pour ${which} : ${lastWords(asked)}`);
}

// The client looks at one of its files alone: what it holds for whole would never be asked for again.
function forgetDamaged(name: string): void {
  const folder = `${paths.acme}/certs/${name}`;
  if (existsSync(`${folder}/cert.pem`) && !isLoadable(folder)) unlinkSync(`${folder}/cert.pem`);
}
