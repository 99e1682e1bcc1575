import { describe, expect, it } from "vitest";
import { cryptVerifier, newPassword, sqlVerifier } from "../../agent/credentials.ts";
import { accountFiles, ftpFiles, publicKeyBlock } from "../../agent/render/ftp.ts";
import { hostDocument, memberDocument } from "./documents.ts";

const blob = `AAAAC3NzaC1lZDI1NTE5AAAAI${"b".repeat(80)}`;
const key = `ssh-ed25519 ${blob} marie`;
const document = memberDocument({
  accounts: [
    { login: "asso42", kind: "sftp", keys: [key, `ssh-rsa ${"c".repeat(44)}`] },
    { login: "asso42_photos", kind: "ftps", folder: "asso42.test/photos" },
  ],
});
const files = (verifierOf: (login: string) => string | undefined) => accountFiles([document], verifierOf);

describe("the accounts of file transfer", () => {
  it("are lines of passwd(5): the tree or its folder, the member's numbers, no password before it was made", () => {
    expect(files(() => undefined)[0]).toEqual({
      path: "/etc/hosting/ftp/accounts",
      content:
        "asso42:!:20042:20042::/srv/hosting/asso42:/usr/sbin/nologin\nasso42_photos:!:20042:20042::/srv/hosting/asso42/sites/asso42.test/photos:/usr/sbin/nologin\n",
      mode: 0o600,
      key: "accounts",
    });
  });

  it("by keys alone never have a password, whatever was kept under their name", () => {
    expect(files((login) => `$6$${login}`)[0]?.content).toBe(
      "asso42:!:20042:20042::/srv/hosting/asso42:/usr/sbin/nologin\nasso42_photos:$6$asso42_photos:20042:20042::/srv/hosting/asso42/sites/asso42.test/photos:/usr/sbin/nologin\n",
    );
  });

  it("have one file of keys a login, and none without keys", () => {
    const [, ...keys] = files(() => undefined);
    expect(keys.map(({ path, member, key: from, mode }) => ({ path, member, from, mode }))).toEqual([
      { path: "/etc/hosting/ftp/keys/asso42", member: "asso42", from: "accounts.asso42", mode: 0o600 },
    ]);
    expect(keys[0]?.content.match(/BEGIN SSH2 PUBLIC KEY/g)).toHaveLength(2);
  });

  it("are none where nobody has one", () => {
    expect(accountFiles([memberDocument()], () => "x").map(({ content }) => content)).toEqual([""]);
  });

  it("have keys in lines of at most 72 characters", () => {
    expect(publicKeyBlock(key)).toBe(
      `---- BEGIN SSH2 PUBLIC KEY ----\n${blob.slice(0, 70)}\n${blob.slice(70)}\n---- END SSH2 PUBLIC KEY ----\n`,
    );
  });

  it("are served on the host's addresses only, encrypted only", () => {
    const settings = ftpFiles(hostDocument({ addresses: ["192.0.2.10", "2001:db8::10"] }))[0]?.content ?? "";
    expect(settings).toContain("\nDefaultAddress 192.0.2.10 2001:db8::10\n");
    expect(settings).toContain("\n<VirtualHost 192.0.2.10 2001:db8::10>\n");
    expect(settings).toContain("\nTLSRequired on\n");
  });
});

describe("a password", () => {
  it("has 120 random bits, and another each time", () => {
    expect(newPassword()).toMatch(/^[\w-]{20}$/);
    expect(newPassword()).not.toBe(newPassword());
  });

  it("is checked by MariaDB as its PASSWORD() says", () => {
    expect(sqlVerifier("password")).toBe("*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19");
  });

  it("is checked by ProFTPD by SHA-512 crypt, salted", () => {
    expect(cryptVerifier("word")).toMatch(/^\$6\$[./0-9A-Za-z]{16}\$[./0-9A-Za-z]{86}$/);
    expect(cryptVerifier("word")).not.toBe(cryptVerifier("word"));
  });
});
