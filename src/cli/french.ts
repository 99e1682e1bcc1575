import { type Command, Help, type Option } from "commander";

/** What commander says by itself, in French: titles of the help, and errors of the command line. */
const titles: Record<string, string> = {
  "Usage:": "Emploi :",
  "Options:": "Options :",
  "Commands:": "Commandes :",
  "Arguments:": "Arguments :",
};

const errors: [RegExp, string][] = [
  [/^error: unknown command '(.*)'/, "commande inconnue : « $1 »"],
  [/^error: unknown option '(.*)'/, "option inconnue : « $1 »"],
  [/^error: missing required argument '(.*)'/, "il manque <$1>"],
  [/^error: required option '(.*)' not specified/, "il manque l'option $1"],
  [/^error: option '(.*)' argument missing/, "l'option $1 attend une valeur"],
  [
    /^error: option '(.*)' argument '(.*)' is invalid. Allowed choices are (.*)\./,
    "$1 : « $2 » n'est pas permis ; permis : $3",
  ],
  [
    /^error: too many arguments for '(.*)'\. Expected (\d+) arguments? but got (\d+).*/,
    "$1 : $3 mots donnés, attendu : $2",
  ],
  [/^error: too many arguments\. Expected (\d+) arguments? but got (\d+).*/, "$2 mots donnés, attendu : $1"],
  [/\(Did you mean one of (.*)\?\)/, "Vouliez-vous écrire l'un de ceux-ci : $1 ?"],
  [/\(Did you mean (.*)\?\)/, "Vouliez-vous écrire $1 ?"],
];

class FrenchHelp extends Help {
  override styleTitle(title: string): string {
    return titles[title] ?? title;
  }

  override optionDescription(option: Option): string {
    const { argChoices, defaultValue, defaultValueDescription } = option;
    const shown = defaultValueDescription ?? defaultValue;
    const extra = [
      ...(argChoices === undefined ? [] : [`valeurs : ${argChoices.join(", ")}`]),
      ...(typeof shown === "string" ? [`sans cela : ${shown}`] : []),
    ];
    return extra.length === 0 ? option.description : `${option.description} (${extra.join(" ; ")})`;
  }
}

/** Has a command and those made after it speak French. */
export function inFrench(command: Command): Command {
  command.createHelp = () => Object.assign(new FrenchHelp(), command.configureHelp());
  return command
    .configureOutput({
      outputError: (text, write) =>
        write(errors.reduce((said, [pattern, french]) => said.replace(pattern, french), text)),
    })
    .helpOption("-h, --help", "montre cette aide");
}
