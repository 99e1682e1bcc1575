import type { Command } from "commander";
import { priceMarkdown, pricePage, priceRows } from "../catalogue/page.ts";
import { priceListOn } from "../catalogue/prices/index.ts";
import { placeOf } from "../load/place.ts";
import type { Member } from "../load.ts";
import { describe } from "../member/describe.ts";
import { listAddress } from "../member/names.ts";
import { origins } from "../plan/origins.ts";
import { plan } from "../plan/plan.ts";
import type { MemberPlan } from "../plan/types.ts";
import { type CommonOptions, common, language, paint } from "./common.ts";
import { exampleHosts, fail, oneMember } from "./members.ts";

const print = (text: string) => process.stdout.write(`${text}\n`);
const json = (value: unknown) => print(JSON.stringify(value, undefined, 2));

const explainExamples = `
Exemples :
  npx cassiopea explain jardins jardins.example        sa zone et ses enregistrements
  npx cassiopea explain jardins jardins_site           sa base de données
  npx cassiopea explain jardins info@jardins.example   une adresse`;

/** Commands that only look: `catalogue`, `show`, `plan`, `explain`. */
export function registerLook(program: Command, today: string | undefined): void {
  language(program.command("catalogue"))
    .description("imprime la page des prix : packs, options, services")
    .addHelpText("after", "\nExemple :\n  npx cassiopea catalogue --lang en")
    .option("--markdown", "en tableaux Markdown")
    .action(({ lang, json: machine, markdown }: CommonOptions & { markdown?: true }) => {
      const list = priceListOn(today ?? "9999-12-31");
      if (list === undefined) throw new Error("No price list is in force.");
      if (machine === true) json({ list: list.id, from: list.from, rows: priceRows(list, lang) });
      else if (markdown === true) print(priceMarkdown(list, lang).trimEnd());
      else print(pricePage(list, lang, paint.bold).trimEnd());
    });
  common(program.command("show <membre>"))
    .description("dit ce qu'a un membre, dans ses mots")
    .addHelpText("after", "\nExemple :\n  npx cassiopea show jardins")
    .action((id: string, options: CommonOptions) => {
      const member = oneMember(id, options);
      if (member === undefined) return;
      const groups = describe(id, member.declaration, options.lang);
      if (options.json === true) json({ member: id, declaration: member.declaration });
      else
        print(
          groups
            .map(({ title, lines }) => `${paint.bold(title)}\n${lines.map((line) => `  ${line}`).join("\n")}`)
            .join("\n\n"),
        );
    });
  common(program.command("plan <membre>"))
    .description("liste tout ce qui en découle : enregistrements DNS, bases, comptes, listes")
    .addHelpText("after", "\nExemple :\n  npx cassiopea plan jardins --json")
    .action((id: string, options: CommonOptions) => {
      const member = oneMember(id, options);
      if (member === undefined) return;
      const made = plan(member, exampleHosts(member), { today });
      if (options.json === true) json(made);
      else print(planText(member, made, options.lang));
    });
  common(program.command("explain <membre> <chose>"))
    .description(
      "dit quelle ligne du fichier et quelle règle ont fait une chose (domaine, enregistrement, base, adresse …)",
    )
    .addHelpText("after", explainExamples)
    .action((id: string, thing: string, options: CommonOptions) => {
      const member = oneMember(id, options);
      if (member === undefined) return;
      const all = origins(member, plan(member, exampleHosts(member), { today }));
      const found = all.filter((origin) => origin.thing === thing || origin.thing.startsWith(`${thing}/`));
      if (found.length === 0) {
        const text = { fr: `le plan de ${id} ne contient pas`, en: `the plan of ${id} does not hold` };
        fail(
          thing,
          all.map((origin) => origin.thing),
          options,
          text,
        );
        return;
      }
      const shown = found.map((origin) => ({ ...origin, ...placeOf(member, origin.keys) }));
      if (options.json === true)
        json(
          shown.map(({ keys: _keys, kind, rule, ...rest }) => ({
            ...rest,
            kind: kind[options.lang],
            rule: rule[options.lang],
          })),
        );
      else
        print(
          shown
            .map(
              (one) =>
                `${paint.bold(one.thing)} (${one.kind[options.lang]})\n  ${one.file}:${one.line}:${one.column}  ${one.path}\n  ${one.rule[options.lang]}`,
            )
            .join("\n\n"),
        );
    });
}

/** The plan for people. Addresses are those of the host in the stack, so its name stands for them. */
function planText({ declaration: said }: Member, made: MemberPlan, lang: "fr" | "en"): string {
  const french = lang === "fr";
  const group = (title: string, lines: string[]) =>
    lines.length === 0 ? [] : [`${paint.bold(title)}\n${lines.map((line) => `  ${line}`).join("\n")}`];
  return [
    ...made.domains.flatMap(({ domain, records }) =>
      group(
        `DNS ${domain}`,
        records.map((record) => {
          const value =
            record.key === "web"
              ? french
                ? "(adresse du serveur web)"
                : "(address of the web server)"
              : (record.content ?? JSON.stringify(record.data));
          return `${record.name}  ${record.type}  ${record.priority === undefined ? "" : `${record.priority} `}${value}`;
        }),
      ),
    ),
    ...group(
      french ? "Bases de données" : "Databases",
      made.databases.map(({ name, host }) => `${name}  (${host})`),
    ),
    ...made.documents.flatMap((document) =>
      group(`${french ? "Serveur" : "Server"} ${document.host}`, [
        `${french ? "compte" : "account"} ${document.member}, uid ${document.uid}${document.status === undefined ? "" : `, ${document.status}`}`,
        ...(document.sites ?? []).map(({ name, aliases = [] }) => `site ${[name, ...aliases].join(", ")}`),
      ]),
    ),
    ...group(
      french ? "Adresses" : "Addresses",
      [...(said.mailboxes ?? []), ...(said.aliases ?? []), ...(said.forwards ?? [])].map(({ address }) => address),
    ),
    ...group(
      french ? "Listes" : "Lists",
      (said.lists ?? []).map((list) => listAddress(said, list)),
    ),
  ].join("\n\n");
}
