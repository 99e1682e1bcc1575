import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFailed } from "vitest";
import { network } from "../../lab/settings.ts";
import { accounts } from "./drift/accounts.ts";
import { documentKinds, ordinary } from "./drift/documents.ts";
import { fileAccess, hostFiles, memberFiles } from "./drift/files.ts";
import type { Told } from "./drift/kind.ts";
import { certificates, services } from "./drift/services.ts";
import { trees } from "./drift/trees.ts";
import { makeKey } from "./file-access-support.ts";
import { cassiopea, deploy, lab, labHost, membersFolder, onHost } from "./support.ts";

const web1 = labHost("web1");
const from = "2026-01-01";
const domains = (name: string) => [{ name, from }];
const databases = [{ name: "site" }];
const suspended = { state: "suspended", since: from, reason: "cotisation impayée", level: "web" };
const exception = "/etc/hosting/local/nginx/extra.conf";
/** All kinds that a host puts right by itself, in rows of which no two of the same place touch the same thing. */
const rows = [[...memberFiles, ...fileAccess], hostFiles, trees, accounts, [...services, ...certificates]];
const kinds = rows.flat();
const groups = Array.from({ length: Math.max(...rows.map(({ length }) => length)) }, (_, place) => {
  const group = rows.flatMap((row) => row[place] ?? []);
  return { names: group.map(({ name }) => name).join(" · "), group };
});
let folder = "";

interface Answer {
  code: number;
  changed: string[];
  drift: Told[];
  warnings: string[];
}

/** What members have: the sums of all their files, wherever they lie now, and of their tables. */
const belongings =
  "systemctl start mariadb; find /srv/hosting -path '*/.export' -prune -o -type f -exec sha256sum {} + | cut -d' ' -f1; mariadb -BNe 'CHECKSUM TABLE lac_site.note, mer_site.note, port_site.note EXTENDED'";

/** Runs one line after the other on the host, by one login; what each printed. */
async function printed(...lines: string[]): Promise<string[]> {
  const end = "the end of a line";
  const { stdout } = await onHost(web1, lines.map((line) => `{ ${line}\n}; echo; echo '${end}'`).join("\n"));
  return stdout.split(`\n${end}\n`);
}

const agent = (line: string) => `hosting-agent ${line} </dev/null; echo $?`;
const check = agent("check");

/** What the agent said, with its exit code. */
function answer(text = ""): Answer {
  const [json = "", code = ""] = text.trim().split("\n");
  return { code: Number(code), ...(JSON.parse(json) as Omit<Answer, "code">) };
}

const sorted = (drift: readonly Told[]) => drift.toSorted((a, b) => (a.path < b.path ? -1 : 1));

/** What a `check` told, in order. */
function told(text = "") {
  const { code, drift, warnings } = answer(text);
  return { code, drift: sorted(drift), warnings };
}

/** The answer of a `check` that tells exactly these differences. */
function telling(drift: readonly Told[]) {
  const named = drift.map((one) => ({ ...one, path: one.path.replace("DEPLOYER", network.address) }));
  return { code: drift.length === 0 ? 0 : 2, drift: sorted(named), warnings: [`exception locale : ${exception}`] };
}
const nothing = telling([]);
const lines = (text = "") => text.trim().split("\n").sort();

beforeAll(async () => {
  await lab(["reset", "--hosts", "1"]);
  const { publicKey } = await makeKey(join(mkdtempSync(join(tmpdir(), "cassiopea-key-")), "key"));
  folder = await membersFolder({
    lac: {
      number: 601,
      limits: { memory: "256 MB", processes: 30, processor: 50 },
      domains: domains("lac.example"),
      sites: [{ name: "lac.example" }, { name: "vieux.lac.example" }],
      options: [{ option: "databaseUser", from }],
      databases: [{ name: "site", users: [{ name: "stats", access: "read" }] }],
      accounts: [{ kind: "sftp", keys: [publicKey] }],
    },
    mer: { number: 602, domains: domains("mer.example"), databases },
    port: { number: 603, domains: domains("port.example"), databases, status: suspended },
  });
  await deploy(folder);
  await onHost(
    web1,
    `mkdir -p ${exception.replace(/\/[^/]*$/, "")}; echo 'variables_hash_max_size 2048;' > ${exception}`,
  );
  for (const member of ["lac", "mer", "port"]) {
    const site = `/srv/hosting/${member}/sites/${member}.example`;
    await onHost(
      web1,
      `runuser -u ${member} -- sh -ec 'echo "<?php echo 1;" > ${site}/index.php; echo "${member}" > ${site}/note.txt; curl -sk -o /dev/null https://localhost/ || true'
mariadb ${member}_site -e "CREATE TABLE note (text VARCHAR(50)); INSERT INTO note VALUES ('note of ${member}')"`,
    );
  }
  // PHP of the member runs, as on every day.
  await onHost(web1, "curl -sk -o /dev/null --resolve lac.example:443:127.0.0.1 https://lac.example/index.php");
});

describe("no drift is told", () => {
  it("right after a deployment, with what is excepted on the host", async () => {
    const [said] = await printed(check);
    expect(told(said)).toEqual(nothing);
  });

  it.each(ordinary)("after %s", async (_, line) => {
    const [did, said] = await printed(`{ ${line}; } && echo done`, check);
    expect(did).toContain("done");
    expect(told(said)).toEqual(nothing);
  });
});

describe("what was changed by hand is told, put right, and nothing of it lost", () => {
  it("in many ways", () => {
    expect(kinds.length + documentKinds.length).toBeGreaterThan(80);
  });

  it.each(groups)("$names", async ({ group }) => {
    const undo = group.flatMap((kind) => kind.undo ?? []);
    // One that fails must not have all the others fail.
    onTestFailed(async () => {
      await printed(agent("apply --all"), ...undo);
    });
    const texts = group.flatMap(({ text }) => text ?? []);
    const [before, found, repaired, left, after, aside = ""] = (
      await printed(
        belongings,
        ...group.map(({ damage }) => damage),
        check,
        agent("apply --all"),
        check,
        belongings,
        "grep -rh '' /etc/hosting/aside || true",
      )
    ).toSpliced(1, group.length);
    expect(told(found)).toEqual(telling(group.flatMap(({ drift }) => drift)));
    const { code, changed, warnings } = answer(repaired);
    expect({ code, isChanged: changed.length > 0 }).toEqual({ code: 0, isChanged: true });
    expect(told(left)).toEqual(nothing);
    const isLost = group.some(({ loses }) => loses === true);
    expect(lines(after)).toEqual(expect.arrayContaining(isLost ? [] : lines(before)));
    expect(texts.filter((text) => !aside.includes(text))).toEqual([]);
    expect(warnings.filter((warning) => warning.includes("/etc/hosting/aside/")).length).toBeGreaterThanOrEqual(
      texts.length,
    );
    await printed(...undo);
  });

  it.each(documentKinds)("$name, by the one that was deployed", async ({ damage, drift }) => {
    const [before, , found, alone, still] = await printed(belongings, damage, check, agent("apply --all"), check);
    expect([told(found), answer(alone).code, told(still)]).toEqual([telling(drift), 4, telling(drift)]);
    const repaired = await cassiopea(["up", "--stack", "lab", "--members", folder, "--repair"]);
    expect(repaired.code, repaired.text).toBe(0);
    const [left, after] = await printed(check, belongings);
    expect(told(left)).toEqual(nothing);
    expect(lines(after)).toEqual(lines(before));
  });
});

describe("one repair", () => {
  it("puts right all that was changed, and a second one finds nothing to do", async () => {
    // One of two that damage the same thing is enough.
    const taken = new Set<string>();
    const together = [...documentKinds.slice(0, 1), ...kinds].filter(({ drift, undo, loses }) => {
      if (undo !== undefined || loses === true || drift.some(({ path }) => taken.has(path))) return false;
      for (const { path } of drift) taken.add(path);
      return true;
    });
    expect(together.length).toBeGreaterThan(40);
    const [before] = await printed(belongings, ...together.map(({ damage }) => damage));
    const repaired = await cassiopea(["up", "--stack", "lab", "--members", folder, "--repair"]);
    expect(repaired.code, repaired.text).toBe(0);
    const [left, after] = await printed(check, belongings);
    expect(told(left)).toEqual(nothing);
    expect(lines(after)).toEqual(expect.arrayContaining(lines(before)));
    const again = await cassiopea(["up", "--stack", "lab", "--members", folder, "--repair"]);
    expect([again.code, again.text]).toEqual([0, expect.stringContaining("rien à réparer") as unknown]);
  });

  it("makes a lost database anew, empty, since only a restore gives its rows back", async () => {
    const [, found] = await printed("mariadb -e 'DROP DATABASE mer_site'", check);
    expect(told(found)).toEqual(
      telling([{ path: "database mer_site", kind: "hand-made", key: "databases", member: "mer" }]),
    );
    const repaired = await cassiopea(["up", "--stack", "lab", "--members", folder, "--repair"]);
    expect(repaired.code, repaired.text).toBe(0);
    const [left] = await printed(check);
    expect(told(left)).toEqual(nothing);
  });

  it("keeps the newest ten texts of a file, root's alone", async () => {
    const file = "/etc/nginx/members.d/lac.example.conf";
    const kept = `/etc/hosting/aside${file}`;
    const edit = `echo "# edit $n." >> ${file}; hosting-agent apply < /etc/hosting/members/lac.json`;
    const [, list, owner] = await printed(
      `for n in $(seq 12); do ${edit}; done`,
      `find ${kept} -maxdepth 1 -type f | wc -l; grep -rhoE '# edit [0-9]+' ${kept}`,
      "stat -c '%U %a' /etc/hosting/aside",
    );
    const newest = Array.from({ length: 10 }, (_, index) => `# edit ${index + 3}`);
    expect(lines(list)).toEqual(["10", ...newest].sort());
    expect(owner?.trim()).toBe("root 700");
  });

  it("leaves what is excepted on the host as it is", async () => {
    expect(await printed(`cat ${exception}`)).toEqual(["variables_hash_max_size 2048;\n", ""]);
  });
});
