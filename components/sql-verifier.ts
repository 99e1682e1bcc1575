import { createHash } from "node:crypto";

const sha1 = (data: string | Buffer) => createHash("sha1").update(data).digest();

/** What MariaDB keeps of a password (mysql_native_password): `*` and SHA1(SHA1(password)) in upper-case hex. */
export function sqlVerifier(password: string): string {
  return `*${sha1(sha1(password)).toString("hex").toUpperCase()}`;
}
