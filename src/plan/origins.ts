import type { Words } from "../catalogue/define.ts";
import type { Member } from "../load.ts";
import { fullName, listAddress } from "../member/names.ts";
import { recordRule } from "./record-rules.ts";
import { identity, ownKey } from "./records.ts";
import { siteNames } from "./sites.ts";
import type { DnsRecord, MemberPlan } from "./types.ts";
import { isWithin } from "./zone.ts";

/** Something that follows from a declaration, the path that made it, and the rule. */
export interface Origin {
  thing: string;
  kind: Words;
  keys: PropertyKey[];
  rule: Words;
}

const asDeclared: Words = { fr: "déclaré tel quel", en: "declared as it is" };

/** Where everything of a member's plan comes from, sorted by thing. Every resource of the plan is there. */
export function origins(member: Member, plan: MemberPlan): Origin[] {
  const { declaration: said, id } = member;
  const found: Origin[] = [];
  const add = (thing: string, kind: Words, keys: PropertyKey[], rule: Words = asDeclared) =>
    found.push({ thing, kind, keys, rule });
  add(id, { fr: "compte Unix", en: "Unix account" }, ["number"], {
    fr: "compte du membre ; uid = 20000 + numéro",
    en: "the member's account; uid = 20000 + number",
  });
  for (const { domain, records } of plan.domains) {
    const index = (said.domains ?? []).findIndex(({ name }) => name === domain);
    add(domain, { fr: "zone DNS", en: "DNS zone" }, ["domains", index, "name"], {
      fr: "un domaine dont le DNS est chez nous a sa zone",
      en: "a domain whose DNS is ours has its zone",
    });
    for (const record of records) {
      const kind: Words = { fr: "enregistrement DNS", en: "DNS record" };
      const own = (said.domains?.[index]?.records ?? []).findIndex(
        ({ name, type, label }) =>
          type === record.type &&
          ownKey({ label }) === record.key &&
          (name === "@" ? domain : `${name}.${domain}`) === record.name,
      );
      if (own === -1) add(identity(record), kind, recordKeys(member, record, index), recordRule(record));
      else add(identity(record), kind, ["domains", index, "records", own]);
    }
  }
  for (const name of siteNames(said, undefined))
    add(name, { fr: "nom d'un site", en: "name of a site" }, siteKeys(member, name), siteRule(member));
  said.databases?.forEach((database, index) => {
    add(fullName(id, database.name), { fr: "base de données", en: "database" }, ["databases", index], {
      fr: "le nom complet est <membre>_<nom> ; le membre en est le propriétaire",
      en: "the full name is <member>_<name>; the member owns it",
    });
    database.users?.forEach((user, place) =>
      add(fullName(id, user.name), { fr: "utilisateur de base", en: "database user" }, [
        "databases",
        index,
        "users",
        place,
      ]),
    );
  });
  said.accounts?.forEach((account, index) =>
    add(
      account.name === undefined ? id : fullName(id, account.name),
      { fr: "accès aux fichiers", en: "file access" },
      ["accounts", index],
      {
        fr: "le premier accès porte l'identifiant du membre, les autres <membre>_<nom>",
        en: "the first account has the member's id, others <member>_<name>",
      },
    ),
  );
  said.mailboxes?.forEach(({ address }, index) =>
    add(address, { fr: "boîte à messages", en: "mailbox" }, ["mailboxes", index]),
  );
  said.aliases?.forEach(({ address }, index) => add(address, { fr: "alias", en: "alias" }, ["aliases", index]));
  said.forwards?.forEach(({ address }, index) =>
    add(address, { fr: "redirection", en: "forward" }, ["forwards", index]),
  );
  said.lists?.forEach((list, index) =>
    add(listAddress(said, list), { fr: "liste", en: "list" }, ["lists", index], {
      fr: "une liste vit sur le robot du membre s'il en a un, sinon sur le domaine commun",
      en: "a list lives on the member's robot if there is one, else on the shared domain",
    }),
  );
  if (said.robot !== undefined) add(said.robot.domain, { fr: "robot Sympa", en: "Sympa robot" }, ["robot"]);
  return found.sort((a, b) => (a.thing < b.thing ? -1 : a.thing > b.thing ? 1 : 0));
}

/** What of the file made a record that is not the member's own. */
function recordKeys(member: Member, record: DnsRecord, domain: number): PropertyKey[] {
  if (record.key === "web") return siteKeys(member, record.name);
  const { robot } = member.declaration;
  return robot !== undefined && isWithin(record.name, robot.domain) ? ["robot", "domain"] : ["domains", domain];
}

function siteKeys({ declaration: said }: Member, name: string): PropertyKey[] {
  if (said.sites === undefined)
    return [
      "domains",
      Math.max(
        0,
        (said.domains ?? []).findIndex((domain) => isWithin(name, domain.name)),
      ),
    ];
  const index = said.sites.findIndex((site) => site.name === name || site.aliases?.includes(name) === true);
  const place = said.sites[index]?.aliases?.indexOf(name) ?? -1;
  return place === -1 ? ["sites", index, "name"] : ["sites", index, "aliases", place];
}

function siteRule({ declaration: said }: Member): Words {
  return said.sites === undefined
    ? {
        fr: "sans « sites », le premier domaine porte un site, avec www",
        en: 'without "sites", the first domain has a site, with www',
      }
    : asDeclared;
}
