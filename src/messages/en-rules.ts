import type { frRules } from "./fr-rules.ts";
import type { Details, Rule } from "./index.ts";
import { hintEnglish as hint, or } from "./words.ts";

const quoted = (text: string) => `"${text}"`;
const euros = (cents: number | undefined, unit: string) =>
  cents === undefined ? "" : ` (€${(cents / 100).toFixed(2)}/${unit})`;
const declared = (allowed: readonly string[], what: string) =>
  allowed.length === 0 ? `; no ${what} is declared` : `; declared: ${or(allowed.slice(0, 12), "and")}`;

/** Rules within and across members, in English. */
export const enRules: { [R in keyof typeof frRules & Rule]: (details: Details<R>) => string } = {
  "interval/order": ({ from, to }) => `the end (${to}) comes before the start (${from}); correct one of the two dates`,
  "pack/before-membership": ({ read, since }) =>
    `the pack starts on ${read}, but the membership runs since ${since}; only a member has a pack`,
  "pack/after-membership": ({ to }) => `the membership ends on ${to}, the pack goes on; end it then: to: "${to}"`,
  "pack/twice": ({ pack }) => `two packs ${quoted(pack)} at one time; end one, or tell them apart by "label"`,
  "pack/replaces": ({ read, allowed }) =>
    `${quoted(read)} is no pack of this member that ends the day before${allowed.length === 0 ? "" : `; possible: ${or(allowed, "or")}`}${hint(read, allowed)}`,
  "option/pack": ({ what, packs, day }) =>
    `${what.en}: on ${day} no pack carries this option; it needs ${or(packs, "or")} for all of its time`,
  "option/quotation-missing": ({ from }) =>
    `level 3 is on quotation; add: quotation: { reference: "…", date: "${from}", amount: "0.00 EUR", validUntil: "…" }`,
  "option/quotation-useless": ({ level }) => `level ${level} has its price in the list; remove "quotation"`,
  "thing/pack": ({ what, packs }) =>
    `${what} needs a pack ${or(packs, "or")}, which this member has not; add the pack or remove "${what}"`,
  "block/twice": ({ read }) => `two blocks are called ${quoted(read)}; give each its name`,
  "recover/unknown": ({ read, allowed }) =>
    `no block is called ${quoted(read)}${declared(allowed, "block")}${hint(read, allowed)}`,
  "recover/twice": ({ read }) => `the block ${quoted(read)} is already recovered above`,
  "recover/early": ({ read, first }) =>
    `a block can be recovered from ${first} on (the year after its purchase), not on ${read}`,
  "service/twice": ({ read }) => `the reference ${quoted(read)} is already used above; each is unique`,
  "service/membership": ({ read }) => `on ${read} this member was no member; correct the date or the membership`,
  "service/month": ({ month }) =>
    `one half-day of on-site support a month; ${month} has one already (more work is an on-site intervention)`,
  "status/pack-runs": ({ on }) => `the member left on ${on} and this pack goes on; end it: to: "${on}"`,

  "quota/missing": ({ day, existing, allowed, missing, what, option, level, cents }) =>
    `${what.en}${level === undefined ? "" : ` level ${level}`}: ${existing} declared on ${day}, ${allowed} included or bought, ${missing} missing${euros(cents, "year each")}; add to options: { option: "${option}"${level === undefined ? "" : `, level: ${level}`}, quantity: ${missing}, from: "${day}" }, or remove some`,
  "quota/quotation": ({ missing }) =>
    `the association does not know this software: assistance of level 3, on quotation; add to options: { option: "assistance", level: 3, quantity: ${missing}, quotation: { … }, from: "…" }, or remove it`,
  "quota/list": ({ existing, allowed, cents }) =>
    `${existing} lists on the shared domain, ${allowed} included; for lists without limit on your own domain add the pack sympa${euros(cents, "year")}`,

  "domain/taken": ({ read, file }) =>
    `the domain ${quoted(read)} is already declared in ${file}; a domain is one member's at a time`,
  "domain/parent": ({ read, parent, file, id }) =>
    `${quoted(read)} is below ${quoted(parent)}, declared in ${file}; that file has to delegate it: delegates: [{ name: "${read}", to: "${id}" }]`,
  "domain/delegate": ({ read, domain }) =>
    `${quoted(read)} is not below ${quoted(domain)}; only a subdomain is delegated`,
  "domain/suffix": ({ read }) =>
    `${quoted(read)} is a public suffix, nobody's; write the whole domain, as in jardins.${read}`,
  "domain/provider": ({ read }) => `${quoted(read)} is a mail provider's, no member's; remove it`,
  "domain/association": ({ read }) => `${quoted(read)} is the association's own; no member can declare it`,
  "domain/zone": ({ read, zone }) =>
    `${quoted(read)} is a subdomain; declare ${quoted(zone)} (its subdomains are free, name them in sites), or write dns: "elsewhere"`,
  "member/unknown": ({ read, allowed }) => `no member has the id ${quoted(read)}${hint(read, allowed)}`,
  "site/domain": ({ read, allowed }) =>
    `${quoted(read)} is in no domain of this member${declared(allowed, "domain")}${hint(read, allowed)}`,
  "site/taken": ({ read, file }) => `the name ${quoted(read)} is already a site's in ${file}; a name leads to one site`,
  "site/delegated": ({ read, domain, to }) =>
    `${quoted(read)} is in ${quoted(domain)}, delegated to ${quoted(to)}; remove this name here, or the delegation`,
  "site/loop": ({ read }) => `the site ${quoted(read)} redirects to itself; name another address, or remove "redirect"`,
  "site/proxied-elsewhere": ({ read }) =>
    `the DNS of ${read} is elsewhere: this site can't go through our DNS host's network; remove proxied`,
  "site/proxied-mail": ({ read }) =>
    `${read} receives mail or another service (MX, SRV): it can't be proxied, the DNS host's network passes the web only; remove proxied, or give the service another name`,
  "site/redirect": ({ what }) =>
    `this site only redirects, it has neither files nor software; remove "redirect", or this ${what}`,
  "php/unknown": ({ read, allowed }) => `our servers have no PHP ${read}; versions: ${or(allowed, "or")}`,
  "name/twice": ({ read }) =>
    read === ""
      ? "only one account can be without a name (its login is the member's id); name the others"
      : `${quoted(read)} is written twice; give each its name`,
  "account/keys": () =>
    `an SFTP account opens with a key; add: keys: ["ssh-ed25519 AAAA… name"], or choose kind: "ftps"`,
  "account/folder": ({ read, allowed }) =>
    `the folder ${quoted(read)} does not start with the name of a site${declared(allowed, "site")}${hint(read, allowed)}`,
  "software/site": ({ read, allowed }) =>
    `${quoted(read)} is no site of this member${declared(allowed, "site")}${hint(read, allowed)}`,
  "software/which-database": ({ allowed }) =>
    allowed.length === 0
      ? 'this software needs a database; add: databases: [{ name: "site" }]'
      : `say which of its databases it uses; add: database: "${allowed[0] ?? ""}"${declared(allowed, "database")}`,
  "software/database": ({ read, allowed }) =>
    `${quoted(read)} is no database of this member${declared(allowed, "database")}${hint(read, allowed)}`,

  "record/value": ({ read, type }) => `${quoted(read)} does not suit a record ${type}`,
  "record/priority": ({ type }) => `only an MX record has a priority, not ${type}; remove "priority"`,
  "record/site": ({ read, type }) =>
    `${quoted(read)} leads to a site of ours, its address follows by itself; remove this record ${type}, or remove this name from sites`,
  "record/robot": ({ read, type }) =>
    `${quoted(read)} is the robot of lists, its address follows by itself; remove this ${type} record`,
  "certificate/file": ({ read }) =>
    `${quoted(read)} is no chain of certificates; the file has the site's name, followed by .pem`,
  "certificate/foreign": ({ read, allowed }) =>
    `${quoted(read)} is not named as a site whose certificate is bought (certificate: "bought")${declared(allowed, "such site")}`,
  "certificate/secret": () =>
    "this file holds a private key: it has to be counted as lost. Remove the file, ask for a new certificate with the request that the server made (npx cassiopea certificate <site>), and hand in the public chain alone",
  "certificate/form": () =>
    "this is no PEM chain of certificates; it has -----BEGIN CERTIFICATE----- blocks only, the site's first",
  "certificate/short": () =>
    "only the site's certificate is here; add the authority's behind it (the “chain” or “intermediate”)",
  "certificate/order": ({ read, wanted }) =>
    `the certificate after ${quoted(read)} is not the one that signed it; ${quoted(wanted)} has to follow`,
  "certificate/names": ({ read }) =>
    `the certificate does not cover ${or(read, "nor")}; ask for all names of the site, or remove these aliases`,
  "record/apex": () => "a CNAME cannot stand on the domain itself (@); write an A or an AAAA",
  "record/alone": ({ read }) => `${quoted(read)}: a CNAME is alone on its name; keep one or the others`,
  "record/twice": ({ read, type }) => `this record ${type} of ${quoted(read)} is written twice; keep one`,
  "record/label": ({ read, type }) =>
    `several records ${type} for ${quoted(read)}; tell them apart by label: "…", which then never changes`,

  "address/taken": ({ read, file }) =>
    `the address ${quoted(read)} exists already in ${file} (mailbox, alias, forward or list); keep one`,
  "address/domain": ({ read, allowed }) =>
    `the address ${quoted(read)} is in no domain of this member${declared(allowed, "domain")}${hint(read.slice(read.indexOf("@") + 1), allowed)}`,
  "address/no-mail": ({ read }) =>
    `the address ${quoted(read)} is in a domain without mail (mail: false); remove one or the other`,
  "address/reserved": ({ read }) =>
    `${quoted(read)} serves to prove that a domain is the member's; declare it in forwards, to "contact:…"`,
  "address/catch-all": ({ read, allowed }) =>
    `${quoted(read)} is no address of this member; catchAll leads to one of them or to "contact:…"${hint(read, allowed)}`,
  "text/address": ({ read }) =>
    `${quoted(read)} holds a mail address; everybody reads this file: write it without, a person is named "contact:<reference>"`,
  "alias/target": ({ read, allowed }) =>
    `the alias leads to ${quoted(read)}, which is no address of this member; to a person, use forwards and "contact:…"${hint(read, allowed)}`,
  "alias/loop": ({ path }) => `these aliases go round: ${path.join(" → ")}; one has to lead to a mailbox`,
  "list/reserved": ({ read }) => `${quoted(read)} is a name that Sympa keeps for itself; choose another`,
  "list/suffix": ({ read, suffix }) => `a list's name does not end in ${suffix} (${quoted(read)}); choose another`,
  "list/no-robot": () =>
    `this member has no robot; add robot: { domain: "lists.…", listmasters: ["…"] }, or write on: "shared"`,
  "robot/domain": ({ read, allowed }) =>
    `the robot ${quoted(read)} is below no domain of this member${declared(allowed, "domain")}`,
  "robot/apex": ({ read }) =>
    `a robot lives on a subdomain, where its lists do not meet the mailboxes; write for instance "lists.${read}"`,
  "robot/taken": ({ read, file }) => `${quoted(read)} is already used in ${file}; give the robot a name of its own`,
  "owner/unknown": ({ read }) =>
    `${quoted(read)} is no address of this member, and a private address does not enter this file; write "contact:<reference>"`,
};
