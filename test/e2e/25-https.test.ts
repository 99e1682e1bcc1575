import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { rootFile } from "../../lab/acme/authority.ts";
import { run } from "../../lab/run.ts";
import { network, project } from "../../lab/settings.ts";
import { loadMembers } from "../../src/load.ts";
import { cassiopea, deploy, dig, dsAnchors, lab, labHost, membersFolder, onHost } from "./support.ts";

const web1 = labHost("web1");
const domains = loadMembers(join(project, "members")).members.flatMap(({ declaration }) =>
  (declaration.domains ?? []).map(({ name }) => name),
);

/** An independent client: Debian's curl, with the names led to where the lab's DNS leads them. */
async function curl(url: string): Promise<{ status: string; redirect: string; hsts: string }> {
  const { hostname, port, protocol } = new URL(url);
  const [address = ""] = await dig(hostname, "A");
  const to = `${hostname}:${port === "" ? (protocol === "https:" ? 443 : 80) : port}:${address}`;
  const written = "%{http_code} %{redirect_url} %header{strict-transport-security}";
  const options = ["-sS", "-o", "/dev/null", "--cacert", rootFile, "--resolve", to, "-w", written, url];
  const [status = "", redirect = "", hsts = ""] = (await run("curl", options)).stdout.split(" ");
  return { status, redirect, hsts };
}

beforeAll(async () => {
  await lab(["reset", "--hosts", "1"]);
  await deploy();
});

describe("HTTPS", () => {
  it.each(domains)("%s has a certificate for all its names, and HTTP leads to it", async (domain) => {
    expect(await curl(`https://${domain}/`)).toEqual({ status: "200", redirect: "", hsts: "max-age=86400" });
    expect((await curl(`http://${domain}/`)).redirect).toBe(`https://${domain}/`);
    expect((await curl(`http://www.${domain}/page?a=1`)).redirect).toBe(`https://${domain}/page?a=1`);
    expect((await curl(`https://www.${domain}/`)).redirect).toBe(`https://${domain}/`);
  });

  it("gives an unknown name no certificate of somebody else's", async () => {
    const to = `nobody.example:443:${web1.address}`;
    const refused = await run("curl", ["-sS", "--resolve", to, "https://nobody.example/"], { check: false });
    expect(refused.code).toBe(35);
  });

  it("is settled: asked again, the host changes nothing", async () => {
    const { stdout } = await onHost(web1, "hosting-agent settle </dev/null");
    expect(JSON.parse(stdout)).toEqual({ verb: "settle", changed: [], drift: [], warnings: [] });
    expect((await onHost(web1, "hosting-agent check </dev/null")).code).toBe(0);
  });
});

describe("TLS", () => {
  const [domain = ""] = domains;

  /** How Debian's openssl fares when it asks for a session with these options: the server's alert (RFC 8446, 6), or none. */
  async function alert(...options: string[]): Promise<string | undefined> {
    const to = ["-connect", `${web1.address}:443`, "-servername", domain];
    const { code, stderr } = await run("openssl", ["s_client", ...to, ...options], { check: false });
    return code === 0 ? undefined : (/SSL alert number (\d+)/.exec(stderr)?.[1] ?? stderr);
  }

  it("is spoken in versions 1.2 and 1.3 only", async () => {
    const versions = ["-tls1", "-tls1_1", "-tls1_2", "-tls1_3"];
    const fared = versions.map((version) => alert(version, "-cipher", "ALL:@SECLEVEL=0"));
    expect(await Promise.all(fared)).toEqual(["70", "70", undefined, undefined]);
  });

  it("takes the ciphers of Mozilla's intermediate profile and no other that openssl knows", async () => {
    const known = (await run("openssl", ["ciphers", "-s", "-tls1_2", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"])).stdout;
    const ciphers = known.trim().split(":");
    expect(ciphers).toEqual(
      expect.arrayContaining(["AES128-SHA", "ECDHE-ECDSA-AES256-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305"]),
    );
    const fared = new Map<string, string | undefined>();
    for (const cipher of ciphers) fared.set(cipher, await alert("-tls1_2", "-cipher", `${cipher}:@SECLEVEL=0`));
    expect(ciphers.filter((cipher) => fared.get(cipher) === undefined).sort()).toEqual([
      "ECDHE-ECDSA-AES128-GCM-SHA256",
      "ECDHE-ECDSA-AES256-GCM-SHA384",
      "ECDHE-ECDSA-CHACHA20-POLY1305",
    ]);
    expect(new Set(fared.values())).toEqual(new Set([undefined, "40"]));
  });

  it("agrees on a key that a quantum computer can't find, with clients that know how", async () => {
    const { stdout } = await onHost(
      web1,
      `openssl s_client -connect 127.0.0.1:443 -servername ${domain} </dev/null 2>&1`,
    );
    expect(stdout).toContain("Negotiated TLS1.3 group: X25519MLKEM768\n");
  });
});

describe("the certificate of the host's own name", () => {
  const folder = `/var/lib/hosting/acme/live/${web1.name}`;

  it("is there for mail and file transfer, and leads to the authority's root", async () => {
    const verify = `openssl verify -verify_hostname ${web1.name} -CAfile /dev/stdin -untrusted ${folder}/fullchain.pem ${folder}/fullchain.pem`;
    const { stdout } = await onHost(web1, verify, { input: readFileSync(rootFile, "utf8") });
    expect(stdout).toBe(`${folder}/fullchain.pem: OK\n`);
  });

  it("keeps its key when it is renewed", async () => {
    const look = async () => {
      const { stdout } = await onHost(
        web1,
        `cd ${folder} && sha256sum <privkey.pem && openssl x509 -noout -serial -in fullchain.pem`,
      );
      return stdout.trim().split("\n");
    };
    const [key, serial] = await look();
    const forced = `dehydrated --config /etc/hosting/acme.conf --cron --force --domain ${web1.name} --alias ${web1.name}`;
    await onHost(web1, forced);
    const [keyAfter, serialAfter] = await look();
    expect(keyAfter).toBe(key);
    expect(serialAfter).not.toBe(serial);
  });
});

describe("a name that doesn't lead here", () => {
  it("is told, stops none of the others, and is served by HTTP meanwhile", async () => {
    const domain = (name: string, more: object = {}) => ({ domains: [{ name, from: "2026-01-01", ...more }] });
    const folder = await membersFolder({
      pres: { number: 101, ...domain("pres.example") },
      loin: { number: 102, ...domain("loin.example", { dns: "elsewhere" }) },
    });
    await lab(["reset", "--hosts", "1"]);
    // What a first try leaves behind when the authority can't be reached: a folder without an account.
    await onHost(web1, "mkdir -p /var/lib/hosting/acme/accounts/begun");
    const up = await cassiopea(["up", "--stack", "lab", "--members", folder]);
    expect(up.code, up.text).toBe(0);
    expect(up.text).toContain(
      "web1 : en attente : loin.example ne mène pas encore ici (le DNS n'en donne pas l'adresse)",
    );
    expect(up.text).not.toContain("pres.example ne mène pas");
    expect((await curl("https://pres.example/")).status).toBe("200");
    const served = await run("curl", ["-sS", "-H", "Host: loin.example", `http://${web1.address}/`]);
    expect(served.stdout).toContain("Bienvenue sur loin.example");
  });
});

describe("DNSSEC", () => {
  it("validates from the DS that the registrar is given", async () => {
    const domain = "pres.example";
    const anchors = await dsAnchors(domain);
    const delv = (name: string, type: string) =>
      run("delv", [`@${network.address}`, "-a", anchors, `+root=${domain}`, name, type]);
    for (const [name, type] of [
      [domain, "A"],
      [domain, "MX"],
      [`www.${domain}`, "A"],
    ] as const)
      expect((await delv(name, type)).stdout).toContain("; fully validated");
    const absent = await delv(`absent.${domain}`, "A");
    expect(`${absent.stdout}${absent.stderr}`).toMatch(/negative response, fully validated/);
  });
});
