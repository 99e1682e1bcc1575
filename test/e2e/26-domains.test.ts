import { domainToASCII } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rootFile } from "../../lab/acme/authority.ts";
import { run } from "../../lab/run.ts";
import { network } from "../../lab/settings.ts";
import { trustingBrowser } from "./browser.ts";
import {
  askDnsApi,
  cassiopea,
  deploy,
  dig,
  dnsControl,
  dsAnchors,
  giveRoles,
  lab,
  labHost,
  membersFolder,
  onHost,
} from "./support.ts";

const web1 = labHost("web1");
const idn = "xn--fte-fma.example";
const domains = ["courrier.example", "muet.example", "vitrine.example", idn];

/** A member with a domain that has mail, one with a site alone, one with neither, and one whose name is not ASCII. */
const from = "2026-01-01";
const trois = {
  number: 201,
  domains: [
    { name: "courrier.example", from, mail: true },
    { name: "vitrine.example", from },
    { name: "muet.example", from },
    { name: "fête.example", from },
  ],
  sites: [
    { name: "courrier.example", aliases: ["www.courrier.example"] },
    { name: "vitrine.example", proxied: true },
    { name: "fête.example", aliases: ["www.fête.example"] },
  ],
};
let folder: string;

beforeAll(async () => {
  await lab(["reset", "--hosts", "1"]);
  folder = await membersFolder({ trois });
  // As when the registrars have the DS already: until then the service says `pending`, and each refresh shows it.
  await dnsControl("PATCH", "behaviour", { dnssecActive: true });
  giveRoles(["web", "database", "mail"], true);
  await deploy(folder);
});

afterAll(() => dnsControl("PATCH", "behaviour", { dnssecActive: false }));

describe("every name", () => {
  const host = `${web1.name}.`;
  const protection = { CAA: ['0 iodef "mailto:hostmaster@cassiopea.org"', '0 issue "letsencrypt.org"'] };
  const silence = { MX: ["0 ."], TXT: ['"v=spf1 -all"'] };
  const refused = { TXT: ['"v=DMARC1; p=reject"'] };
  const dkim = (selector: string) => ({ CNAME: [`${selector}._domainkey.cassiopea.org.`] });
  const service = (port: number) => ({ SRV: [`0 1 ${port} ${host}`] });
  const absent = { SRV: ["0 0 0 ."] };
  const expected: Record<string, Record<string, string[]>> = {
    "courrier.example": {
      A: [web1.address],
      MX: [`10 ${host}`],
      TXT: ['"v=spf1 mx include:_spf.cassiopea.org -all"'],
      ...protection,
    },
    "www.courrier.example": { A: [web1.address] },
    "_dmarc.courrier.example": { TXT: ['"v=DMARC1; p=none; rua=mailto:dmarc@cassiopea.org"'] },
    "c202601._domainkey.courrier.example": dkim("c202601"),
    "c202607._domainkey.courrier.example": dkim("c202607"),
    "_mta-sts.courrier.example": { TXT: ['"v=STSv1; id=<hash>"'] },
    "mta-sts.courrier.example": { CNAME: [host] },
    "_smtp._tls.courrier.example": { TXT: ['"v=TLSRPTv1; rua=mailto:tls-reports@cassiopea.org"'] },
    "autoconfig.courrier.example": { CNAME: [host] },
    "autodiscover.courrier.example": { CNAME: [host] },
    "_imaps._tcp.courrier.example": service(993),
    "_submissions._tcp.courrier.example": service(465),
    "_submission._tcp.courrier.example": service(587),
    "_autodiscover._tcp.courrier.example": service(443),
    "_imap._tcp.courrier.example": absent,
    "_pop3._tcp.courrier.example": absent,
    "_pop3s._tcp.courrier.example": absent,
    "vitrine.example": { A: [web1.address], ...silence, ...protection },
    "_dmarc.vitrine.example": refused,
    "www.vitrine.example": { A: [], TXT: [] },
    "muet.example": { A: [], ...silence, ...protection },
    "_dmarc.muet.example": refused,
    [idn]: { A: [web1.address], ...silence, ...protection },
    [`www.${idn}`]: { A: [web1.address] },
    [`_dmarc.${idn}`]: refused,
  };

  it.each(Object.entries(expected))("%s resolves as declared, by an independent client", async (name, types) => {
    for (const [type, values] of Object.entries(types)) {
      const answers = (await dig(name, type)).map((answer) => answer.replace(/id=[0-9a-f]{32}/, "id=<hash>"));
      expect(answers.sort(), `${name} ${type}`).toEqual(values);
    }
  });

  it("is in a zone that validates from the DS that the registrar is given", async () => {
    for (const domain of domains) {
      const anchors = await dsAnchors(domain);
      const delv = async (name: string, type: string) => {
        const found = await run("delv", [`@${network.address}`, "-a", anchors, `+root=${domain}`, name, type]);
        return `${found.stdout}${found.stderr}`;
      };
      expect(await delv(domain, "MX")).toContain("; fully validated");
      expect(await delv(`_dmarc.${domain}`, "TXT")).toContain("; fully validated");
      expect(await delv(`absent.${domain}`, "A")).toMatch(/negative response, fully validated/);
    }
  });

  it("that is a site's has HTTPS with a verified chain, and HTTP leads to it", async () => {
    for (const name of ["courrier.example", "vitrine.example", idn]) {
      const curl = async (url: string, written: string) => {
        const to = ["80", "443"].flatMap((port) => ["--resolve", `${name}:${port}:${web1.address}`]);
        return (await run("curl", ["-sS", "-o", "/dev/null", "--cacert", rootFile, ...to, "-w", written, url])).stdout;
      };
      expect(await curl(`https://${name}/`, "%{http_code} %{ssl_verify_result}")).toBe("200 0");
      expect(await curl(`http://${name}/a?b=1`, "%{http_code} %{redirect_url}")).toBe(`301 https://${name}/a?b=1`);
    }
  });
});

describe("the association's own zone", () => {
  it("gives what members' domains refer to: who sends, keys that the host made, leave to report", async () => {
    expect(await dig("_spf.cassiopea.org", "TXT")).toEqual([`"v=spf1 ip4:${web1.address} -all"`]);
    expect(await dig("courrier.example._report._dmarc.cassiopea.org", "TXT")).toEqual(['"v=DMARC1"']);
    for (const selector of ["c202601", "c202607"]) {
      // The member's name leads there.
      const target = `${selector}._domainkey.cassiopea.org`;
      expect(await dig(`${selector}._domainkey.courrier.example`, "CNAME")).toEqual([`${target}.`]);
      const [strings = ""] = await dig(target, "TXT");
      const key = `/etc/hosting/dkim/${selector}.key`;
      const look = `openssl rsa -in ${key} -pubout -outform DER | base64 -w0; stat -c %a%U ${key}`;
      const [, published = ""] = /p=(.*)$/.exec(strings.replaceAll(/" "|"/g, "")) ?? [];
      expect((await onHost(web1, look)).stdout).toBe(`${published}600root\n`);
    }
  });
});

describe("a zone with a proxied name", () => {
  const settingsOf = async (domain: string) => {
    const [zone] = await askDnsApi<{ id: string }[]>(`/zones?name=${domain}`);
    const ids = ["always_use_https", "min_tls_version", "ssl"];
    const path = `/zones/${zone?.id}/settings`;
    const all = await Promise.all(ids.map((id) => askDnsApi<{ value: string }>(`${path}/${id}`)));
    return all.map(({ value }) => value);
  };

  it("has visitors come by HTTPS of today's versions, and the host's certificate verified; others keep theirs", async () => {
    expect(await settingsOf("vitrine.example")).toEqual(["on", "1.2", "strict"]);
    expect(await settingsOf("courrier.example")).toEqual(["off", "1.0", "full"]);
    const [zone] = await askDnsApi<{ id: string }[]>("/zones?name=vitrine.example");
    const records = await askDnsApi<{ type: string; proxied: boolean; ttl: number }[]>(
      `/zones/${zone?.id}/dns_records`,
    );
    expect(records.filter(({ proxied }) => proxied).map(({ type, ttl }) => `${type} ${ttl}`)).toEqual(["A 1"]);
  });
});

describe("a browser", () => {
  it("shows the sites as secure, of a chain that it verified itself", async () => {
    const browser = await trustingBrowser([rootFile], web1.address);
    try {
      const page = await browser.newPage();
      for (const name of ["courrier.example", "vitrine.example", "fête.example"]) {
        const response = await page.goto(`http://${name}/`);
        expect(page.url()).toBe(`https://${domainToASCII(name)}/`);
        expect(await page.textContent("h1")).toContain(name);
        expect(await response?.securityDetails()).toMatchObject({
          protocol: "TLS 1.3",
          issuer: expect.stringMatching(/^Pebble/) as unknown,
        });
      }
    } finally {
      await browser.close();
    }
  });

  it("that doesn't trust the authority refuses them", async () => {
    const browser = await trustingBrowser([], web1.address);
    try {
      const page = await browser.newPage();
      await expect(page.goto("https://vitrine.example/")).rejects.toThrow("ERR_CERT_AUTHORITY_INVALID");
    } finally {
      await browser.close();
    }
  });
});

describe("a second run", () => {
  it("changes nothing, after a refresh too", async () => {
    const up = await cassiopea(["up", "--stack", "lab", "--members", folder]);
    expect(up.code, up.text).toBe(0);
    expect(up.text).toContain("rien à changer");
    await lab(["pulumi", "refresh", "--yes", "--stack", "lab", "--expect-no-changes"]);
  });
});

describe("the questions to the DNS API", () => {
  const doctor = (zone: string) => cassiopea(["doctor", "--zone", zone, "--stack", "lab", "--members", folder]);

  it("are asked in an empty test zone, which is empty again; the exit code says whether an answer differs", async () => {
    const [known] = await askDnsApi<{ account: object }[]>("/zones");
    const zone = await askDnsApi<{ id: string }>("/zones", "POST", { account: known?.account, name: "essai.example" });
    const same = await doctor("essai.example");
    expect([same.code, same.stdout]).toEqual([0, expect.stringContaining("toutes les réponses sont celles")]);
    await dnsControl("PATCH", "behaviour", { txtQuotes: true });
    const different = await doctor("essai.example");
    await dnsControl("PATCH", "behaviour", { txtQuotes: false });
    expect([different.code, different.stdout]).toEqual([1, expect.stringContaining("1 réponse diffère")]);
    expect(await askDnsApi(`/zones/${zone.id}/dns_records`)).toEqual([]);
    const used = await doctor("courrier.example");
    expect([used.code, used.stderr]).toEqual([1, expect.stringContaining("que sur une zone d'essai vide")]);
  });
});
