import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { rootFile } from "../../lab/acme/authority.ts";
import { startHost, stopHost } from "../../lab/hosts/index.ts";
import { run } from "../../lab/run.ts";
import type { Usage } from "../../src/billing/usage.ts";
import { FileClient, handOver } from "./file-access-support.ts";
import { cassiopea, deploy, documentOn, lab, membersFolder, onHost, type Said, writeMember } from "./support.ts";
import {
  asMember,
  domain,
  from,
  group,
  keyFile,
  log,
  measured,
  month,
  received,
  said,
  site,
  traffic,
  web1,
  web2,
} from "./usage-support.ts";

const usage = mkdtempSync(join(tmpdir(), "cassiopea-usage-"));
let folder = "";
const collect = (of: string) =>
  cassiopea(["usage", "collect", of, "--stack", "lab", "--members", folder, "--usage", usage]);

beforeAll(async () => {
  await lab(["reset", "--hosts", "2"]);
  const lac: Said = { number: 302, host: { web: "web2", database: "web2" }, domains: [{ name: "lac.example", from }] };
  folder = await membersFolder({ ferme: said, lac });
  await deploy(folder);
  const page = `<?php if (isset($_GET["mb"])) { $file = fopen(__DIR__ . "/big", "a"); $part = random_bytes(1048576);
for ($n = 0; $n < $_GET["mb"]; $n++) if (@fwrite($file, $part) !== 1048576) { echo "refused: ", error_get_last()["message"]; exit; } }
echo "written";`;
  await asMember(`cat > ${site}/index.php`, page);
  await asMember(`head -c 1000000 /dev/urandom > ${site}/photo.bin`);
});

describe("disk", () => {
  it("is limited to what the pack includes", async () => {
    const { uid, disk } = await documentOn(web1, "ferme");
    expect(disk).toBe(1_000_000_000);
    expect((await group(uid)).limit).toBe("1000000000");
  });

  it("can't be written past the limit, by PHP, SFTP, FTPS nor by the member's user; what is removed is free again", async () => {
    const visit = async (query: string) => {
      const options = ["-sS", "--cacert", rootFile, "--resolve", `${domain}:443:${web1.address}`];
      return (await run("curl", [...options, `https://${domain}/index.php${query}`])).stdout;
    };
    expect(await visit("?mb=10")).toBe("written");
    expect((await asMember(`fallocate -l 970000000 ${site}/reserve`)).code).toBe(0);
    expect(await visit("?mb=50")).toMatch(/^refused: .*Disk quota exceeded/);
    const shell = await asMember(`head -c 50000000 /dev/urandom > ${site}/more`);
    expect(shell.code).not.toBe(0);
    expect(shell.stderr).toContain("Disk quota exceeded");
    const { uid } = await documentOn(web1, "ferme");
    const large = join(usage, "large");
    await run("sh", ["-c", `head -c 50000000 /dev/urandom > ${large}`]);
    const client = new FileClient(web1, usage);
    const password = (await handOver("ferme", folder)).passwords.get("ferme_files") ?? "";
    const bySftp = () => client.sftp("ferme", keyFile, [`put ${large} sites/${domain}/by-sftp`]);
    const byFtps = () => client.ftps("ferme_files", password, `/sites/${domain}/by-ftps`, ["-T", large]);
    for (const refused of [await bySftp(), await byFtps()]) expect(refused.code).not.toBe(0);
    expect(Number((await group(uid)).used)).toBeLessThanOrEqual(1_000_000_000);
    await asMember(`rm -f ${site}/reserve ${site}/by-sftp ${site}/by-ftps`);
    for (const taken of [await bySftp(), await byFtps()]) expect(taken.code, taken.stderr).toBe(0);
    const sizes = (await onHost(web1, `stat -c %s ${site}/by-sftp ${site}/by-ftps`)).stdout;
    expect(sizes).toBe("50000000\n50000000\n");
    expect((await asMember(`rm -f ${site}/by-sftp ${site}/by-ftps ${site}/big ${site}/more`)).code).toBe(0);
    expect(await visit("?mb=10")).toBe("written");
    await asMember(`rm ${site}/big`);
  });

  it("has more room with a block, and nothing else changes; less again once it is recovered", async () => {
    const before = await documentOn(web1, "ferme");
    writeMember(folder, "ferme", { ...said, blocks: [{ kind: "disk", id: "2026-1", on: "2026-02-10" }] });
    await deploy(folder);
    expect(await documentOn(web1, "ferme")).toEqual({ ...before, disk: 21_000_000_000 });
    expect((await group(before.uid)).limit).toBe("21000000000");
    writeMember(folder, "ferme", said);
    const apply = await onHost(web1, "hosting-agent apply", { input: JSON.stringify(before) });
    expect((JSON.parse(apply.stdout) as { changed: string[] }).changed).toEqual([
      "quota ferme",
      "/etc/hosting/members/ferme.json",
    ]);
    expect((await group(before.uid)).limit).toBe("1000000000");
    const again = await onHost(web1, "hosting-agent apply", { input: JSON.stringify(before) });
    expect(JSON.parse(again.stdout)).toMatchObject({ changed: [] });
  });

  it("whose limit was changed by hand is found by check and put right by a repair", async () => {
    const { uid } = await documentOn(web1, "ferme");
    await onHost(web1, `btrfs qgroup limit none 1/${uid} /srv/hosting`);
    const check = await onHost(web1, "hosting-agent check </dev/null", { check: false });
    expect((JSON.parse(check.stdout) as { drift: unknown[] }).drift).toEqual([
      { path: "quota ferme", kind: "hand-made", key: "disk", member: "ferme" },
    ]);
    const repair = await onHost(web1, "hosting-agent apply --all </dev/null");
    expect((JSON.parse(repair.stdout) as { changed: string[] }).changed).toEqual(["quota ferme"]);
    expect((await group(uid)).limit).toBe("1000000000");
  });

  it("of a tree that is a plain folder is limited after a copy that loses nothing and keeps the old one", async () => {
    const { uid } = await documentOn(web1, "ferme");
    const describeTree = `cd /srv/hosting/ferme; find . -type f -exec sha256sum {} + | sort; find . ! -type d -printf "%P %y %m %U %G %s %T@ %l\\n" | sort; getfacl -RnP .`;
    await onHost(
      web1,
      "cd /srv/hosting; mv ferme .old; mkdir ferme; cp -a .old/. ferme/; chmod --reference=.old ferme; chown --reference=.old ferme; getfacl -p .old | setfacl --set-file=- ferme; btrfs subvolume delete .old",
    );
    await asMember(`ln -s photo.bin ${site}/link; ln ${site}/photo.bin ${site}/hard; mkfifo ${site}/pipe`);
    const before = (await onHost(web1, describeTree)).stdout;
    const apply = await onHost(web1, "hosting-agent apply --all </dev/null");
    expect((JSON.parse(apply.stdout) as { changed: string[] }).changed).toContain("quota ferme");
    expect((await onHost(web1, describeTree)).stdout).toBe(before);
    expect((await onHost(web1, "stat -c %i /srv/hosting/ferme")).stdout.trim()).toBe("256");
    expect(await group(uid)).toMatchObject({ limit: "1000000000" });
    expect(Number((await group(uid)).used)).toBeGreaterThan(1_000_000);
    const check = JSON.parse((await onHost(web1, "hosting-agent check </dev/null")).stdout) as { warnings: string[] };
    expect(check.warnings.join("\n")).toContain("/srv/hosting/.ferme.before-quota : gardé d'avant le quota");
    expect(await received([`https://${domain}/photo.bin`])).toBeGreaterThan(1_000_000);
  });
});

describe("traffic", () => {
  it("equals to the byte what an independent client received over HTTP/1.1", async () => {
    const before = await traffic();
    const base = `https://${domain}`;
    const client = await received([
      `${base}/`,
      `${base}/photo.bin`,
      `${base}/none`,
      `http://${domain}/`,
      `${base}/index.php`,
    ]);
    expect(client).toBeGreaterThan(1_000_000);
    expect((await traffic()) - before).toBe(client);
  });

  it("over HTTP/2 is the frames, compressed headers included; TLS is not in it", async () => {
    const before = await traffic();
    await received([`https://${domain}/photo.bin`], ["--http2"]);
    const counted = (await traffic()) - before;
    expect(counted).toBeGreaterThan(1_000_000);
    expect(counted).toBeLessThan(1_003_000);
  });

  it("counts each byte once while measures are killed, logs begin anew and nginx reloads", async () => {
    const before = await traffic();
    const stop = new AbortController();
    const load = async () => {
      let sum = 0;
      while (!stop.signal.aborted) sum += await received(Array.from({ length: 5 }, () => `https://${domain}/`));
      return sum;
    };
    // An old worker of nginx goes on with it while logs begin anew.
    const slow = received([`https://${domain}/photo.bin`], ["--http1.1", "--limit-rate", "120k"]);
    const loads = [load(), load()];
    const kills = `killed=0; for i in $(seq 1 20); do hosting-agent measure </dev/null >/dev/null 2>&1 & p=$!; sleep 0.$((i * 37 % 60 + 10)); kill -9 $p 2>/dev/null && killed=$((killed+1)); wait $p; done 2>/dev/null; echo $killed`;
    const { stdout } = await onHost(web1, kills);
    expect(Number(stdout)).toBeGreaterThan(5);
    await slow;
    stop.abort();
    const client = (await Promise.all([slow, ...loads])).reduce((sum, bytes) => sum + bytes, 0);
    await onHost(web1, "hosting-agent measure </dev/null");
    expect((await traffic()) - before).toBe(client);
    expect((await onHost(web1, `stat -c '%U %G %a' ${log}`)).stdout.trim()).toBe("root root 644");
    expect((await asMember(`cat ${log}.1`)).code).toBe(0);
    expect((await asMember(`: >> ${log}`)).code).not.toBe(0);
  });
});

describe("the daily measure", () => {
  it("takes one sample a day of files and databases, by its timer's unit", async () => {
    await onHost(web1, `mariadb ferme_site -e "CREATE TABLE IF NOT EXISTS t (x LONGBLOB)"`);
    await onHost(web1, "rm -f /var/lib/hosting/measure/*.json; systemctl start hosting-measure.service");
    const [[day, sample] = []] = Object.entries((await measured()).members["ferme"]?.days ?? {});
    expect(day).toBe(new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Brussels" }).format(new Date()));
    const { uid } = await documentOn(web1, "ferme");
    expect(sample?.files).toBe(Number((await group(uid)).used));
    const { stdout } = await onHost(
      web1,
      `mariadb -BNe "SELECT SUM(data_length+index_length) FROM information_schema.tables WHERE table_schema='ferme_site'"`,
    );
    expect(sample?.databases).toBe(Number(stdout));
    expect(sample?.databases).toBeGreaterThan(0);
    const again = await onHost(web1, "hosting-agent measure </dev/null");
    expect(JSON.parse(again.stdout)).toMatchObject({ changed: [], warnings: [] });
    expect((await onHost(web1, "systemctl is-active hosting-measure.timer")).stdout.trim()).toBe("active");
  });

  it("says that a day is not measured when the database server is down, and does so later", async () => {
    await onHost(web1, "rm /var/lib/hosting/measure/*.json; systemctl stop mariadb");
    const missed = await onHost(web1, "hosting-agent measure </dev/null", { check: false });
    expect(missed.code).toBe(4);
    expect((JSON.parse(missed.stdout) as { warnings: string[] }).warnings.join()).toContain("pas mesuré aujourd'hui");
    expect((await measured()).members["ferme"]?.days).toEqual({});
    await onHost(web1, "systemctl start mariadb; hosting-agent measure </dev/null");
    expect(Object.keys((await measured()).members["ferme"]?.days ?? {})).toHaveLength(1);
  });

  it("warns from 80 % of the limit on", async () => {
    await asMember(`fallocate -l 960000000 ${site}/reserve`);
    await onHost(web1, "rm /var/lib/hosting/measure/*.json");
    const { stdout } = await onHost(web1, "hosting-agent measure </dev/null");
    expect((JSON.parse(stdout) as { warnings: string[] }).warnings).toEqual([
      expect.stringMatching(/^ferme : espace disque à 95 % ou plus \(0,96\d* Go sur 1 Go\)$/),
    ]);
    const show = await cassiopea(["usage", "show", month(0), "--stack", "lab", "--members", folder]);
    expect(show.code, show.text).toBe(0);
    expect(show.stdout).toContain("! ferme : espace disque à 95 % ou plus");
    await asMember(`rm ${site}/reserve`);
  });
});

describe("a month's usage", () => {
  const past = month(1);
  const read = () => JSON.parse(readFileSync(join(usage, `${past}.json`), "utf8")) as Usage;

  it("is refused while the month is not over", async () => {
    const refused = await collect(month(0));
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`${month(0)} n'est pas fini`);
  });

  it("is collected from both hosts, the same when collected again, and read by the bill", async () => {
    // What earlier days left: samples of 1.2 GB, and lines of nginx for 7.25 GB that were not counted yet.
    const days = Array.from({ length: 28 }, (_, index) => `${past}-${String(index + 1).padStart(2, "0")}`);
    const disk = Object.fromEntries(
      days.map((day) => [day, { at: `${day}T02:30:00.000Z`, files: 900_000_000, databases: 300_000_000 }]),
    );
    const seed = JSON.stringify({ schema: 1, disk, months: {}, read: {}, unreadable: 0 });
    for (const [host, id] of [
      [web1, "ferme"],
      [web2, "lac"],
    ] as const)
      await onHost(host, `mkdir -p /var/lib/hosting/measure; cat > /var/lib/hosting/measure/${id}.json`, {
        input: seed,
      });
    const lines = `${Date.parse(`${past}-15T12:00:00Z`) / 1000}.000 200 512 1450000000\n`.repeat(5);
    await onHost(web1, `cat >> ${log}`, { input: lines });
    const first = await collect(past);
    expect(first.code, first.text).toBe(0);
    const dayCount = new Date(Date.UTC(Number(past.slice(0, 4)), Number(past.slice(5)), 0)).getUTCDate();
    const figures = { diskByteSum: 28 * 1_200_000_000, diskSamples: 28, daysInService: dayCount };
    expect(read()).toEqual({
      schema: 1,
      month: past,
      measured: { web1: `${past}-28T02:30:00.000Z`, web2: `${past}-28T02:30:00.000Z` },
      members: { ferme: { ...figures, trafficBytes: 7_250_000_000 }, lac: { ...figures, trafficBytes: 0 } },
    });
    const again = await collect(past);
    expect(again.code, again.text).toBe(0);
    expect(again.stdout).toContain("rien à changer");
    const bill = await cassiopea(["bill", "statement", "ferme", "--members", folder, "--usage", usage, "--json"]);
    const { ledgers } = JSON.parse(bill.stdout) as { ledgers: { kind: string; balance: number }[] };
    expect(ledgers.map(({ kind, balance }) => [kind, balance])).toEqual([
      ["disk", -200],
      ["traffic", -2250],
    ]);
  });

  it("is incomplete for the members of a host that is down, which is said; nothing written before is lost", async () => {
    const before = read();
    await stopHost(web2);
    const one = await collect(past);
    expect(one.code).toBe(1);
    expect(one.text).toContain("web2");
    expect(one.text).toContain("lac : incomplet, web2 n'a pas répondu");
    expect(read()).toEqual(before);
    const elsewhere = mkdtempSync(join(tmpdir(), "cassiopea-usage-"));
    await cassiopea(["usage", "collect", past, "--stack", "lab", "--members", folder, "--usage", elsewhere]);
    const fresh = JSON.parse(readFileSync(join(elsewhere, `${past}.json`), "utf8")) as Usage;
    expect(Object.keys(fresh.members)).toEqual(["ferme"]);
    await startHost(web2);
    expect((await collect(past)).code).toBe(0);
    expect(read()).toEqual(before);
  });
});
