import { beforeAll, describe, expect, it } from "vitest";
import type { MemberDocument } from "../../src/document.ts";
import { answer, applyKilled, layHook, watch } from "./kill-support.ts";
import { deploy, lab, labHost, membersFolder, onHost } from "./support.ts";

const web1 = labHost("web1");
const from = "2026-01-01";
/** The neighbour's page, which has to be answered all the time; HTTP leads to it nowhere else, since no DNS knows the name. */
const neighbour = document("voisin", 900);
/** More steps than any of the changes has. */
const most = 90;

function document(member: string, number: number, parts: Partial<MemberDocument> = {}): MemberDocument {
  const sites = [{ name: `${member}.example` }];
  const databases = [`${member}_site`];
  const base = { schema: 1, kind: "member", host: "web1", member, uid: 20_000 + number } as const;
  return { ...base, sites, databases, disk: 1_000_000_000, ...parts };
}

const nth = (at: number, parts: Partial<MemberDocument> = {}) => document(`m${at}`, 1000 + at, parts);
const changed = (at: number) =>
  nth(at, {
    sites: [{ name: `m${at}.example`, aliases: [`www.m${at}.example`] }, { name: `neuf.m${at}.example` }],
    limits: { memory: 256_000_000, processes: 30 },
    disk: 2_000_000_000,
  });
const suspended = (at: number): MemberDocument => ({ ...changed(at), status: "suspended" });

async function agent(line: string, documents: readonly MemberDocument[] = []) {
  const input = documents.map((one) => JSON.stringify(one)).join("\n");
  const { code, stdout } = await onHost(web1, `hosting-agent ${line}`, { input, check: false });
  const { changed, drift } = JSON.parse(stdout) as { changed: string[]; drift: unknown[] };
  return { code, changed, drift };
}

/** Has members publish a page of PHP that answers with their name, from their own database. */
async function publish(members: readonly string[]): Promise<void> {
  const lines = members.map((member) => {
    const file = `/srv/hosting/${member}/sites/${member}.example/index.php`;
    return `runuser -u ${member} -- tee ${file} > /dev/null <<'END'
<?php $db = new mysqli(null, '${member}', '', '${member}_site', 0, '/run/mysqld/mysqld.sock');
echo $db->query("SELECT '${member}'")->fetch_row()[0];
END`;
  });
  await onHost(web1, "sh -e", { input: lines.join("\n") });
}

/** What killed runs left behind. */
const leftOvers = async () =>
  (
    await onHost(
      web1,
      "find /etc /var/lib/hosting /usr/local /srv/hosting -xdev \\( -name '.*.hosting' -o -name '*.candidate' -o -name '.*.new' \\); ls -A /var/lib/hosting/acme | grep '^[.]'; ls -d /run/hosting/nginx-*",
      { check: false },
    )
  ).stdout;

/**
 * Has one change made of one member after the other, the first killed before its first step, the next before its second, until
 * one comes to its end; each is applied again at once. How many steps there were, and what visitors met that they should not.
 */
async function killAtEachStep(change: (at: number) => MemberDocument, good: (at: number) => RegExp | undefined) {
  const bad: string[] = [];
  const failed: string[] = [];
  let asked = 0;
  let at = 1;
  const watched = watch(web1, "voisin.example", /^200 voisin$/);
  for (; at <= most; at += 1) {
    const answers = good(at);
    const own = answers === undefined ? undefined : watch(web1, `m${at}.example`, answers);
    const done = await applyKilled(web1, change(at), at);
    const seen = await own?.end();
    bad.push(...(seen?.bad ?? []).map((said) => `step ${at}: m${at} ${said}`));
    asked += seen?.asked ?? 0;
    if (done.code !== 0) failed.push(`step ${at}: ${done.answer}`);
    if (!done.killed) break;
  }
  const seen = await watched.end();
  bad.push(...seen.bad.map((said) => `voisin ${said}`));
  return { steps: at - 1, failed, bad, asked: asked + seen.asked };
}

beforeAll(async () => {
  await lab(["reset", "--hosts", "1"]);
  await deploy(await membersFolder({ seul: { number: 899, domains: [{ name: "seul.example", from }] } }));
  await layHook(web1);
  const names = [neighbour, ...Array.from({ length: most }, (_, index) => nth(index + 1))].map(({ member }) => member);
  await onHost(web1, "mariadb", { input: names.map((name) => `CREATE DATABASE ${name}_site;`).join("\n") });
  await onHost(web1, "hosting-agent apply", { input: JSON.stringify(neighbour) });
  await publish(["voisin"]);
});

/** Those that the first series made, by the number of the step before which each was killed. */
let made = 0;

describe("a run that is killed before any of its steps stops nobody's site, and the next one completes it", () => {
  it("when it is a member's first", async () => {
    const { steps, failed, bad, asked } = await killAtEachStep(nth, () => undefined);
    made = steps + 1;
    expect({ failed, bad }).toEqual({ failed: [], bad: [] });
    expect(steps).toBeGreaterThan(30);
    expect(asked).toBeGreaterThan(200);
    const all = Array.from({ length: made }, (_, index) => index + 1);
    expect(
      await agent(
        "apply",
        all.map((at) => nth(at)),
      ),
    ).toMatchObject({ code: 0, changed: [] });
    expect(await agent("check")).toMatchObject({ code: 0, drift: [] });
    for (const at of all) expect(await answer(web1, `m${at}.example`, "/")).toContain(`Bienvenue sur m${at}.example`);
    expect(await leftOvers()).toBe("");
  });

  const open = "200 m\\d+";
  it.each([
    ["adds a site, a further name, limits and disk space", 40, nth, changed, new RegExp(`^${open}$`)],
    ["suspends a member", 28, changed, suspended, new RegExp(`^(${open}|503 <!doctype html>[^]*)$`, "i")],
    ["opens a suspended one again", 28, suspended, changed, new RegExp(`^(${open}|503 <!doctype html>[^]*)$`, "i")],
  ] as const)("when it %s", async (_, enough, before, change, good) => {
    const members = Array.from({ length: Math.min(made, enough) }, (_, index) => index + 1);
    expect(
      await agent(
        "apply",
        members.map((at) => before(at)),
      ),
    ).toMatchObject({ code: 0 });
    await publish(members.map((at) => `m${at}`));
    const { steps, failed, bad } = await killAtEachStep(change, () => good);
    expect({ failed, bad }).toEqual({ failed: [], bad: [] });
    expect(steps).toBeGreaterThan(5);
    expect(steps).toBeLessThan(members.length);
    const all = Array.from({ length: steps + 1 }, (_, index) => change(index + 1));
    expect(await agent("apply", all)).toMatchObject({ code: 0, changed: [] });
    expect(await agent("check")).toMatchObject({ code: 0, drift: [] });
    expect(await leftOvers()).toBe("");
  });
});
