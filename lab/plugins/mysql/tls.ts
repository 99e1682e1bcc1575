import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { isIP, type Socket } from "node:net";
import { type TLSSocket, connect as tlsConnect } from "node:tls";

/** Where Go looks for the system's roots on Debian; `SSL_CERT_FILE` replaces it. */
const systemRoots = "/etc/ssl/certs/ca-certificates.crt";

/** The roots that Go would trust: those of `SSL_CERT_FILE`, else the system's. Read at each use, as it may be replaced. */
function trustedRoots(): string[] {
  const file = process.env["SSL_CERT_FILE"] ?? "";
  try {
    const text = readFileSync(file === "" ? systemRoots : file, "utf8");
    return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  } catch {
    return [];
  }
}

/** Names or addresses of a certificate's subjectAltName. */
function alternatives(certificate: X509Certificate, kind: "DNS" | "IP Address"): string[] {
  const entries = (certificate.subjectAltName ?? "").split(", ");
  return entries.filter((entry) => entry.startsWith(`${kind}:`)).map((entry) => entry.slice(kind.length + 1));
}

/** Why the certificate is not the host's, in the words of Go's crypto/x509. */
function identityFailure(certificate: X509Certificate, host: string): string | undefined {
  const names = alternatives(certificate, "DNS");
  const addresses = alternatives(certificate, "IP Address");
  if (isIP(host) !== 0) {
    if (addresses.length === 0) return `cannot validate certificate for ${host} because it doesn't contain any IP SANs`;
    return certificate.checkIP(host) === undefined
      ? `certificate is valid for ${addresses.join(", ")}, not ${host}`
      : undefined;
  }
  if (certificate.checkHost(host, { subject: "never" }) !== undefined) return undefined;
  if (names.length > 0) return `certificate is valid for ${names.join(", ")}, not ${host}`;
  return certificate.subject.includes("CN=") && addresses.length === 0
    ? "certificate relies on legacy Common Name field, use SANs instead"
    : `certificate is not valid for any names, but wanted to match ${host}`;
}

/** Why a chain was not accepted, in the words of Go's crypto/x509. */
function chainFailure(certificate: X509Certificate, reason: string): string {
  if (reason === "CERT_HAS_EXPIRED" || reason === "CERT_NOT_YET_VALID") {
    const now = new Date();
    const seconds = (date: Date) => `${date.toISOString().slice(0, 19)}Z`;
    const [word, limit] =
      now > certificate.validToDate ? ["after", certificate.validToDate] : ["before", certificate.validFromDate];
    return `certificate has expired or is not yet valid: current time ${seconds(now)} is ${word} ${seconds(limit)}`;
  }
  return "certificate signed by unknown authority";
}

/**
 * Upgrades a socket to TLS.
 * @param verify whether chain and name must be right; nothing is sent to the server before that is known
 * @returns the secure socket, at once; `settled` is called with Go's text as an error, or with none
 */
export function upgrade(socket: Socket, host: string, verify: boolean, settled: (error?: Error) => void): TLSSocket {
  const secure = tlsConnect({
    socket,
    ca: verify ? trustedRoots() : [],
    // Judged below: Go looks at the name before the chain, Node the other way round.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ...(isIP(host) === 0 && host !== "" ? { servername: host } : {}),
  });
  let over = false;
  const settle = (text?: string) => {
    if (over) return;
    over = true;
    if (text === undefined) settled();
    else settled(new Error(text));
  };
  secure.once("error", (error) => settle(`tls: handshake failure: ${error.message}`));
  secure.once("secureConnect", () => {
    const certificate = verify ? secure.getPeerX509Certificate() : undefined;
    if (!verify) return settle();
    if (certificate === undefined) return settle("tls: no certificate");
    const failure =
      identityFailure(certificate, host) ??
      (secure.authorized ? undefined : chainFailure(certificate, String(secure.authorizationError)));
    return settle(failure === undefined ? undefined : `tls: failed to verify certificate: x509: ${failure}`);
  });
  return secure;
}
