import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A small authority that sells certificates, by openssl(1). */
export interface Authority {
  /** Its own certificate, PEM. */
  certificate: string;
  /** The certificate for a signing request (PEM) with the names that it asks for. */
  sign(request: string, days?: number): string;
  /** A request for these names, with a key that is forgotten. */
  request(names: readonly string[]): string;
  end(): void;
}

/** Makes an authority of this name, with a key of its own. */
export function authority(name: string): Authority {
  const folder = mkdtempSync(join(tmpdir(), "cassiopea-authority-"));
  const openssl = (args: readonly string[], input = "") =>
    execFileSync("openssl", args, { cwd: folder, input, encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"];
  const kept = ["-keyout", "ca.key", "-out", "ca.crt", "-days", "30", "-subj", `/CN=${name}`];
  openssl(["req", "-x509", ...key, ...kept]);
  return {
    certificate: readFileSync(join(folder, "ca.crt"), "utf8"),
    sign: (request, days = 60) => {
      writeFileSync(join(folder, "request.pem"), request);
      const signed = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-copy_extensions", "copy"];
      return openssl(["x509", "-req", "-in", "request.pem", ...signed, "-days", String(days)]);
    },
    request: (names) => {
      const subject = [
        "-subj",
        `/CN=${names[0]}`,
        "-addext",
        `subjectAltName=${names.map((one) => `DNS:${one}`).join(",")}`,
      ];
      return openssl(["req", "-new", ...key, "-keyout", "forgotten.key", ...subject]);
    },
    end: () => {
      rmSync(folder, { recursive: true });
    },
  };
}
