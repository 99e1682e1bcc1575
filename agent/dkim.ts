import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { mkdirSync } from "node:fs";
import { readIfThere, writeAtomic } from "./files.ts";
import { takeLock } from "./lock.ts";
import { paths } from "./paths.ts";
import { Rejection } from "./result.ts";

/**
 * Public keys by selector, base64 of their DER (RFC 6376, 3.6.1); RSA of 2048 bits, which is what every verifier takes. One
 * that is absent is made; none is ever replaced or taken away, since mail signed by it may still be under way.
 */
export async function dkimKeys(selectors: readonly string[]): Promise<Record<string, string>> {
  const wrong = selectors.find((selector) => !/^[a-z0-9]{1,32}$/.test(selector));
  if (wrong !== undefined || selectors.length === 0)
    throw new Rejection(`sélecteur DKIM refusé : ${wrong ?? "aucun n'est donné"}`);
  const letGo = await takeLock(240);
  try {
    mkdirSync(paths.dkim, { recursive: true, mode: 0o711 });
    return Object.fromEntries(selectors.map((selector) => [selector, publicKey(selector)]));
  } finally {
    letGo();
  }
}

function publicKey(selector: string): string {
  const file = `${paths.dkim}/${selector}.key`;
  if (readIfThere(file) === undefined) {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    writeAtomic(file, privateKey.export({ type: "pkcs8", format: "pem" }), 0o600);
  }
  const key = createPrivateKey(readIfThere(file)?.toString() ?? "");
  return createPublicKey(key).export({ type: "spki", format: "der" }).toString("base64");
}
