import { options, packs, services } from "../catalogue/index.ts";
import { frenchNumber } from "../money.ts";
import { frenchDate } from "../period.ts";
import { sitesOf } from "../plan/sites.ts";
import type { Declaration } from "../schema.ts";
import { displayName } from "./fields.ts";
import { fullName, listAddress } from "./names.ts";

type Language = "fr" | "en";

/** A group of lines about a member. */
export interface Described {
  title: string;
  lines: string[];
}

const titles = {
  fr: {
    who: "Membre",
    packs: "Packs",
    options: "Options et réserves",
    domains: "Domaines",
    sites: "Sites",
    databases: "Bases de données",
    accounts: "Accès aux fichiers",
    software: "Logiciels",
    mail: "Courrier",
    lists: "Listes",
    work: "Services rendus",
  },
  en: {
    who: "Member",
    packs: "Packs",
    options: "Options and blocks",
    domains: "Domains",
    sites: "Sites",
    databases: "Databases",
    accounts: "File access",
    software: "Software",
    mail: "Mail",
    lists: "Lists",
    work: "Services rendered",
  },
};

/** What a member has, in their words. Empty groups are left out. */
export function describe(id: string, said: Declaration, language: Language): Described[] {
  const french = language === "fr";
  const t = titles[language];
  const day = (date: string) => (french ? frenchDate(date) : date);
  const span = ({ from, to }: { from?: string | undefined; to?: string | undefined }) => {
    const start = from === undefined ? "" : french ? ` depuis le ${day(from)}` : ` since ${day(from)}`;
    return `${start}${to === undefined ? "" : french ? ` jusqu'au ${day(to)}` : ` until ${day(to)}`}`;
  };
  const size = (bytes: number) => (french ? `${frenchNumber(String(bytes / 1e9))} Go` : `${bytes / 1e9} GB`);
  const status = said.status;
  const state =
    status === undefined
      ? french
        ? "actif"
        : "active"
      : status.state === "suspended"
        ? french
          ? `suspendu depuis le ${day(status.since)} : ${status.reason}`
          : `suspended since ${status.since}: ${status.reason}`
        : french
          ? `${status.state === "left" ? "parti" : "départ"} le ${day(status.on)}`
          : `${status.state} on ${status.on}`;
  const groups: Described[] = [
    {
      title: t.who,
      lines: [
        `${said.name} (${id}, n° ${said.number})`,
        `${french ? "cotisation" : "membership"}${span({ from: said.membership.since, to: said.membership.to })}, ${state}`,
      ],
    },
    {
      title: t.packs,
      lines: (said.packs ?? []).map(
        (pack) =>
          `${packs[pack.pack].title[language]}${pack.label === undefined ? "" : ` (${pack.label})`}${span(pack)}`,
      ),
    },
    {
      title: t.options,
      lines: [
        ...(said.options ?? []).map(
          (option) =>
            `${option.quantity ?? 1} × ${options[option.option].title[language]}${"level" in option ? ` ${french ? "niveau" : "level"} ${option.level}` : ""}${span(option)}`,
        ),
        ...(said.blocks ?? []).map(
          ({ kind, id: block, on }) =>
            `${kind === "disk" ? (french ? "20 Go.mois d'espace disque" : "20 GB·month of disk") : french ? "20 Go.mois de trafic" : "20 GB·month of traffic"} (${block}, ${day(on)})`,
        ),
      ],
    },
    {
      title: t.domains,
      lines: (said.domains ?? []).map((domain) => {
        const by = domain.registeredBy === "us" ? (french ? ", enregistré par nous" : ", registered by us") : "";
        const dns = domain.dns === "elsewhere" ? (french ? ", DNS ailleurs" : ", DNS elsewhere") : "";
        const shown = displayName(domain.name);
        return `${shown}${shown === domain.name ? "" : ` (${domain.name})`}${span(domain)}${by}${dns}`;
      }),
    },
    {
      title: t.sites,
      lines: sitesOf(said, undefined).map(({ name, aliases = [] }) => [name, ...aliases].map(displayName).join(", ")),
    },
    {
      title: t.databases,
      lines: (said.databases ?? []).flatMap((database) => [
        `${fullName(id, database.name)}${span(database)}`,
        ...(database.users ?? []).map(
          (user) =>
            `  ${fullName(id, user.name)} (${user.access === "read" ? (french ? "lecture seule" : "read-only") : french ? "lecture et écriture" : "read and write"})`,
        ),
      ]),
    },
    {
      title: t.accounts,
      lines: (said.accounts ?? []).map(
        ({ name, kind, folder }) =>
          `${name === undefined ? id : fullName(id, name)} (${kind.toUpperCase()}${folder === undefined ? "" : `, ${folder}`})`,
      ),
    },
    {
      title: t.software,
      lines: (said.software ?? []).map(({ software, site }) => `${software} · ${displayName(site)}`),
    },
    {
      title: t.mail,
      lines: [
        ...(said.mailboxes ?? []).map(
          (mailbox) => `${mailbox.address} (${size(mailbox.size ?? 1_000_000_000)})${span(mailbox)}`,
        ),
        ...(said.aliases ?? []).map(({ address, to }) => `${address} → ${to.join(", ")}`),
        ...(said.forwards ?? []).map(({ address, to }) => `${address} → ${to.join(", ")}`),
      ],
    },
    {
      title: t.lists,
      lines: [
        ...(said.robot === undefined ? [] : [`robot ${displayName(said.robot.domain)}`]),
        ...(said.lists ?? []).map((list) => `${listAddress(said, list)} (${kindWords[language][list.kind]})`),
      ],
    },
    {
      title: t.work,
      lines: (said.services ?? []).map(({ service, on }) => `${day(on)} ${services[service].title[language]}`),
    },
  ];
  return groups.filter(({ lines }) => lines.length > 0);
}

const kindWords = {
  fr: { discussion: "discussion", announcement: "diffusion", group: "groupe de travail", forum: "forum public" },
  en: { discussion: "discussion", announcement: "announcement", group: "working group", forum: "public forum" },
};
