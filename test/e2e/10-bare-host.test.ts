import { describe, expect, it } from "vitest";
import { hasSetUpHost, keepSetUpHost } from "../../lab/hosts/index.ts";
import { ensureKeys } from "../../lab/keys.ts";
import { run } from "../../lab/run.ts";
import { cassiopea, labHost, onHost } from "./support.ts";

const names = ["web1", "web2"] as const;

describe("setting up bare Debian 13 hosts", () => {
  it("starts from hosts that have neither Node, nginx nor MariaDB", async () => {
    for (const name of names) {
      const { stdout } = await onHost(
        labHost(name),
        "command -v node nginx mariadbd || echo none; . /etc/os-release; echo $VERSION_ID",
      );
      expect(stdout.trim().split("\n")).toEqual(["none", "13"]);
    }
  });

  it("makes working servers of them with one command", async () => {
    const up = await cassiopea(["up", "--stack", "lab", "--hosts-only"]);
    expect(up.code, up.text).toBe(0);
    for (const name of names) {
      const { stdout } = await onHost(
        labHost(name),
        "systemctl is-active nginx mariadb ssh; systemctl is-system-running; systemctl --failed --plain --no-legend | wc -l",
      );
      expect(stdout.trim().split("\n")).toEqual(["active", "active", "active", "running", "0"]);
    }
  });

  it("serves MariaDB with a certificate that the association's CA signed", async () => {
    for (const name of names) {
      const { stdout, stderr } = await run("sh", [
        "-c",
        `openssl s_client -connect ${labHost(name).address}:3306 -starttls mysql -CAfile "$1" -verify_return_error </dev/null | openssl x509 -noout -ext subjectAltName`,
        "sh",
        (await ensureKeys()).trustFile,
      ]);
      expect(stderr).not.toContain("verify error");
      expect(stdout).toContain(`DNS:${labHost(name).name}`);
      expect(stdout).toContain(`IP Address:${labHost(name).address}`);
    }
  });

  it("changes nothing when run again", async () => {
    const again = await cassiopea(["up", "--stack", "lab", "--hosts-only"]);
    expect(again.code, again.text).toBe(0);
    expect(again.text).toContain("rien à changer");
    for (const name of names) {
      const { stdout } = await onHost(labHost(name), "hosting-agent host < /etc/hosting/host.json");
      expect(JSON.parse(stdout)).toMatchObject({ verb: "host", changed: [] });
    }
  });

  it("keeps them as the copies that later resets start from", async () => {
    for (const name of names) await keepSetUpHost(labHost(name));
    for (const name of names) expect(await hasSetUpHost(labHost(name))).toBe(true);
  });
});
