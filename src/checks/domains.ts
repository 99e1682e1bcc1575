import { association } from "../association.ts";
import { phpVersions } from "../catalogue/php.ts";
import { nameValue } from "../dns/value.ts";
import { namesOfSite } from "../document.ts";
import type { Loaded, Member } from "../load.ts";
import { displayName } from "../member/fields.ts";
import { hasWeb, sitesOf } from "../plan/sites.ts";
import { databaseOf, wantedVersion } from "../plan/software.ts";
import { isWithin, registrable } from "../plan/zone.ts";
import type { Problem } from "../problem.ts";
import type { Declaration } from "../schema.ts";
import { at, bySeniority } from "./context.ts";
import { overlap, spanOf } from "./spans.ts";

type Domain = NonNullable<Declaration["domains"]>[number];

interface Held {
  member: Member;
  domain: Domain;
  index: number;
}

/** Domains of mail providers: nobody's to declare. */
const providers =
  `gmail.com googlemail.com outlook.com outlook.be outlook.fr hotmail.com hotmail.be hotmail.fr live.com live.be live.fr
  msn.com yahoo.com yahoo.fr yahoo.be icloud.com me.com mac.com aol.com gmx.com gmx.net gmx.fr gmx.de proton.me
  protonmail.com pm.me tutanota.com posteo.de mailfence.com riseup.net free.fr orange.fr wanadoo.fr laposte.net sfr.fr
  neuf.fr skynet.be telenet.be proximus.be voo.be scarlet.be zoho.com yandex.com mail.com mail.ru web.de t-online.de`.split(
    /\s+/,
  );

/** Domains in the order of their first day, so that of two who claim one the later is told. */
function everyDomain(loaded: Loaded): Held[] {
  return bySeniority(loaded)
    .flatMap((member) =>
      (member.declaration.domains ?? []).flatMap((domain, index) =>
        domain.void === undefined ? [{ member, domain, index }] : [],
      ),
    )
    .sort((a, b) => (a.domain.from < b.domain.from ? -1 : a.domain.from > b.domain.from ? 1 : 0));
}

/** A domain is one member's at a time, and stands once in a file at a time. */
export function domainsAreUnique(loaded: Loaded): Problem[] {
  const held = new Map<string, Held[]>();
  return everyDomain(loaded).flatMap((one) => {
    const others = held.get(one.domain.name) ?? [];
    held.set(one.domain.name, [...others, one]);
    const other = others.find((candidate) => overlap(spanOf(candidate.domain), spanOf(one.domain)));
    if (other === undefined) return [];
    const read = displayName(one.domain.name);
    return [at(one.member, ["domains", one.index, "name"], "domain/taken", { read, file: other.member.file })];
  });
}

/** Nobody declares a name below another member's domain, unless its holder delegates it. */
export function childDomainsAreDelegated(loaded: Loaded): Problem[] {
  const domains = everyDomain(loaded);
  const held = Map.groupBy(domains, ({ domain }) => domain.name);
  return domains.flatMap(({ member, domain, index }) => {
    const labels = domain.name.split(".");
    const parents = labels.slice(1, -1).flatMap((_, cut) => held.get(labels.slice(cut + 1).join(".")) ?? []);
    const parent = parents.find(
      (candidate) =>
        candidate.member !== member &&
        overlap(spanOf(candidate.domain), spanOf(domain)) &&
        candidate.domain.delegates?.some(({ name, to }) => name === domain.name && to === member.id) !== true,
    );
    if (parent === undefined) return [];
    const details = {
      read: displayName(domain.name),
      parent: displayName(parent.domain.name),
      file: parent.member.file,
      id: member.id,
    };
    return [at(member, ["domains", index, "name"], "domain/parent", details)];
  });
}

/** A delegated name lies below its domain, and is delegated to a member. */
export function delegationsAreSound({ members, ids }: Loaded): Problem[] {
  return members.flatMap((member) =>
    (member.declaration.domains ?? []).flatMap(({ name, delegates = [] }, index) =>
      delegates.flatMap((delegate, place) => {
        const keys = ["domains", index, "delegates", place];
        if (delegate.name === name || !isWithin(delegate.name, name)) {
          return [
            at(member, [...keys, "name"], "domain/delegate", {
              read: displayName(delegate.name),
              domain: displayName(name),
            }),
          ];
        }
        return ids.includes(delegate.to)
          ? []
          : [at(member, [...keys, "to"], "member/unknown", { read: delegate.to, allowed: ids })];
      }),
    ),
  );
}

/** A domain is nobody else's: no public suffix, no mail provider's, none of the association's; its zone is the registrable one. */
export function domainsAreOwnable({ members }: Loaded): Problem[] {
  return members.flatMap((member) =>
    (member.declaration.domains ?? []).flatMap(({ name, dns }, index) => {
      const keys = ["domains", index, "name"];
      const read = displayName(name);
      const zone = registrable(name);
      if (zone === undefined) return [at(member, keys, "domain/suffix", { read })];
      if (providers.some((provider) => isWithin(name, provider)))
        return [at(member, keys, "domain/provider", { read })];
      if (association.domains.some((own) => isWithin(name, own)))
        return [at(member, keys, "domain/association", { read })];
      if (zone !== name && dns !== "elsewhere")
        return [at(member, keys, "domain/zone", { read, zone: displayName(zone) })];
      return [];
    }),
  );
}

/** A site's name lies in a domain of its member and is one site's. */
export function siteNamesAreOwn(loaded: Loaded): Problem[] {
  const taken = new Map<string, string>();
  return bySeniority(loaded).flatMap((member) => {
    const said = member.declaration;
    const domains = (said.domains ?? []).filter((domain) => domain.void === undefined).map(({ name }) => name);
    const names =
      said.sites === undefined
        ? sitesOf(said, undefined).flatMap((site) => namesOfSite(site).map((name) => ({ name, keys: ["domains", 0] })))
        : said.sites.flatMap((site, index) => [
            { name: site.name, keys: ["sites", index, "name"] },
            ...(site.aliases ?? []).map((name, place) => ({ name, keys: ["sites", index, "aliases", place] })),
          ]);
    return names.flatMap(({ name, keys }) => {
      const read = displayName(name);
      if (!domains.some((domain) => isWithin(name, domain))) {
        return [at(member, keys, "site/domain", { read, allowed: domains.map(displayName) })];
      }
      const other = taken.get(name);
      taken.set(name, member.file);
      return other === undefined ? [] : [at(member, keys, "site/taken", { read, file: other })];
    });
  });
}

/** A name that the member gave to another by delegation is no longer the member's for a site. */
export function delegatedNamesAreGiven({ members }: Loaded): Problem[] {
  return members.flatMap((member) => {
    const given = (member.declaration.domains ?? []).flatMap(({ delegates = [] }) => delegates);
    const names = (member.declaration.sites ?? []).flatMap((site, index) => [
      { name: site.name, keys: ["sites", index, "name"] },
      ...(site.aliases ?? []).map((name, place) => ({ name, keys: ["sites", index, "aliases", place] })),
    ]);
    return names.flatMap(({ name, keys }) => {
      const delegate = given.find((one) => isWithin(name, one.name));
      return delegate === undefined
        ? []
        : [
            at(member, keys, "site/delegated", {
              read: displayName(name),
              domain: displayName(delegate.name),
              to: delegate.to,
            }),
          ];
    });
  });
}

/** A site that only redirects leads elsewhere, and holds nothing. */
export function redirectsLeadElsewhere({ members }: Loaded): Problem[] {
  return members.flatMap((member) => {
    const { sites = [], software = [], accounts = [] } = member.declaration;
    return sites.flatMap((site, index) => {
      const { name, redirect } = site;
      if (redirect === undefined) return [];
      const found: Problem[] = [];
      if (namesOfSite(site).includes(new URL(redirect).hostname))
        found.push(at(member, ["sites", index, "redirect"], "site/loop", { read: displayName(name) }));
      software.forEach(({ site }, place) => {
        if (site === name) found.push(at(member, ["software", place, "site"], "site/redirect", { what: "software" }));
      });
      accounts.forEach(({ folder = "" }, place) => {
        if (folder.split("/")[0] === name)
          found.push(at(member, ["accounts", place, "folder"], "site/redirect", { what: "folder" }));
      });
      return found;
    });
  });
}

/** A name that goes through the DNS host's network is in a zone there, and receives no mail: that network passes the web only. */
export function proxiedNamesAreOfTheWeb({ members }: Loaded): Problem[] {
  return members.flatMap((member) => {
    const { domains = [], sites = [] } = member.declaration;
    return sites.flatMap((site, index) => {
      if (site.proxied !== true) return [];
      const names = namesOfSite(site);
      const told = (rule: "site/proxied-elsewhere" | "site/proxied-mail", read: string) =>
        at(member, ["sites", index, "proxied"], rule, { read: displayName(read) });
      const elsewhere = domains.find(
        (domain) => domain.dns === "elsewhere" && names.some((one) => isWithin(one, domain.name)),
      );
      const receiving = names.find((one) =>
        domains.some(({ records = [] }) =>
          records.some(({ type, value }) => (type === "MX" || type === "SRV") && target(value) === one),
        ),
      );
      return [
        ...(elsewhere === undefined ? [] : [told("site/proxied-elsewhere", elsewhere.name)]),
        ...(receiving === undefined ? [] : [told("site/proxied-mail", receiving)]),
      ];
    });
  });
}

/** The host that an MX or SRV record leads to. */
function target(value: string): string {
  return nameValue(value.trim().split(/\s+/).at(-1) ?? "");
}

/** PHP is a version that the hosts have. */
export function phpIsKnown({ members }: Loaded): Problem[] {
  const allowed = phpVersions.map(({ version }) => version);
  return members.flatMap((member) => {
    const { php } = member.declaration;
    return php === undefined || allowed.includes(php)
      ? []
      : [at(member, ["php"], "php/unknown", { read: php, allowed })];
  });
}

/** Accounts, software and folders name things of their own member. */
export function accountsAreSound({ members }: Loaded): Problem[] {
  return members.flatMap((member) => {
    const said = member.declaration;
    // Without a pack for sites there is none, which is said by itself.
    const hosted = hasWeb(said, undefined);
    const sites = sitesOf(said, undefined).map(({ name }) => name);
    const allowed = sites.map(displayName);
    const databases = (said.databases ?? []).map(({ name }) => name);
    const found: Problem[] = [];
    const logins = new Set<string>();
    const login = (name: string, keys: PropertyKey[]) => {
      if (logins.has(name)) found.push(at(member, keys, "name/twice", { read: name }));
      logins.add(name);
    };
    const seen = new Set<string>();
    said.databases?.forEach(({ name, users = [] }, index) => {
      if (seen.has(name)) found.push(at(member, ["databases", index, "name"], "name/twice", { read: name }));
      seen.add(name);
      users.forEach((user, place) => login(user.name, ["databases", index, "users", place, "name"]));
    });
    said.accounts?.forEach((account, index) => {
      const keys = ["accounts", index];
      login(account.name ?? "", account.name === undefined ? keys : [...keys, "name"]);
      if (account.kind === "sftp" && account.keys === undefined)
        found.push(at(member, keys, "account/keys", undefined));
      const [site = ""] = account.folder?.split("/") ?? [];
      if (hosted && account.folder !== undefined && !sites.includes(site)) {
        found.push(at(member, [...keys, "folder"], "account/folder", { read: account.folder, allowed }));
      }
    });
    said.software?.forEach((one, index) => {
      if (hosted && !sites.includes(one.site)) {
        found.push(at(member, ["software", index, "site"], "software/site", { read: displayName(one.site), allowed }));
      }
      if (wantedVersion(one) !== undefined && databaseOf(said, one) === undefined)
        found.push(at(member, ["software", index], "software/which-database", { allowed: databases }));
      if (one.database !== undefined && !databases.includes(one.database)) {
        found.push(
          at(member, ["software", index, "database"], "software/database", { read: one.database, allowed: databases }),
        );
      }
    });
    return found;
  });
}
