import { describe, expect, it } from "vitest";
import { phpWanted } from "../../agent/member.ts";
import { acmeFiles } from "../../agent/render/acme.ts";
import { firewallFile, mariadbFile, packagesFor, sshdFile, withIdLimits } from "../../agent/render/host.ts";
import { nginxBase, probeAnswer, siteFiles } from "../../agent/render/nginx.ts";
import { closedPages, welcomePage } from "../../agent/render/pages.ts";
import { limitFiles, poolFile } from "../../agent/render/php.ts";
import type { HostDocument } from "../../src/document.ts";
import { hostDocument, memberDocument } from "./documents.ts";

describe("a site's nginx file", () => {
  const [file] = siteFiles(memberDocument(), { ipv6: true, secured: new Set() });

  it("serves all its names from the folder of its main name, as the member's own PHP", () => {
    expect(file?.path).toBe("/etc/nginx/members.d/asso42.test.conf");
    expect(file?.content).toContain("server_name asso42.test www.asso42.test;");
    expect(file?.content).toContain("root /srv/hosting/asso42/sites/asso42.test;");
    expect(file?.content).toContain("fastcgi_pass unix:/run/php-member/asso42.sock;");
    expect(file?.content).toContain("listen [::]:80;");
  });

  it("is served over IPv4 alone where the kernel has no IPv6", () => {
    expect(siteFiles(memberDocument(), { ipv6: false, secured: new Set() })[0]?.content).not.toContain("[::]");
  });

  it("shuts what visitors must not read of a site's software, before anything is run", () => {
    const spip = { software: "spip", site: "asso42.test", database: "asso42_site", version: "4.4.30" } as const;
    const text = (...software: NonNullable<ReturnType<typeof memberDocument>["software"]>) =>
      siteFiles(memberDocument({ software }), { ipv6: true, secured: new Set() })[0]?.content ?? "";
    const whole = text(spip);
    expect(whole).toContain("try_files $uri $uri/ /spip.php?$args;");
    expect(whole.indexOf("location ~ ^/(config|tmp|vendor)(/|$) {")).toBeLessThan(
      whole.indexOf("location ~ \\.php$ {"),
    );
    expect(whole.indexOf("location ~ ^/(IMG|local)/.*\\.php {")).toBeLessThan(whole.indexOf("location ~ \\.php$ {"));
    const below = text({ ...spip, folder: "le.blog", ended: true });
    expect(below).toContain("location / {\n    try_files $uri $uri/ =404;");
    expect(below).toContain("location /le.blog/ {\n    try_files $uri $uri/ /le.blog/spip.php?$args;");
    expect(below).toContain("location ~ ^/le\\.blog/(config|tmp|vendor)(/|$) {");
    expect(text({ ...spip, site: "other.test" })).not.toContain("spip");
  });

  it("answers the probe with another revision as soon as anything in it changes", () => {
    const [other] = siteFiles(memberDocument({ sites: [{ name: "asso42.test" }] }), { ipv6: true, secured: new Set() });
    const answers = [file, other].map((one) => probeAnswer(one?.content ?? ""));
    expect(answers[0]).toMatch(/^asso42 asso42\.test [0-9a-f]{12}$/);
    expect(answers[1]).toMatch(/^asso42 asso42\.test [0-9a-f]{12}$/);
    expect(answers[0]).not.toBe(answers[1]);
  });

  it("shows a page and runs nothing of the member's while suspended", () => {
    const [suspended] = siteFiles(memberDocument({ status: "suspended" }), { ipv6: true, secured: new Set() });
    expect(suspended?.content).toContain("return 503;");
    expect(suspended?.content.match(/add_header Retry-After 86400 always;/g)).toHaveLength(2);
    expect(suspended?.content).not.toContain("fastcgi_pass");
  });

  it("keeps to HTTP until its certificate is there, then leads to HTTPS under its main name", () => {
    const before = file?.content ?? "";
    const [after] = siteFiles(memberDocument(), { ipv6: true, secured: new Set(["asso42.test"]) });
    const servers = (text: string) => text.split("\nserver {").slice(1);
    expect(servers(before)).toHaveLength(2);
    for (const text of [before, after?.content ?? ""]) {
      const [http = "", https = ""] = servers(text);
      expect(http).toContain("include /etc/nginx/snippets/hosting-acme.conf;");
      expect(https).toContain("ssl_certificate /var/lib/hosting/acme/live/asso42.test/fullchain.pem;");
    }
    expect(before).not.toMatch(/return 301|Strict-Transport-Security/);
    const [http = "", https = ""] = servers(after?.content ?? "");
    expect(http).toContain("return 301 https://asso42.test$request_uri;");
    expect(http).not.toContain("fastcgi_pass");
    expect(https).toContain('add_header Strict-Transport-Security "max-age=86400" always;');
    expect(https).toContain("if ($host != asso42.test) {\n    return 301 https://asso42.test$request_uri;");
  });

  it("only sends its visitors elsewhere, when that is declared, and runs no PHP", () => {
    const sites = [{ name: "asso42.test", redirect: "https://ailleurs.example/accueil?a=1" }];
    const [open, secured] = [new Set<string>(), new Set(["asso42.test"])].map(
      (known) => siteFiles(memberDocument({ sites }), { ipv6: true, secured: known })[0]?.content ?? "",
    );
    expect(open?.match(/return 301 https:\/\/ailleurs\.example\/accueil\?a=1;/g)).toHaveLength(2);
    // Each name by HTTPS first, so that browsers learn to keep to it.
    expect(secured?.match(/return 301 https:\/\/ailleurs\.example\/accueil\?a=1;/g)).toHaveLength(1);
    expect(`${open}${secured}`).not.toMatch(/fastcgi_pass|root /);
    expect(phpWanted(memberDocument({ sites }))).toBe(false);
    expect(phpWanted(memberDocument({ sites: [...sites, { name: "b.test" }] }))).toBe(true);
  });

  it("keeps search engines away from a copy to try things on", () => {
    const [copy] = siteFiles(memberDocument({ sites: [{ name: "essai.test", staging: true }] }), {
      ipv6: true,
      secured: new Set(),
    });
    expect(copy?.content.match(/add_header X-Robots-Tag "noindex, nofollow" always;/g)).toHaveLength(2);
    expect(file?.content).not.toContain("X-Robots-Tag");
  });

  it("says on HTTP and HTTPS that it is closed", () => {
    const [left] = siteFiles(memberDocument({ status: "left" }), { ipv6: true, secured: new Set(["asso42.test"]) });
    expect(left?.content.match(/return 503;/g)).toHaveLength(2);
    expect(left?.content).not.toContain("Retry-After");
    expect(left?.content).not.toContain("return 301");
  });

  it("that is closed tells whom to write to", () => {
    const [suspended] = closedPages({ contact: "secretariat@example.org" });
    expect(suspended?.content).toContain('<a href="mailto:secretariat@example.org">secretariat@example.org</a>');
    expect(closedPages({})[0]?.content).not.toContain("mailto:");
  });

  it("has balanced braces, like nginx's own files", () => {
    const texts = [
      ...siteFiles(memberDocument(), { ipv6: true, secured: new Set() }),
      ...nginxBase({ ipv6: true }).slice(0, 2),
    ];
    for (const { content } of texts) {
      expect(content.split("{").length).toBe(content.split("}").length);
    }
  });
});

describe("a member's own limits", () => {
  it("stand in place of everybody's, and only those that are declared", () => {
    expect(limitFiles(memberDocument())).toEqual([]);
    const [file] = limitFiles(memberDocument({ limits: { memory: 1_000_000_000, processor: 50 } }));
    expect(file).toMatchObject({
      path: "/etc/systemd/system/php-member@asso42.service.d/limits.conf",
      content: "[Service]\nMemoryHigh=750000000\nMemoryMax=1000000000\nCPUQuota=50%\n",
      key: "limits",
    });
    expect(limitFiles(memberDocument({ limits: { processes: 20 } }))[0]?.content).toBe("[Service]\nTasksMax=20\n");
  });
});

describe("a member's PHP pool", () => {
  it("can be read by the member alone, and keeps temporary files in the member's tree", () => {
    const pool = poolFile(memberDocument());
    expect(pool).toMatchObject({ path: "/etc/hosting/fpm/asso42.conf", mode: 0o640, group: "asso42" });
    expect(pool.content).toContain("php_admin_value[session.save_path] = /srv/hosting/asso42/sessions");
    expect(pool.content).toContain("process_control_timeout = 20s");
  });
});

describe("the ACME client", () => {
  const acme = { directory: "https://acme.example.org/dir", email: "a@example.org" };
  const configuration = (document: HostDocument) => acmeFiles(document).find(({ path }) => path.endsWith("/acme.conf"));

  it("asks the declared authority, by HTTP, and trusts Debian's roots unless others are given", () => {
    const plain = configuration(hostDocument({ acme }))?.content ?? "";
    expect(plain).toContain('CA="https://acme.example.org/dir"\n');
    expect(plain).toContain('CHALLENGETYPE="http-01"\n');
    expect(plain).not.toContain("CURL_OPTS");
    const trust = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    const own = hostDocument({ acme: { ...acme, trust } });
    expect(configuration(own)?.content).toContain('CURL_OPTS="--cacert /etc/hosting/acme-trust.pem"\n');
    expect(acmeFiles(own).find(({ path }) => path === "/etc/hosting/acme-trust.pem")?.content).toBe(trust);
  });
});

describe("the host's files", () => {
  const document = hostDocument({ deployers: ["192.0.2.1", "2001:db8::1"], addresses: ["192.0.2.10", "2001:db8::10"] });

  it("exempt the deployers from sshd's penalties", () => {
    expect(sshdFile(document).content).toBe(
      "MaxStartups 100:30:200\nPerSourcePenaltyExemptList 192.0.2.1,2001:db8::1\n",
    );
  });

  it("bind MariaDB to the host's addresses, with TLS required", () => {
    expect(mariadbFile(document).content).toContain("bind_address = 192.0.2.10,2001:db8::10\n");
    expect(mariadbFile(document).content).toContain("require_secure_transport = ON\n");
  });

  it("let deployers alone reach MariaDB, each in its own family", () => {
    const rules = firewallFile(document)
      .content.split("\n")
      .map((line) => line.trim());
    expect(rules).toContain("tcp dport 3306 ip saddr { 192.0.2.1 } accept");
    expect(rules).toContain("tcp dport 3306 ip6 saddr { 2001:db8::1 } accept");
    expect(rules.indexOf("tcp dport 3306 reject with tcp reset")).toBeGreaterThan(
      rules.findIndex((rule) => rule.includes("ip6")),
    );
  });

  it("keep the host's own ids below those of members, whatever login.defs said", () => {
    const before = "#UID_MAX 1\nUID_MIN\t1000\nUID_MAX\t60000\nSYS_UID_MAX 999\nGID_MAX   60000\n";
    const after = withIdLimits(before);
    expect(after).toBe("#UID_MAX 1\nUID_MIN\t1000\nUID_MAX\t\t\t19999\nSYS_UID_MAX 999\nGID_MAX\t\t\t19999\n");
    expect(withIdLimits(after)).toBe(after);
    expect(withIdLimits("")).toBe("UID_MAX\t\t\t19999\nGID_MAX\t\t\t19999\n");
  });

  it("install only what the roles need", () => {
    expect(packagesFor(["web"], { btrfs: false })).not.toContain("mariadb-server");
    expect(packagesFor(["database"], { btrfs: false })).not.toContain("nginx");
    expect(packagesFor(["web"], { btrfs: true })).toContain("btrfs-progs");
  });
});

describe("the welcome page", () => {
  it("is French, has a title and one heading", () => {
    const page = welcomePage("asso42.test");
    expect(page).toContain('<html lang="fr">');
    expect(page).toContain("<title>Bienvenue sur asso42.test</title>");
    expect(page.match(/<h1>/g)).toHaveLength(1);
  });
});
