import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { packs } from "../catalogue/index.ts";
import { checkMembers } from "../checks.ts";
import { MEMBER_ID } from "../document.ts";
import { isReservedId } from "../load/reserved.ts";
import { declarationOf, loadMembers } from "../load.ts";
import { date, domainName, line } from "../member/fields.ts";
import { wantedEntry } from "../member/names.ts";
import { freeNumber, registryText } from "../registry.ts";
import { type CommonOptions, common, paint, report } from "./common.ts";

type Answers = { id: string; name: string; kind: string; pack: string; domain: string; since: string };

interface Question {
  key: keyof Answers;
  ask: { fr: string; en: string };
  /** Why an answer cannot be taken; undefined when it can. */
  wrong: (answer: string) => { fr: string; en: string } | undefined;
}

const packIds = Object.keys(packs);
const kinds = ["association", "individual"];
const oneOf = (allowed: readonly string[]) => (answer: string) =>
  allowed.includes(answer) ? undefined : { fr: `écrivez ${allowed.join(", ")}`, en: `write ${allowed.join(", ")}` };

function questions(folder: string): Question[] {
  return [
    {
      key: "id",
      ask: { fr: "Identifiant (court, ne change plus jamais)", en: "Id (short, never changes)" },
      wrong: (answer) =>
        !MEMBER_ID.test(answer)
          ? {
              fr: "une minuscule, puis 1 à 15 minuscules ou chiffres",
              en: "a small letter, then 1 to 15 small letters or digits",
            }
          : isReservedId(answer) || existsSync(join(folder, `${answer}.ts`))
            ? { fr: "cet identifiant est déjà pris", en: "this id is taken" }
            : undefined,
    },
    {
      key: "name",
      ask: { fr: "Nom", en: "Name" },
      wrong: (answer) =>
        line.safeParse(answer).success
          ? undefined
          : { fr: "un nom d'une ligne, de 1 à 120 caractères", en: "a name of one line, 1 to 120 characters" },
    },
    { key: "kind", ask: { fr: `Sorte (${kinds.join(", ")})`, en: `Kind (${kinds.join(", ")})` }, wrong: oneOf(kinds) },
    {
      key: "pack",
      ask: { fr: `Pack (${packIds.join(", ")})`, en: `Pack (${packIds.join(", ")})` },
      wrong: oneOf(packIds),
    },
    {
      key: "domain",
      ask: { fr: "Domaine", en: "Domain" },
      wrong: (answer) =>
        domainName.safeParse(answer).success
          ? undefined
          : {
              fr: "un nom de domaine en minuscules, par exemple jardins.be",
              en: "a domain name in small letters, as jardins.be",
            },
    },
    {
      key: "since",
      ask: { fr: "Membre depuis le (aaaa-mm-jj)", en: "Member since (yyyy-mm-dd)" },
      wrong: (answer) =>
        date.safeParse(answer).success
          ? undefined
          : { fr: "une date qui existe, par exemple 2026-03-01", en: "a date that exists, as 2026-03-01" },
    },
  ];
}

const newExamples = `
Exemples :
  npx cassiopea new                    pose les questions une à une
  npx cassiopea new --id ferme --name "La ferme du bois" --kind association \\
    --pack assisted --domain ferme.be --since 2026-03-01`;

/** `cassiopea new`: asks what is not given by options, writes the file and its registry entry, and checks them. */
export function registerNew(program: Command): void {
  common(program.command("new"))
    .description("pose quelques questions et écrit le fichier d'un nouveau membre")
    .addHelpText("after", newExamples)
    .option("--id <id>", "identifiant")
    .option("--name <nom>", "nom")
    .option("--kind <sorte>", "association ou individual")
    .option("--pack <pack>", "premier pack")
    .option("--domain <domaine>", "premier domaine")
    .option("--since <date>", "membre depuis")
    .action(async (options: CommonOptions & Partial<Answers>) => {
      const answers = await ask(options);
      if (answers !== undefined) write(answers, options);
      else process.exitCode = 1;
    });
}

async function ask(options: CommonOptions & Partial<Answers>): Promise<Answers | undefined> {
  const { lang, members } = options;
  const answers: Partial<Answers> = {};
  const given = questions(members).filter(({ key }) => options[key] !== undefined);
  for (const { key, ask: asked, wrong } of given) {
    const answer = options[key] ?? "";
    const why = wrong(answer);
    if (why !== undefined) {
      process.stderr.write(`${asked[lang]} : « ${answer} » : ${why[lang]}\n`);
      return undefined;
    }
    answers[key] = answer;
  }
  const left = questions(members).filter(({ key }) => answers[key] === undefined);
  if (left.length === 0) return answers as Answers;
  const input = createInterface({ input: process.stdin });
  // Read line by line, so that answers may also come from a file or a pipe.
  const lines = input[Symbol.asyncIterator]();
  try {
    for (const question of left) {
      for (;;) {
        process.stderr.write(`${question.ask[lang]} : `);
        const line = await lines.next();
        // The input ended before the questions did: nothing is written.
        if (line.done === true) return undefined;
        const answer = line.value.trim();
        answers[question.key] = answer;
        const why = question.wrong(answer);
        if (why === undefined) break;
        process.stderr.write(`  ${why[lang]}\n`);
      }
    }
  } finally {
    input.close();
  }
  return answers as Answers;
}

function write({ id, name, kind, pack, domain, since }: Answers, options: CommonOptions): void {
  const { members: folder, lang } = options;
  const taken = new Set(loadMembers(folder).registry.map(({ number }) => number));
  const number = freeNumber(id, taken);
  const web = pack === "autonomous" || pack === "assisted";
  const text = `import { member } from "../src/member.ts";

export default member({
  number: ${number},
  name: ${JSON.stringify(name)},
  kind: "${kind}",
  membership: { since: "${since}" },
  packs: [{ pack: "${pack}", from: "${since}" }],
  domains: [{ name: "${domain}", from: "${since}" }],
${web ? '  databases: [{ name: "site" }],\n' : ""}});
`;
  const file = join(folder, `${id}.ts`);
  const { declaration, problems } = declarationOf({ file: `members/${id}.ts`, text });
  if (declaration === undefined) {
    report(problems, lang);
    process.exitCode = 1;
    return;
  }
  mkdirSync(join(folder, "registry"), { recursive: true });
  writeFileSync(file, text, { flag: "wx" });
  writeFileSync(join(folder, "registry", String(number)), registryText(wantedEntry(id, declaration)), { flag: "wx" });
  const entry = join(folder, "registry", String(number));
  const found = checkMembers(loadMembers(folder));
  if (found.length > 0) process.exitCode = 1;
  if (options.json === true) {
    const problems = found.map((problem) => problem.json(lang));
    process.stdout.write(`${JSON.stringify({ id, number, file, registry: entry, problems }, undefined, 2)}\n`);
    return;
  }
  process.stdout.write(`${paint.green("✓")} ${file}\n${paint.green("✓")} ${entry}\n`);
  if (found.length > 0) report(found, lang);
  else
    process.stdout.write(
      lang === "fr"
        ? `Vérifié, aucun problème. Complétez ${file} avec un éditeur de texte, puis : npx cassiopea check\n`
        : `Checked, no problem. Complete ${file} with a text editor, then: npx cassiopea check\n`,
    );
}
