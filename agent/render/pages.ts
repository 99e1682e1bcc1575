import { domainToUnicode } from "node:url";
import type { HostDocument } from "../../src/document.ts";
import type { DesiredFile } from "../files.ts";
import { paths } from "../paths.ts";

function page(title: string, paragraph: string): string {
  return `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>body { max-width: 40rem; margin: 4rem auto; padding: 0 1rem; font: 1.125rem/1.5 sans-serif; color: #1a1a1a; background: #fff }</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${paragraph}</p>
</main>
</body>
</html>
`;
}

/** The page that stands in a new site's folder until the member puts its own there. */
export function welcomePage(site: string): string {
  const name = domainToUnicode(site);
  return page(
    `Bienvenue sur ${name}`,
    "Cet espace web est prêt. Le site sera visible ici dès que ses fichiers y auront été déposés.",
  );
}

/** Pages shown in place of sites that are not served, with whom to write to. */
export function closedPages({ contact }: Pick<HostDocument, "contact">): DesiredFile[] {
  const write = contact === undefined ? "" : ` Pour toute question : <a href="mailto:${contact}">${contact}</a>`;
  const closed = (name: string, title: string, paragraph: string): DesiredFile => ({
    path: `${paths.pages}/${name}.html`,
    content: page(title, `${paragraph}${write}`),
    mode: 0o644,
    key: "roles",
  });
  return [
    closed("suspended", "Site suspendu", "Ce site est momentanément indisponible."),
    closed("left", "Site fermé", "Ce site n'est plus hébergé ici."),
  ];
}
