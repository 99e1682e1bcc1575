import { existsSync } from "node:fs";
import type { HostDocument, MemberDocument } from "../src/document.ts";
import { verifierOf } from "./credentials.ts";
import { type DesiredFile, differs, readIfThere, swapIn, takeOut } from "./files.ts";
import { paths } from "./paths.ts";
import { accountFiles, accountHome, ftpPaths } from "./render/ftp.ts";
import { run, tryRun } from "./shell.ts";
import { folderStep, type Step } from "./steps.ts";
import { namesIn, noteRendered } from "./store.ts";

/** Before the packages come: Debian's unit starts as soon as it is there, and serves FTP in the clear. */
export function withoutDebiansFtp(): Step {
  const unit = "proftpd.service";
  return {
    what: unit,
    key: "roles",
    wrong: () => tryRun("systemctl", ["is-enabled", unit]).stdout.trim() !== "masked",
    fix: () => {
      run("systemctl", ["mask", "--quiet", "--now", unit]);
    },
  };
}

/** Folders of FTPS and SFTP, and the key that SFTP shows its clients: made once, never renewed by itself. */
export function ftpFolders(): Step[] {
  const folder = (path: string) => folderStep({ path, mode: 0o700, key: "roles" });
  return [
    folder(paths.ftp),
    folder(ftpPaths.keys),
    folder(paths.credentials),
    {
      what: ftpPaths.hostKey,
      key: "roles",
      wrong: () => !existsSync(ftpPaths.hostKey),
      fix: () => {
        run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", ftpPaths.hostKey]);
      },
    },
  ];
}

/** The folders that a member's accounts are shut up in, made with the member's own rights: in there, links may lead anywhere. */
export function accountFolders(document: MemberDocument): Step[] {
  const { member, uid } = document;
  return (document.accounts ?? []).flatMap((account) => {
    if (account.folder === undefined) return [];
    const path = accountHome(member, account);
    return [
      {
        what: path,
        key: `accounts.${account.login}`,
        member,
        wrong: () => !existsSync(path),
        fix: () => {
          run("mkdir", ["-p", path], { as: { uid, gid: uid } });
        },
      },
    ];
  });
}

/** All that ProFTPD reads at a login, of all members of the host. */
export function loginFiles(host: Pick<HostDocument, "roles">, documents: Iterable<MemberDocument>): DesiredFile[] {
  return host.roles.includes("web") ? accountFiles(documents, verifierOf) : [];
}

/** Files of keys that belong to no login. */
export function strayKeys(files: readonly DesiredFile[]): string[] {
  const known = new Set(files.map(({ path }) => path));
  return namesIn(ftpPaths.keys, "")
    .map((name) => `${ftpPaths.keys}/${name}`)
    .filter((path) => !known.has(path));
}

/**
 * Lets in whom the documents name, from the next login on, and ends what was opened by an account, a key or a password that is no
 * longer there. Gives what changed.
 */
export function applyAccounts(host: Pick<HostDocument, "roles">, documents: Iterable<MemberDocument>): string[] {
  const files = loginFiles(host, documents);
  if (files.length === 0) return [];
  const changing = files.filter((file) => differs(file));
  const gone = strayKeys(files);
  const before = loginsOnDisk();
  swapIn(changing);
  takeOut(gone);
  noteRendered(files, gone);
  const after = loginsOnDisk();
  for (const [login, had] of before) if (!had.every((one) => after.get(login)?.includes(one))) endSessions(login);
  return [...changing.map(({ path }) => path), ...gone];
}

// What a session may have been opened by: the account's line, and each of its keys.
function loginsOnDisk(): Map<string, string[]> {
  const lines = readIfThere(ftpPaths.accounts)?.toString().trim().split("\n") ?? [];
  return new Map(
    lines
      .filter((line) => line !== "")
      .map((line) => {
        const [login = ""] = line.split(":");
        const keys =
          readIfThere(`${ftpPaths.keys}/${login}`)
            ?.toString()
            .split(/(?<=END SSH2 PUBLIC KEY ----\n)/) ?? [];
        return [login, [line, ...keys]];
      }),
  );
}

// It says no more than that nobody of this name is there, when nobody is.
function endSessions(login: string): void {
  tryRun("ftpdctl", ["-s", ftpPaths.control, "kick", "user", login]);
}
