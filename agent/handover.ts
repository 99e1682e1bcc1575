import { existsSync, mkdirSync, unlinkSync } from "node:fs";
import type { HostDocument } from "../src/document.ts";
import { type Credential, type Handover, loginsWithPassword } from "../src/handover.ts";
import { cryptVerifier, keepVerifier, newPassword, sqlVerifier, verifierOf } from "./credentials.ts";
import { readIfThere, writeAtomic } from "./files.ts";
import { applyAccounts } from "./ftp.ts";
import { memberBase } from "./member.ts";
import { paths } from "./paths.ts";
import { ftpPaths, ftpPorts } from "./render/ftp.ts";
import { Rejection } from "./result.ts";
import { run } from "./shell.ts";
import { ensure } from "./steps.ts";
import { storedMembers } from "./store.ts";

const fileOf = (member: string) => `${paths.handover}/${member}.json`;

/** Keeps what was made for a member, such as a first password, for root alone until it is handed over. */
export function keepForHandover(member: string, credential: Credential): void {
  const others = kept(member).filter(({ what, login }) => what !== credential.what || login !== credential.login);
  mkdirSync(paths.handover, { recursive: true, mode: 0o700 });
  writeAtomic(fileOf(member), JSON.stringify([...others, credential]), 0o600);
}

function kept(member: string): Credential[] {
  return JSON.parse(readIfThere(fileOf(member))?.toString() ?? "[]") as Credential[];
}

/** Forgets what was kept; called once it was shown. */
export function forgetKept(member: string): void {
  if (existsSync(fileOf(member))) unlinkSync(fileOf(member));
}

/**
 * What a member needs to log in: passwords made now, where there was none yet, and those that were kept. They are shown this once;
 * the host keeps what they are checked by. The caller holds the lock.
 * @param renew a login whose password is replaced by a new one
 * @throws Rejection when this host has no such member, or the member no such login with a password
 */
export function handOver(host: HostDocument, member: string, renew?: string): Handover {
  const document = storedMembers().get(member);
  if (document === undefined) throw new Rejection(`${host.host} n'a pas de membre « ${member} »`);
  const logins = loginsWithPassword(document);
  const names = logins.map(({ login }) => login);
  if (renew !== undefined && !names.includes(renew))
    throw new Rejection(
      `${member} n'a pas d'identifiant à mot de passe « ${renew} » sur ${host.host} (${names.join(", ") || "il n'y en a aucun"})`,
    );
  const made = logins
    .filter(({ login }) => login === renew || verifierOf(login) === undefined)
    .map(({ what, login }) => {
      const password = newPassword();
      keepVerifier(login, what === "ftps" ? cryptVerifier(password) : sqlVerifier(password));
      return { what, login, password };
    });
  if (made.length > 0) {
    ensure(memberBase(document, document));
    applyAccounts(host, storedMembers().values());
  }
  const files = (document.accounts ?? []).map(({ login, kind, keys = [] }) => ({ login, kind, keys: keys.length }));
  return {
    host: host.host,
    name: host.name,
    ...reach(files.length > 0),
    files,
    credentials: [...kept(member), ...made],
  };
}

function reach(hasFiles: boolean): Partial<Pick<Handover, "sftp" | "ftps">> {
  if (!hasFiles) return {};
  const fingerprint = run("ssh-keygen", ["-l", "-f", `${ftpPaths.hostKey}.pub`]).split(" ")[1] ?? "";
  return { sftp: { port: ftpPorts.sftp, fingerprint }, ftps: { port: ftpPorts.ftps } };
}
