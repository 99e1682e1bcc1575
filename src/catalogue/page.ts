import { frenchEuros } from "../money.ts";
import type { Option, Pack, PriceKind, Service, Words } from "./define.ts";
import { blocks, domainOffers, options, packs, services } from "./index.ts";
import type { OfferId, PriceList } from "./prices/types.ts";

type Language = keyof Words;

/** A row of the price page. */
export interface PriceRow {
  section: "packs" | "options" | "services";
  /** As it is declared. */
  id: string;
  level?: number;
  offer?: OfferId;
  title: string;
  detail: string;
  kind: PriceKind;
  unit: string;
  /** Net integer cents; left out when only a quotation has the price. */
  cents?: number;
  /** Packs of which one is needed. */
  needs: readonly string[];
}

/** Every row of the catalogue in one language, in the order of the association's page, at the prices of a list. */
export function priceRows(list: PriceList, language: Language): PriceRow[] {
  const row = (section: PriceRow["section"], entry: Pack | Option | Service, offer: OfferId | undefined): PriceRow => {
    const cents = offer === undefined ? undefined : list.prices[offer];
    return {
      section,
      id: entry.id,
      ...(offer === undefined ? {} : { offer }),
      title: entry.title[language],
      detail: entry.detail[language],
      kind: offer === undefined ? "quotation" : entry.price.kind,
      unit: entry.price.unit[language],
      ...(cents === undefined ? {} : { cents }),
      needs: "needs" in entry ? entry.needs : [],
    };
  };
  const levels = ([1, 2, 3] as const).map((level) => {
    const found = row("options", options.assistance, options.assistance.offers[level - 1]);
    return { ...found, level, title: `${found.title} ${language === "fr" ? "niveau" : "level"} ${level}` };
  });
  const others: Option[] = [
    options.mailbox,
    blocks.disk,
    blocks.traffic,
    domainOffers.domainRegistration,
    domainOffers.domainManagement,
    options.database,
    options.ftpAccount,
    options.databaseUser,
    options.certificate,
  ];
  return [
    ...Object.values(packs).map((pack) => row("packs", pack, pack.offer)),
    ...levels,
    ...others.map((option) => row("options", option, option.offers[0])),
    ...Object.values(services).map((service) => row("services", service, service.offer)),
  ];
}

const words = {
  fr: {
    packs: "Packs",
    options: "Options",
    services: "Services",
    quotation: "sur devis",
    head: ["Offre", "Dans le fichier", "Prix", "Contenu"],
  },
  en: {
    packs: "Packs",
    options: "Options",
    services: "Services",
    quotation: "on quotation",
    head: ["Offer", "In the file", "Price", "Contents"],
  },
};

/** `5,00 €/an`, with its unit always. */
export function priceText({ cents, unit }: PriceRow, language: Language): string {
  if (cents === undefined) return words[language].quotation;
  return language === "fr" ? `${frenchEuros(BigInt(cents))}/${unit}` : `€${(cents / 100).toFixed(2)}/${unit}`;
}

/** How a row is written in a member file. */
function written({ id, level, section }: PriceRow): string {
  if (section === "packs") return `pack: "${id}"`;
  if (section === "services") return `service: "${id}"`;
  if (id === "domainRegistration") return 'registeredBy: "us"';
  if (id === "domainManagement") return "domains";
  if (id in blocks) return `blocks, kind: "${id}"`;
  return `option: "${id}"${level === undefined ? "" : `, level: ${level}`}`;
}

/** The price page as Markdown tables. */
export function priceMarkdown(list: PriceList, language: Language): string {
  const text = words[language];
  const tables = (["packs", "options", "services"] as const).map((section) => {
    const lines = priceRows(list, language)
      .filter((row) => row.section === section)
      .map((row) => `| ${row.title} | \`${written(row)}\` | ${priceText(row, language)} | ${row.detail} |`);
    return [`**${text[section]}**`, "", `| ${text.head.join(" | ")} |`, "|---|---|---|---|", ...lines].join("\n");
  });
  return `${tables.join("\n\n")}\n`;
}

/** The price page for a terminal, its width given in characters. */
export function pricePage(list: PriceList, language: Language, bold: (text: string) => string): string {
  const text = words[language];
  const rows = priceRows(list, language);
  const width = Math.max(...rows.map(({ title }) => title.length));
  const prices = Math.max(...rows.map((row) => priceText(row, language).length));
  const sections = (["packs", "options", "services"] as const).map((section) => {
    const lines = rows
      .filter((row) => row.section === section)
      .map((row) => `  ${row.title.padEnd(width)}  ${priceText(row, language).padStart(prices)}  ${written(row)}`);
    return [bold(text[section]), ...lines].join("\n");
  });
  const since =
    language === "fr"
      ? `Tarif ${list.id}, en vigueur depuis le ${list.from}`
      : `Price list ${list.id}, in force since ${list.from}`;
  return `${since}\n\n${sections.join("\n\n")}\n`;
}
