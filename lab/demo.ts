// `npm run demo`: a whole hosting service on this machine, from the members' files to their sites and the bill.
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { MemberDocument } from "../src/document.ts";
import { rootFile } from "./acme/authority.ts";
import { withLab } from "./command-lock.ts";
import { hasSetUpHost, keepSetUpHost, onHost } from "./hosts/index.ts";
import { step } from "./run.ts";
import { hosts, network, project } from "./settings.ts";
import { status as labStatus } from "./status.ts";
import { up } from "./up.ts";
import { visit } from "./visit.ts";

const [host] = hosts;
const year = "2026";

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Runs the project's command line as a user would, shows what it prints, and returns it. */
async function cassiopea(...args: string[]): Promise<string> {
  say(`\n$ npx cassiopea ${args.join(" ")}`);
  const child = spawn(process.execPath, [join(project, "components", "cassiopea.js"), ...args], {
    cwd: project,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
    process.stdout.write(text);
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve(status ?? 1));
  });
  if (code !== 0) throw new Error(`npx cassiopea ${args.join(" ")}: exit ${code}`);
  return printed;
}

/** Documents of the members that the host carries, as the host itself holds them. */
async function memberDocuments(): Promise<MemberDocument[]> {
  const { stdout } = await onHost(host, "cat /etc/hosting/members/*.json");
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as MemberDocument);
}

/** What a member does first: a table with a row, and a page that shows it. Nothing is replaced. */
async function publish({ member }: MemberDocument, site: string, database: string): Promise<void> {
  const asMember = (command: string, input: string) => onHost(host, `runuser -u ${member} -- ${command}`, { input });
  await asMember(
    `mariadb ${database}`,
    `CREATE TABLE IF NOT EXISTS greeting (id INT PRIMARY KEY, text VARCHAR(200));
     INSERT IGNORE INTO greeting VALUES (1, 'Bonjour de ${member}');\n`,
  );
  const page = `<?php
$db = new mysqli(null, '${member}', '', '${database}', 0, '/run/mysqld/mysqld.sock');
echo $db->query('SELECT text FROM greeting')->fetch_row()[0], ', lu dans ${database} par ', posix_getpwuid(posix_geteuid())['name'], "\\n";
`;
  await asMember(`sh -c 'test -e "$0" || cat > "$0"' /srv/hosting/${member}/sites/${site}/index.php`, page);
}

async function demo(): Promise<void> {
  const start = performance.now();
  await up({ hosts: 1, reset: true });
  if (!(await hasSetUpHost(host))) {
    say(`\nThe server is a bare Debian 13: it is set up first, and kept as the copy that later runs start from.`);
    await cassiopea("up", "--stack", "lab", "--hosts-only");
    await step(`keeping ${host.host} as set up`, () => keepSetUpHost(host));
  }
  await cassiopea("up", "--stack", "lab");

  say("\nThe members' sites, by the lab's DNS server, over HTTPS:");
  const documents = await memberDocuments();
  if (documents.length === 0) throw new Error(`${host.host} carries no member`);
  for (const document of documents) {
    const [site] = document.sites ?? [];
    const [database] = document.databases ?? [];
    if (site === undefined || database === undefined) {
      say(`  ${document.member}: has no site or no database`);
      continue;
    }
    await publish(document, site.name, database);
    const { address, url, status, body } = await visit(site.name);
    if (status !== 200) throw new Error(`${url} answers ${status}: ${body.slice(0, 500)}`);
    say(`  ${url} → ${address}: ${body.trim()}`);
  }

  const preview = await cassiopea("preview", "--stack", "lab");
  if (!preview.includes("rien à changer")) throw new Error("The second preview finds something to change.");
  await cassiopea("bill", "--year", year);

  const [first] = documents;
  const name = first?.sites?.[0]?.name ?? "";
  say(`
Done in ${((performance.now() - start) / 1000).toFixed(0)} s. All of it still runs:

${labStatus()}
Look around:
  dig @${network.address} ${name}
  curl --cacert ${rootFile} --resolve ${name}:443:${host.address} https://${name}/
  npx cassiopea plan ${first?.member ?? ""}
  npm run pulumi -- stack -s lab
  npm run lab -- shell
Stop it:
  npm run lab -- down`);
}

try {
  await withLab("npm run demo", demo);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
