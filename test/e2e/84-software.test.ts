import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rootFile } from "../../lab/acme/authority.ts";
import { run } from "../../lab/run.ts";
import { trustingBrowser } from "./browser.ts";
import { handOver } from "./file-access-support.ts";
import {
  cassiopea,
  deploy,
  documentOn,
  lab,
  labHost,
  membersFolder,
  onHost,
  type Said,
  writeMember,
} from "./support.ts";

const web1 = labHost("web1");
const from = "2026-01-01";
const packs = [{ pack: "assisted", from }];
const said: Said = {
  number: 301,
  packs,
  domains: [{ name: "ferme.example", from }],
  databases: [{ name: "site" }],
  software: [{ software: "spip", site: "ferme.example" }],
};
const extraDatabase = { option: "database", from };
const blog = { software: "spip", site: "lac.example", folder: "blog", database: "blog" };
const lac: Said = {
  number: 302,
  packs,
  domains: [{ name: "lac.example", from }],
  databases: [{ name: "blog" }, { name: "site" }],
  options: [extraDatabase],
  software: [blog],
};
const site = "/srv/hosting/ferme/sites/ferme.example";
const artefact = "/var/lib/hosting/software/spip-4.4.30";
const title = "Les semis de printemps";
let folder = "";
let browser: Browser;

/** Status and body of a page of a member's, over HTTPS as visitors get it. */
async function visit(name: string, path: string): Promise<{ status: string; body: string }> {
  const led = ["--cacert", rootFile, "--resolve", `${name}:443:${web1.address}`, "--path-as-is"];
  const { stdout } = await run("curl", ["-sS", "-w", "\\n%{http_code}", ...led, `https://${name}${path}`]);
  const cut = stdout.lastIndexOf("\n");
  return { status: stdout.slice(cut + 1), body: stdout.slice(0, cut) };
}
const applied = async (check = true) => {
  const done = await onHost(web1, "hosting-agent apply --all </dev/null", { check });
  return JSON.parse(done.stdout) as { changed: string[]; warnings: string[]; error?: string };
};
const drift = async () =>
  (
    JSON.parse((await onHost(web1, "hosting-agent check </dev/null", { check: false })).stdout) as {
      drift: { path: string }[];
    }
  ).drift;
const version = async () =>
  (
    await onHost(
      web1,
      `sed -n "s/^.spip_version_branche = '\\(.*\\)';/\\1/p" ${site}/ecrire/inc_version.php; mariadb -BNe "SELECT valeur FROM ferme_site.spip_meta WHERE nom='version_installee'"`,
    )
  ).stdout.trim();

/** Makes the installed program pass for an older one, its tables for those before SPIP's last changes of them: Debian has one version only. */
const passForOlder = () =>
  onHost(
    web1,
    `sed -i "s/^.spip_version_branche = .*/\\$spip_version_branche = '4.4.21';/" ${site}/ecrire/inc_version.php; mariadb -e "UPDATE ferme_site.spip_meta SET valeur='2022022303' WHERE nom='version_installee'"`,
  );

beforeAll(async () => {
  await lab(["reset", "--hosts", "1"]);
  folder = await membersFolder({ ferme: said, lac });
  await deploy(folder);
  browser = await trustingBrowser([rootFile], web1.address);
});
afterAll(() => browser.close());

async function fill(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await page.fill(`[name="${name}"]`, value);
}

describe("SPIP", () => {
  it("is installed unattended, in the site or in a folder of it, and its installer is shut", async () => {
    for (const [name, path] of [
      ["ferme.example", "/"],
      ["lac.example", "/blog/"],
    ] as const) {
      const home = await visit(name, path);
      expect([home.status, home.body.includes(name)], home.body.slice(0, 300)).toEqual(["200", true]);
      const installer = await visit(name, `${path}ecrire/?exec=install&etape=1`);
      expect(installer.body).not.toContain("adresse_db");
      expect(["302", "403"]).toContain(installer.status);
    }
    expect((await visit("lac.example", "/")).body).toContain("Bienvenue sur lac.example");
    expect(await version()).toBe("4.4.30\n2026092400");
    expect((await documentOn(web1, "ferme")).software).toEqual([
      { software: "spip", site: "ferme.example", database: "ferme_site", version: "4.4.30" },
    ]);
  });

  it("is not changed by a second run, and nothing of it is found changed by hand", async () => {
    expect(await applied()).toMatchObject({ changed: [] });
    expect(await drift()).toEqual([]);
    const up = await cassiopea(["up", "--stack", "lab", "--members", folder]);
    expect([up.code, up.stdout.trim().split("\n").at(-1)]).toEqual([0, "rien à changer (2 membres, 1 serveur)"]);
  });

  it("lets its administrator in by the password that was handed over, who writes an article that visitors read", async () => {
    const { passwords } = await handOver("ferme", folder);
    expect((await handOver("ferme", folder)).passwords.size).toBe(0);
    const page = await browser.newPage();
    await page.goto("https://ferme.example/ecrire/");
    await fill(page, { var_login: "admin", password: passwords.get("admin") ?? "" });
    await Promise.all([
      page.waitForURL(/\/ecrire\/(?!.*login)/),
      page.click('form[id="formulaire_login"] [type="submit"]'),
    ]);
    await page.goto("https://ferme.example/ecrire/?exec=rubrique_edit&new=oui&retour=nav");
    await fill(page, { titre: "Jardin" });
    await Promise.all([page.waitForURL(/exec=rubrique\b/), page.click('.formulaire_editer_rubrique [type="submit"]')]);
    await page.goto("https://ferme.example/ecrire/?exec=article_edit&new=oui&id_rubrique=1");
    await fill(page, { titre: title, texte: "Au début du mois de mars." });
    await Promise.all([page.waitForURL(/exec=article\b/), page.click('.formulaire_editer_article [type="submit"]')]);
    // The form opens by a script: it is sent as it would be.
    const published = page.locator('.formulaire_instituer input[name="statut"][value="publie"]');
    await published.evaluate(
      (input: { checked: boolean; form: { querySelector: (what: string) => { click: () => void } } }) => {
        input.checked = true;
        input.form.querySelector('[type="submit"]').click();
      },
    );
    await page.waitForLoadState("networkidle");
    await page.close();
    const article = await visit("ferme.example", "/spip.php?article1");
    expect(article.status).toBe("200");
    expect(article.body).toContain(title);
  });

  it("keeps from visitors what is not theirs, and never runs what was sent to it", async () => {
    await onHost(web1, `runuser -u ferme -- sh -c 'echo "<?php echo 42;" > ${site}/IMG/sent.php'`);
    for (const path of [
      "/config/connect.php",
      "/config/mes_options.php",
      "/tmp/",
      "/vendor/autoload.php",
      "/IMG/sent.php",
      "/local/x.php",
    ])
      expect((await visit("ferme.example", path)).status, path).toBe("404");
    expect((await visit("lac.example", "/blog/config/connect.php")).status).toBe("404");
    expect((await visit("ferme.example", "/spip.png")).status).toBe("200");
    const modes = await onHost(web1, `stat -c "%U %a %n" ${site}/config/connect.php ${site}/config/cles.php`);
    expect(
      modes.stdout
        .trim()
        .split("\n")
        .map((line) => line.split(" ").slice(0, 2).join(" ")),
    ).toEqual(["ferme 600", "ferme 600"]);
    expect(
      (
        await onHost(web1, `grep -c "spip_connect_db('localhost','','ferme',''" ${site}/config/connect.php`)
      ).stdout.trim(),
    ).toBe("1");
  });

  it("whose program was changed by hand is found, put right, and the change is kept", async () => {
    await onHost(web1, `runuser -u ferme -- sh -c 'printf "\\n// mine\\n" >> ${site}/prive/javascript/spip_barre.js'`);
    expect(await drift()).toEqual([
      {
        path: `${site}/prive/javascript/spip_barre.js`,
        kind: "hand-made",
        key: "software.ferme.example",
        member: "ferme",
      },
    ]);
    const { changed, warnings } = await applied();
    expect(changed).toEqual(["spip ferme.example 4.4.30"]);
    expect(await drift()).toEqual([]);
    const kept = /gardé dans (\S+)/.exec(warnings.join("\n"))?.[1] ?? "";
    expect((await onHost(web1, `tail -1 ${kept}/prive/javascript/spip_barre.js`)).stdout.trim()).toBe("// mine");
    expect((await visit("ferme.example", "/spip.php?article1")).body).toContain(title);
  });

  it("that passes for an older version is upgraded: tables too, content kept, the database before it at hand", async () => {
    await passForOlder();
    const { changed, warnings } = await applied();
    expect(changed).toEqual(["spip ferme.example 4.4.30"]);
    expect(await version()).toBe("4.4.30\n2026092400");
    expect((await visit("ferme.example", "/spip.php?article1")).body).toContain(title);
    const dump = /la base d'avant est dans (\S+)/.exec(warnings.join("\n"))?.[1] ?? "";
    expect((await onHost(web1, `grep -c '${title}' ${dump}; stat -c '%U %a' ${dump}`)).stdout).toMatch(
      /^[1-9]\d*\nferme 600\n$/,
    );
    expect(await applied()).toMatchObject({ changed: [] });
  });

  it("goes back to what was there when the upgraded one does not answer", async () => {
    await passForOlder();
    await onHost(
      web1,
      `cp -a ${artefact} ${artefact}.sound; cp -a ${artefact}.sha256 ${artefact}.sha256.sound; echo 'not PHP' > ${artefact}/ecrire/inc/utils.php; sed -i '1i <?php throw new Exception("broken");' ${artefact}/ecrire/inc/utils.php; cd ${artefact}; find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum > ${artefact}.sha256`,
    );
    const { error } = await applied(false);
    expect(error).toContain("spip ferme.example : retour à 4.4.21, le passage à 4.4.30 échoue");
    expect(await version()).toBe("4.4.21\n2022022303");
    expect((await visit("ferme.example", "/spip.php?article1")).body).toContain(title);
    await onHost(
      web1,
      `rm -r ${artefact} ${artefact}.sha256; mv ${artefact}.sound ${artefact}; mv ${artefact}.sha256.sound ${artefact}.sha256`,
    );
    expect((await applied()).changed).toContain("spip ferme.example 4.4.30");
    expect((await visit("ferme.example", "/spip.php?article1")).body).toContain(title);
  });

  it("is not put where something else is; a version that Debian does not give is said, and the site goes on", async () => {
    const index = "/srv/hosting/lac/sites/lac.example/index.html";
    await onHost(web1, `echo mine > ${index}`);
    const whole = { software: "spip", site: "lac.example", database: "site" };
    writeMember(folder, "lac", {
      ...lac,
      options: [extraDatabase, { option: "assistance", level: 1, from }],
      software: [blog, whole],
    });
    const up = await cassiopea(["up", "--stack", "lab", "--members", folder]);
    expect(up.code).toBe(1);
    expect(up.text).toContain("contient déjà autre chose (blog, index.html) : SPIP n'y est pas installé");
    expect((await onHost(web1, `cat ${index}`)).stdout).toBe("mine\n");
    writeMember(folder, "lac", {
      ...lac,
      software: [{ ...blog, version: "4.4.99" }],
    });
    const other = await cassiopea(["up", "--stack", "lab", "--members", folder]);
    expect(other.text).toContain("SPIP 4.4.99 est demandé, Debian donne 4.4.30");
    expect((await visit("lac.example", "/blog/")).status).toBe("200");
  });

  it("that is no longer looked after stays, and stays shut", async () => {
    writeMember(folder, "lac", { ...lac, software: [{ ...blog, to: "2026-02-01" }] });
    await deploy(folder);
    expect((await documentOn(web1, "lac")).software).toMatchObject([{ ended: true }]);
    expect((await visit("lac.example", "/blog/")).status).toBe("200");
    expect((await visit("lac.example", "/blog/config/connect.php")).status).toBe("404");
  });
});
