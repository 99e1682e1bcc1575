import { domainToASCII, domainToUnicode } from "node:url";
import * as z from "zod";
import { dayOf } from "../period.ts";

/**
 * Fields of what people write. The message of a failed field is the name of a rule of `src/messages/`, never a sentence:
 * the sentence is made later, in the reader's language.
 */

/** A text that must match; `rule` is reported otherwise. */
function matching(pattern: RegExp, rule: string) {
  return z.string().regex(pattern, { error: rule });
}

/** `yyyy-mm-dd`, a day that exists, from 2000 on. */
export const date = matching(/^2\d{3}-\d{2}-\d{2}$/, "format/date").refine(isDay, { error: "format/date" });

function isDay(text: string): boolean {
  try {
    dayOf(text);
    return true;
  } catch {
    return false;
  }
}

/** Free text that is printed: one line, 1 to 120 characters, no blank at the ends. */
export const line = matching(/^(?! )[^\p{C}\u2028\u2029]{1,120}(?<! )$/u, "format/line");

/** Reference of a quotation, an invoice, a contact: short, printable, no blank. */
export const reference = matching(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$/, "format/reference");

/** Suffix of a database, of one of its users or of an account. */
export const suffix = matching(/^[a-z0-9]{1,15}$/, "format/suffix");

/** Label of a second pack of one kind, and of further DNS records. */
export const label = matching(/^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$/, "format/label");

const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/** A-label form of a host name, lower case; undefined when it is no host name (RFC 1123, UTS 46). */
export function asciiName(text: string): string | undefined {
  if (/[A-Z\s%/\\@:]|\.$|^\.|\.\./.test(text) || text !== text.normalize("NFC")) return undefined;
  const ascii = /^[a-z0-9.-]*$/.test(text) && !text.includes("xn--") ? text : domainToASCII(text);
  const labels = ascii.split(".");
  if (ascii.length > 253 || labels.length < 2 || !labels.every((part) => LABEL.test(part))) return undefined;
  if (/^\d+$/.test(labels.at(-1) ?? "")) return undefined;
  return !ascii.includes("xn--") || isEncoded(ascii) ? ascii : undefined;
}

/** Whether the A-labels stand for a Unicode name that gives them back. */
function isEncoded(ascii: string): boolean {
  const unicode = domainToUnicode(ascii);
  return !unicode.includes("xn--") && domainToASCII(unicode) === ascii && !/[\p{Cc}\p{Cf}]/u.test(unicode);
}

/** The form that people read. */
export function displayName(ascii: string): string {
  return ascii.includes("xn--") ? domainToUnicode(ascii) : ascii;
}

const scripts = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u];

/** One label that mixes scripts looks like another name: refused. */
function mixesScripts(ascii: string): boolean {
  if (!ascii.includes("xn--")) return false;
  return domainToUnicode(ascii)
    .split(".")
    .some((part) => scripts.filter((script) => script.test(part)).length > 1);
}

/** A host name or domain: Unicode or A-label as written, A-label as read. */
export const domainName = z.string().transform((text, context) => {
  const ascii = asciiName(text);
  if (ascii !== undefined && !mixesScripts(ascii)) return ascii;
  context.addIssue(ascii === undefined ? "format/domain" : "format/scripts");
  return z.NEVER;
});

const LOCAL = /^[a-z0-9]([a-z0-9._+-]{0,62}[a-z0-9])?$/;

/** A mail address: lower case, local part in ASCII up to 64 characters, domain in A-labels as read. */
export const address = z.string().transform((text, context) => {
  const [local = "", domain, ...rest] = text.split("@");
  const ascii = domain === undefined || rest.length > 0 ? undefined : asciiName(domain);
  if (ascii !== undefined && LOCAL.test(local) && !local.includes("..")) return `${local}@${ascii}`;
  context.addIssue("format/address");
  return z.NEVER;
});

/** A person whose data are kept apart from git: `contact:<reference>`. */
export const contactReference = matching(/^contact:[a-z0-9][a-z0-9-]{0,39}$/, "format/contact");

/** Somebody to whom mail goes: an address or a contact. */
export const recipient = z.string().transform((text, context) => {
  const field = text.startsWith("contact:") ? contactReference : address;
  const result = field.safeParse(text);
  if (result.success) return result.data;
  context.addIssue(text.startsWith("contact:") ? "format/contact" : "format/recipient");
  return z.NEVER;
});

/** `"34.90 EUR"` as written, integer cents as read. */
export const amount = matching(/^(0|[1-9]\d{0,6})\.\d{2} EUR$/, "format/amount").transform((text) =>
  Number(text.slice(0, -4).replace(".", "")),
);

/** `"2.5 GB"` as written, bytes as read (1 GB = 10^9). */
export const size = matching(/^(?!0(\.0+)? )(0|[1-9]\d{0,3})(\.\d{1,3})? GB$/, "format/size").transform((text) => {
  const [whole = "", fraction = ""] = text.slice(0, -3).split(".");
  return Number(whole) * 1_000_000_000 + Number(fraction.padEnd(3, "0")) * 1_000_000;
});

/** `"512 MB"` as written, bytes as read (1 MB = 10^6), from 64 MB to 8192 MB. */
export const memory = matching(/^[1-9]\d{1,3} MB$/, "format/memory")
  .refine((text) => Number(text.slice(0, -3)) >= 64 && Number(text.slice(0, -3)) <= 8192, { error: "format/memory" })
  .transform((text) => Number(text.slice(0, -3)) * 1_000_000);

/** Where a site sends its visitors: an `https://` address without user or fragment. */
export const webAddress = z.string().transform((text, context) => {
  // No sign that means something to a web server's configuration.
  const found = /^https:\/\/([^/?#]+)([/?][\w!%&*+,./:=?@~-]{0,500})?$/.exec(text);
  const host = asciiName(found?.[1] ?? "");
  if (found !== null && host !== undefined) return `https://${host}${found[2] ?? "/"}`;
  context.addIssue("format/web-address");
  return z.NEVER;
});

/** Version of a software as `4.4.1`. */
export const version = matching(/^\d{1,4}(\.\d{1,4}){0,3}([.-][a-z0-9]{1,20})?$/, "format/version");

/** `"2 h 20 min"`, `"45 min"` or `"3 h"` as written, minutes as read; at least one. */
export const duration = matching(
  /^(?!0 h$|0 min$)(\d{1,3} h( [0-5]?\d min)?|\d{1,3} min)$/,
  "format/duration",
).transform((text) => {
  const [, hours = "0"] = /(\d+) h/.exec(text) ?? [];
  const [, minutes = "0"] = /(\d+) min/.exec(text) ?? [];
  return Number(hours) * 60 + Number(minutes);
});

/** Whole half-days of work. */
export const halfDays = z.int().min(1).max(400);

/** PHP version as `8.4`. */
export const phpVersion = matching(/^[5-9]\.\d$/, "format/php");

/** Public half of an SSH key, as in `authorized_keys`, without options. */
export const sshKey = matching(
  /^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|ssh-rsa) [A-Za-z0-9+/]{40,1600}={0,3}( [A-Za-z0-9@._-]{1,60})?$/,
  "format/ssh-key",
);

/** Folder below a member's `sites`, without `..`. */
export const folder = matching(/^(?!.*(^|\/)\.)[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+){0,7}$/, "format/folder");
