import { enRules } from "./en-rules.ts";
import type { Messages } from "./index.ts";
import { dateMeant, idMeant, isWord, lastDayOf, sizeMeant, textMeant } from "./meant.ts";
import { hintEnglish as hint, or } from "./words.ts";

const quoted = (text: string) => `"${text}"`;
const kinds: Record<string, string> = {
  string: 'a text "…"',
  number: "a number",
  boolean: "true or false",
  array: "a list [ … ]",
  object: "braces { … }",
  int: "a whole number",
};

const lastDay = (year: string, month: string | undefined) => {
  const last = lastDayOf(year, month);
  return last === undefined ? "" : ` (this month has ${last} days)`;
};
const valueMeant = (read: string, wanted: string) => {
  const meant = textMeant(read, wanted);
  return meant === undefined ? "" : `; write ${meant}`;
};

/** What each rule says, in English. */
export const en: Messages = {
  "folder/missing": ({ folder }) =>
    `the folder of members ${quoted(folder)} does not exist or cannot be read; name the right one with --members`,
  "folder/empty": ({ folder }) =>
    `no member file in ${quoted(folder)}; an empty folder is never taken as "delete all members"`,
  "file/name": ({ read }) =>
    `${quoted(read)} cannot be a member's id: a small letter, then 1 to 15 small letters or digits, as in ${idMeant(read)}.ts`,
  "file/reserved": ({ read }) => `the id ${quoted(read)} is reserved for the system; choose another`,
  "file/foreign": ({ read }) =>
    `${quoted(read)} is no member file; this folder holds only <id>.ts files and the folder registry; remove it`,
  "file/special": () => "this is no ordinary file (symbolic link, folder …); copy the file itself",
  "file/unreadable": ({ why }) => `the file cannot be read (${why})`,
  "file/size": ({ read, most }) => `the file has ${read} bytes; a member file has at most ${most}`,
  "file/encoding": () => "the file is not UTF-8; save it as UTF-8",
  "file/characters": ({ read }) => `invisible or misleading character (${read}); type this passage again by hand`,
  "file/deep": ({ most }) => `more than ${most} levels of brackets; a member file stays flat`,
  "file/syntax": ({ read, slip }) =>
    ({
      comma: "a comma or a bracket is missing just before this, probably at the end of the line before",
      semicolon: "this semicolon has to be a comma",
      quote: 'this text is not closed; put a straight quote (") at its end',
      quotes: 'this quote is not straight; write texts between straight quotes ("), typed by hand',
      equals: 'a value follows a colon, not an equals sign; write "key: value"',
      hole: "two commas follow each other; remove one",
      other: `the file cannot be read from here on; a comma, a quote or a brace is probably missing just before (reader: ${read})`,
    })[slip],
  "file/import": () =>
    'the first line of the file is missing; write at the very top: import { member } from "../src/member.ts";',
  "file/frame": ({ read }) =>
    `${read === "" ? "something is missing" : `${quoted(read)} is too much`}: the file holds only import { member } from "../src/member.ts"; then export default member({ … });`,
  "file/code": ({ read }) =>
    isWord(read)
      ? `${read} is written without quotes; if it is a text, write "${read}" (this file is read and never executed)`
      : `${read}: a member file is read and never executed; only texts "…", numbers, true, false, [ … ] and { key: … } are allowed`,
  "file/key-twice": ({ read }) => `the key ${quoted(read)} is written twice; keep one`,
  "file/key": ({ read }) => `${quoted(read)} cannot be a key`,
  "file/number": ({ read }) => `${quoted(read)}: a number is written in digits only, as in 12`,

  "shape/missing": ({ what, allowed }) =>
    what === "number"
      ? 'the member\'s number is missing; "npx cassiopea new" gives one to a new member, that of another is the name of its file in members/registry'
      : `${quoted(what)} is missing${allowed === "" ? "" : ` (${allowed})`}; add this line`,
  "shape/unknown": ({ read, allowed }) =>
    `${quoted(read)} does not exist here${hint(read, allowed) || `; allowed keys: ${or(allowed, "or")}`}`,
  "shape/value": ({ read, allowed }) => `${read} is not allowed; allowed: ${or(allowed, "or")}${hint(read, allowed)}`,
  "shape/type": ({ read, wanted }) => `read ${read}, expected ${kinds[wanted] ?? wanted}${valueMeant(read, wanted)}`,
  "shape/range": ({ read, least, most }) =>
    `${read} is out of bounds${least === "" ? "" : `; at least ${least}`}${most === "" ? "" : `; at most ${most}`}`,
  "shape/length": ({ read, least, most }) =>
    `${read} item(s)${least === "" ? "" : `; at least ${least}`}${most === "" ? "" : `; at most ${most}`}`,
  "shape/other": ({ read }) => `${read} is not allowed here`,

  "format/date": ({ read }) => {
    const [, year, month] = /^"(\d{4})-(\d\d)-\d\d"$/.exec(read) ?? [];
    if (year !== undefined && year >= "2000" && year < "3000")
      return `${read}: there is no such day${lastDay(year, month)}; correct the day or the month`;
    return `${read} is no date; write year-month-day, ${dateMeant(read) ?? 'for instance "2026-03-01"'}`;
  },
  "format/line": ({ read }) => `${read}: a text of one line, 1 to 120 characters, no blank at its ends`,
  "format/reference": ({ read }) => `${read}: a reference has letters, digits, . _ / -, at most 40 characters`,
  "format/suffix": ({ read }) => `${read}: 1 to 15 small letters or digits, without the member's name`,
  "format/label": ({ read }) => `${read}: small letters, digits and hyphens, at most 30 characters`,
  "format/domain": ({ read }) =>
    `${read} is no domain name; write it in small letters, without http:// or a final dot, as in "jardins.be"`,
  "format/scripts": ({ read }) => `${read} mixes alphabets in one word: such a name imitates another`,
  "format/address": ({ read }) =>
    `${read} is no address; write it in small letters, without accent or blank, with the whole domain, as in "info@jardins.be"`,
  "format/contact": ({ read }) => `${read}: a person is named "contact:<reference>", without the private address`,
  "format/recipient": ({ read }) => `${read} is neither an address nor "contact:<reference>"`,
  "format/amount": ({ read }) => `${read} is no amount; write for instance "34.90 EUR"`,
  "format/size": ({ read }) => `${read} is no size; write ${sizeMeant(read) ?? 'for instance "2 GB"'} (with a blank)`,
  "format/memory": ({ read }) => `${read} is no memory; write for instance "512 MB" (from 64 to 8192)`,
  "format/web-address": ({ read }) => `${read} is no web address; write for instance "https://jardins.be/"`,
  "format/version": ({ read }) => `${read} is no version; write for instance "4.4.1"`,
  "format/duration": ({ read }) => `${read} is no duration; write for instance "2 h 20 min"`,
  "format/php": ({ read }) => `${read} is no version of PHP; write for instance "8.4"`,
  "format/ssh-key": ({ read }) => `${read} is no public SSH key; one line as "ssh-ed25519 AAAA… name"`,
  "format/folder": ({ read }) => `${read} is no folder; write it without / at the start and without ".."`,
  "format/record-name": ({ read }) => `${read}: "@" for the domain itself, else what precedes it, in small letters`,
  "format/software": ({ read }) => `${read} is no name of a software; small letters, digits and hyphens`,
  "format/list": ({ read }) => `${read} is no name of a list; small letters, digits, . + _ -`,
  "format/host": ({ read }) => `${read} is no short name of a host; for instance "web1"`,

  "registry/file": () =>
    'this file of the registry cannot be read; it is written by "npx cassiopea check --update", take the version before',
  "registry/lost": ({ id }) =>
    `the member ${quoted(id)} is in the registry but its file ${id}.ts is missing; put it back (a departure is declared by status, never by deleting the file)`,
  "registry/renamed": ({ id }) =>
    `this file has the number of ${quoted(id)}, whose file is missing; if it was renamed, give it back its name ${id}.ts: an id never changes`,
  "registry/absent": ({ id }) =>
    `${quoted(id)} is not yet in the registry of members; run: npx cassiopea check --update`,
  "registry/number": ({ read, registered }) =>
    `the number ${read} is not that of the registry; a number never changes: write ${registered}`,
  "registry/number-taken": ({ read, other }) =>
    `the number ${read} is that of ${quoted(other)}: a file is not copied; for a new member, delete this one and run "npx cassiopea new"`,
  "registry/id-twice": ({ id, other }) =>
    `${quoted(id)} is already in the registry under the number ${other}; keep the older of the two files`,
  "registry/name-absent": ({ read }) => `${quoted(read)} is not yet in the registry; run: npx cassiopea check --update`,
  "registry/name-gone": ({ read }) =>
    `${quoted(read)} was given to this member and is no longer in the file; put it back, and end it with "to" if it is no longer used`,
  "registry/name-taken": ({ read, other }) =>
    `${quoted(read)} was given to ${quoted(other)} and is never given to another; choose another name`,

  "host/unknown": ({ read, allowed }) =>
    `there is no host ${quoted(read)}; hosts: ${or(allowed, "or")}${hint(read, allowed)}`,
  "host/role": ({ read, role, allowed }) =>
    `the host ${quoted(read)} does not have the role ${role}${allowed.length === 0 ? "" : `; these have: ${or(allowed, "and")}`}`,
  "host/unregistered": ({ read, role }) =>
    `the host ${quoted(read)} (role ${role}) is not yet in this member's registry entry; run: npx cassiopea check --update`,
  "host/moved": ({ read, role, registered }) =>
    `this member's data (role ${role}) are on ${quoted(registered)}; writing ${quoted(read)} here does not move them: put "${registered}" back (a move copies the data first, see the administrator)`,
  "host/left": ({ read, role, registered }) =>
    `this member's data (role ${role}) are on ${quoted(registered)}, but the stack's default host would put the member on ${quoted(read)} without them; write in this file: host: { ${role}: "${registered}" }`,
  "host/none": ({ role }) => `no host has the role ${role}`,
  "host/several": ({ role, allowed }) =>
    `several hosts have the role ${role} (${or(allowed, "and")}); name this member's: host: { ${role}: "${allowed[0] ?? ""}" }`,
  ...enRules,
};
