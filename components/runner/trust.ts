import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Session } from "./session.ts";

/** Where systems keep the authorities that they trust; the first that is there. */
const systemFiles = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/**
 * Has the plugins trust the association's own CA, beside what this environment trusts already, to log in to MariaDB.
 * @returns variables for the engine
 */
export function trustFile({ env, settings }: Pick<Session, "env" | "settings">, folder: string): NodeJS.ProcessEnv {
  const trusted = [env["SSL_CERT_FILE"], ...systemFiles].find((file) => file !== undefined && existsSync(file));
  const authorities = trusted === undefined ? "" : readFileSync(trusted, "utf8");
  const own = settings.caCertificate.trim();
  if (authorities.includes(own)) return {};
  const file = join(folder, "trusted.pem");
  writeFileSync(file, `${authorities}\n${own}\n`);
  return { SSL_CERT_FILE: file };
}
