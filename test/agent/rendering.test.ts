import { describe, expect, it } from "vitest";
import { firewallFile, mariadbFile, packagesFor, sshdFile, withIdLimits } from "../../agent/render/host.ts";
import { nginxBase, probeAnswer, siteFiles } from "../../agent/render/nginx.ts";
import { welcomePage } from "../../agent/render/pages.ts";
import { poolFile } from "../../agent/render/php.ts";
import { hostDocument, memberDocument } from "./documents.ts";

describe("a site's nginx file", () => {
  const [file] = siteFiles(memberDocument(), { ipv6: true });

  it("serves all its names from the folder of its main name, as the member's own PHP", () => {
    expect(file?.path).toBe("/etc/nginx/members.d/asso42.test.conf");
    expect(file?.content).toContain("server_name asso42.test www.asso42.test;");
    expect(file?.content).toContain("root /srv/hosting/asso42/sites/asso42.test;");
    expect(file?.content).toContain("fastcgi_pass unix:/run/php-member/asso42.sock;");
    expect(file?.content).toContain("listen [::]:80;");
  });

  it("is served over IPv4 alone where the kernel has no IPv6", () => {
    expect(siteFiles(memberDocument(), { ipv6: false })[0]?.content).not.toContain("[::]");
  });

  it("answers the probe with another revision as soon as anything in it changes", () => {
    const [other] = siteFiles(memberDocument({ sites: [{ name: "asso42.test" }] }), { ipv6: true });
    const answers = [file, other].map((one) => probeAnswer(one?.content ?? ""));
    expect(answers[0]).toMatch(/^asso42 asso42\.test [0-9a-f]{12}$/);
    expect(answers[1]).toMatch(/^asso42 asso42\.test [0-9a-f]{12}$/);
    expect(answers[0]).not.toBe(answers[1]);
  });

  it("shows a page and runs nothing of the member's while suspended", () => {
    const [suspended] = siteFiles(memberDocument({ status: "suspended" }), { ipv6: true });
    expect(suspended?.content).toContain("return 503;");
    expect(suspended?.content).not.toContain("fastcgi_pass");
  });

  it("has balanced braces, like nginx's own files", () => {
    const texts = [...siteFiles(memberDocument(), { ipv6: true }), ...nginxBase({ ipv6: true }).slice(0, 2)];
    for (const { content } of texts) {
      expect(content.split("{").length).toBe(content.split("}").length);
    }
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
