import { createHash, randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { readIfThere, writeAtomic } from "./files.ts";
import { paths } from "./paths.ts";
import { run } from "./shell.ts";

/** What the password of a login is checked by, as its server wants it; nothing when none was made yet. */
export function verifierOf(login: string): string | undefined {
  return readIfThere(`${paths.credentials}/${login}`)?.toString();
}

/** Keeps what a password is checked by. It stays when its login is no longer declared, and holds again when it is. */
export function keepVerifier(login: string, verifier: string): void {
  mkdirSync(paths.credentials, { recursive: true, mode: 0o700 });
  writeAtomic(`${paths.credentials}/${login}`, verifier, 0o600);
}

/** A new password: 120 random bits, in letters that a mail or a paper passes on unchanged. */
export function newPassword(): string {
  return randomBytes(15).toString("base64url");
}

/** What ProFTPD checks a password by: SHA-512 crypt(3). The password comes by stdin, so that no list of processes shows it. */
export function cryptVerifier(password: string): string {
  return run("openssl", ["passwd", "-6", "-stdin"], { input: password }).trim();
}

/** What MariaDB checks a password by (mysql_native_password). */
export function sqlVerifier(password: string): string {
  const once = createHash("sha1").update(password).digest();
  return `*${createHash("sha1").update(once).digest("hex").toUpperCase()}`;
}
