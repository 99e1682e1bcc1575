import type { DocumentAccount, MemberDocument } from "../document.ts";
import type { Member } from "../load.ts";
import { fullName } from "../member/names.ts";
import { inService } from "../member/service.ts";
import { hasWeb } from "./sites.ts";

/**
 * Logins to a member's files on a day, by login. A member that has left, or is suspended in full, has none; a suspension of the
 * web alone leaves them, so that the site can be put right.
 */
export function accountsOf({ id, declaration }: Member, today: string | undefined): DocumentAccount[] {
  const { status, accounts = [] } = declaration;
  const isClosed = status?.state === "left" || (status?.state === "suspended" && status.level === "full");
  if (isClosed || !hasWeb(declaration, today)) return [];
  return accounts
    .filter((account) => inService(account, today))
    .map(({ name, kind, folder, keys }) => ({
      login: name === undefined ? id : fullName(id, name),
      kind,
      ...(folder === undefined ? {} : { folder }),
      ...(keys === undefined ? {} : { keys: keys.toSorted() }),
    }))
    .sort((a, b) => (a.login < b.login ? -1 : 1));
}

/** Users beside the owner of a member's databases in service on a day, by name. */
export function databaseUsersOf(
  { id, declaration }: Member,
  today: string | undefined,
): NonNullable<MemberDocument["databaseUsers"]> {
  return (declaration.databases ?? [])
    .filter((database) => inService(database, today))
    .flatMap((database) =>
      (database.users ?? [])
        .filter((user) => inService(user, today))
        .map(({ name, access }) => ({ name: fullName(id, name), database: fullName(id, database.name), access })),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
