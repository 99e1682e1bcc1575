import { existsSync } from "node:fs";
import type { HostDocument, MemberDocument } from "../src/document.ts";
import { keepEdited } from "./aside.ts";
import { verifierOf } from "./credentials.ts";
import { type DesiredFile, differs, readIfThere, swapIn, takeOut } from "./files.ts";
import { paths } from "./paths.ts";
import { accountFiles, accountHome, ftpPaths } from "./render/ftp.ts";
import { run, tryRun } from "./shell.ts";
import { folderStep, type Step } from "./steps.ts";
import { lostMembers, namesIn, noteRendered, readRegistry } from "./store.ts";

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
  if (!host.roles.includes("web")) return [];
  return withLost(accountFiles(documents, verifierOf));
}

// Whose document was lost by hand keeps the logins that are there: they are closed by a document, never by the lack of one.
function withLost(files: DesiredFile[]): DesiredFile[] {
  const lost = lostMembers();
  if (lost.size === 0) return files;
  const kept = accountLines().filter((line) => lost.has(/^[a-z0-9]+/.exec(line)?.[0] ?? ""));
  const keys = kept.flatMap((line): DesiredFile[] => {
    const [login = ""] = line.split(":");
    const path = `${ftpPaths.keys}/${login}`;
    const content = readIfThere(path)?.toString();
    return content === undefined ? [] : [{ path, content, mode: 0o600, key: `accounts.${login}` }];
  });
  const lines = (content: string) => [...content.split("\n").filter((line) => line !== ""), ...kept].sort();
  const merged = files.map((file) =>
    file.path === ftpPaths.accounts
      ? {
          ...file,
          content: lines(file.content)
            .map((line) => `${line}\n`)
            .join(""),
        }
      : file,
  );
  return [...merged, ...keys];
}

function accountLines(): string[] {
  return (readIfThere(ftpPaths.accounts)?.toString() ?? "").split("\n").filter((line) => line !== "");
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
export function applyAccounts(
  host: Pick<HostDocument, "roles">,
  documents: Iterable<MemberDocument>,
  warnings: string[] = [],
): string[] {
  const files = loginFiles(host, documents);
  if (files.length === 0) return [];
  const changing = files.filter((file) => differs(file));
  const gone = strayKeys(files);
  warnings.push(...keepEdited([...changing, ...gone.map((path) => ({ path }))], readRegistry()));
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
  return new Map(
    accountLines().map((line) => {
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
