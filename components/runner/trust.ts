import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Session } from "./session.ts";

/** Where systems keep the authorities that they trust; the first that is there. */
const systemFiles = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/**
 * Has the plugins trust the association's own CA, beside what the system trusts, to log in to MariaDB.
 * A file that the environment names already wins.
 */
export function trustFile({ env, settings }: Session, folder: string): NodeJS.ProcessEnv {
  if (env["SSL_CERT_FILE"] !== undefined) return {};
  const system = systemFiles.find((file) => existsSync(file));
  const file = join(folder, "trusted.pem");
  writeFileSync(file, `${system === undefined ? "" : readFileSync(system, "utf8")}\n${settings.caCertificate}`);
  return { SSL_CERT_FILE: file };
}
